package sasl

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"xmppscope/decode/spec"
)

// cbindInput explains c=, the GS2 header and the channel-binding data once
// more, this time covered by the proof.
func (r *scramReader) cbindInput(a scramAttr) string {
	input := r.base64(a)
	first := r.s.first
	if first == nil || first.gs2.span.empty() {
		return fmt.Sprintf("the GS2 header and any channel-binding data again: %s", short(shownInput(input)))
	}
	header := first.gs2.text()
	data, ok := bytes.CutPrefix(input, header)
	if !ok {
		r.fault("scram-gs2-mismatch", a.value.Start, refScramAttrs, "c= does not repeat the GS2 header \"%s\" of the first message", short(printable(header)))
		return fmt.Sprintf("should be the GS2 header again, is %s", short(shownInput(input)))
	}
	bound := first.gs2.bindingType() != ""
	switch {
	case bound && len(data) == 0:
		r.fault("scram-cbind-data", a.value.Start, refScramBinding, "channel binding was announced, but c= has no data for it")
	case !bound && len(data) > 0:
		r.fault("scram-cbind-data", a.value.Start, refScramBinding, "c= has %s of channel-binding data that were not announced", plural(len(data), "byte"))
	case bound && len(r.x.Binding) > 0 && !bytes.Equal(data, r.x.Binding):
		r.fault("scram-cbind-data", a.value.Start, refScramBinding, "the channel-binding data are not those of this TLS connection: somebody stands between the two ends, or the client takes them wrong")
	}
	if len(data) == 0 {
		return fmt.Sprintf("the GS2 header %s again, now covered by the proof", printable(header))
	}
	return fmt.Sprintf("the GS2 header %s again, with %s of %s data; %s", short(printable(header)), plural(len(data), "byte"), short(first.gs2.bindingType()), r.x.compared(data))
}

func shownInput(input []byte) string {
	if isText(input) {
		return string(input)
	}
	return fmt.Sprintf("%x", input)
}

// bindingTypes are the types of XEP-0440 §3.
var bindingTypes = []string{"tls-server-end-point", "tls-unique", "tls-exporter"}

// bindingFaults judges the flag against the mechanism, the server's lists and
// the TLS version, as far as these are known.
func (r *scramReader) bindingFaults() {
	m, kind := r.msg, r.msg.gs2.bindingType()
	flag := m.gs2.flagText()
	switch {
	case r.plus && !strings.HasPrefix(flag, "p="):
		r.fault("scram-plus-flag", 0, refScramBinding, "a -PLUS mechanism needs the flag \"p=\"")
	case !r.plus && strings.HasPrefix(flag, "p="):
		r.fault("scram-plus-flag", 0, refScramBinding, "the flag \"p=\" belongs to the -PLUS mechanisms")
	}
	if flag == "y" && slices.ContainsFunc(r.x.Offered, func(s string) bool { return strings.HasSuffix(s, "-PLUS") }) {
		r.fault("scram-downgrade-suspected", 0, refScramBinding, "the client says that the server has no -PLUS mechanism, but the server listed one: the list may have been edited on its way, or the client did not read it to its end")
	}
	if kind == "" {
		return
	}
	switch {
	case !slices.Contains(bindingTypes, kind):
		r.fault("scram-cb-type-invalid", 2, spec.XEP(440, "3"), "%s is no type of channel binding for XMPP", short(printable([]byte(kind))))
	case kind == "tls-unique" && r.x.TLSVersion >= 0x0304:
		r.fault("scram-cb-type-invalid", 2, spec.RFC(9266, "3"), "tls-unique is not defined for TLS 1.3")
	case r.x.OfferedBindings != nil && !slices.Contains(r.x.OfferedBindings, kind):
		r.fault("scram-cb-type-invalid", 2, spec.XEP(440, "3"), "the server did not list %s", kind)
	}
}

// ListHash is the value of h= in a server-first message: base64 of the hash
// over the offered mechanisms and channel-binding types, XEP-0474 §6.1. The
// hash is the one in the mechanism's name. It is empty for a mechanism that
// is not of the SCRAM family.
func ListHash(mechanism string, mechanisms, bindings []string) string {
	hash := scramHash(mechanism)
	if hash.new == nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(hash.sum(listText(mechanisms, bindings)))
}

func scramHash(mechanism string) namedHash {
	name, ok := strings.CutPrefix(strings.ToUpper(mechanism), "SCRAM-")
	if !ok {
		return namedHash{}
	}
	return hashNamed(strings.TrimSuffix(name, "-PLUS"))
}

func listText(mechanisms, bindings []string) []byte {
	text := strings.Join(slices.Sorted(slices.Values(mechanisms)), "\x1E")
	if bindings != nil {
		text += "\x1F" + strings.Join(slices.Sorted(slices.Values(bindings)), "\x1E")
	}
	return []byte(text)
}

func (r *scramReader) listHash(a scramAttr) string {
	wire := string(a.value.of(r.data))
	if len(r.x.Offered) > 0 {
		want := base64.StdEncoding.EncodeToString(r.hash.sum(listText(r.x.Offered, r.x.OfferedBindings)))
		if want != wire {
			r.fault("scram-h-mismatch", a.value.Start, spec.XEP(474, "6.2"), "the hash is not that of the lists seen here: they may have been edited on their way")
			return "the server's hash over its lists of mechanisms and channel bindings; differs from the lists seen here"
		}
		return "the server's hash over its lists of mechanisms and channel bindings; fits the lists seen here"
	}
	return "the server's hash over its lists of mechanisms and channel bindings, so that nobody can edit them unseen"
}

func (r *scramReader) tlsVersion(a scramAttr) string {
	wire := string(a.value.of(r.data))
	if notLowerHex([]byte(wire), 4) >= 0 {
		r.fault(ruleScram, a.value.Start, spec.XEP(515, "4.1"), "the TLS version must be four lower-case hexadecimal digits")
	} else if r.x.TLSVersion != 0 && wire != fmt.Sprintf("%04x", r.x.TLSVersion) {
		r.fault("scram-h-mismatch", a.value.Start, spec.XEP(515, "4.2"), "the server sees TLS version %s, this connection has %04x: there are two TLS connections", wire, r.x.TLSVersion)
	}
	return "the TLS version the server sees on its side: " + tlsName(wire)
}

func tlsName(wire string) string {
	names := map[string]string{"0304": "TLS 1.3", "0303": "TLS 1.2", "0302": "TLS 1.1", "0301": "TLS 1.0"}
	if name, ok := names[wire]; ok {
		return name
	}
	return "not a version known here"
}
