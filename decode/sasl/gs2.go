package sasl

import (
	"bytes"
	"fmt"
	"strings"

	"xmppscope/decode/spec"
)

// gs2Header is what stands before the mechanism's own message in the SCRAM
// and OAUTHBEARER families: RFC 5802 §7, from RFC 5801 §4.
type gs2Header struct {
	data    []byte
	span    Span // with the last comma; empty where the header is missing
	flag    Span // "n", "y" or "p=type"
	authzid Span // the value of a=
	hasAuth bool // a= is there
	bare    int  // where the mechanism's own message starts; over the end where it is not reached
	faults  []Fault
}

// readGS2 reads the header of any bytes. Where it is broken, bare is the best
// guess.
func readGS2(data []byte) gs2Header {
	h := gs2Header{data: data}
	if bytes.HasPrefix(data, []byte("n=")) || bytes.HasPrefix(data, []byte("r=")) {
		h.fault(ruleScram, 0, "the GS2 header is missing: the message must start with \"n,,\", \"y,,\" or \"p=type,,\"")
		return h
	}
	comma := bytes.IndexByte(data, ',')
	if comma < 0 {
		comma = len(data)
	}
	h.flag = Span{0, comma}
	switch flag := h.flagText(); {
	case flag == "p=":
		h.fault(ruleScram, 2, "\"p=\" without a type of channel binding")
	case flag != "n" && flag != "y" && !strings.HasPrefix(flag, "p="):
		h.fault("scram-first-char", 0, "the message must start with \"n,\", \"y,\" or \"p=\"")
	}
	if comma == len(data) {
		h.fault(ruleScram, comma, "the message ends inside the GS2 header")
		h.bare = comma + 1
		return h
	}
	h.readAuthzid(comma + 1)
	return h
}

func (h *gs2Header) readAuthzid(at int) {
	comma := bytes.IndexByte(h.data[at:], ',')
	if comma < 0 {
		h.fault(ruleScram, len(h.data), "the GS2 header has no second comma")
		h.bare = at
		return
	}
	end := at + comma
	part := Span{at, end}.of(h.data)
	h.span, h.bare = Span{0, end + 1}, end+1
	switch {
	case len(part) == 0:
	case bytes.HasPrefix(part, []byte("a=")):
		h.authzid, h.hasAuth = Span{at + 2, end}, true
	case len(part) > 1 && part[1] == '=': // this is the bare message already
		h.fault(ruleScram, at, "the GS2 header has no second comma")
		h.span, h.bare = Span{0, at}, at
	default:
		h.fault(ruleScram, at, "only \"a=\" may stand between the commas of the GS2 header")
	}
}

func (h *gs2Header) fault(rule string, pos int, format string, args ...any) {
	h.faults = append(h.faults, Fault{Rule: rule, Text: fmt.Sprintf(format, args...), Pos: pos, Ref: spec.RFC(5802, "7")})
}

func (h *gs2Header) flagText() string { return string(h.flag.of(h.data)) }

// text is the whole header.
func (h *gs2Header) text() []byte { return h.span.of(h.data) }

// bindingType is the type named by "p=", empty for the other flags.
func (h *gs2Header) bindingType() string {
	name, ok := strings.CutPrefix(h.flagText(), "p=")
	if !ok {
		return ""
	}
	return name
}
