package lint

import (
	"bytes"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// httpGroup is what the reader of HTTP finds, below WebSocket and BOSH. A
// server in front of the XMPP server that reads such a message in another way
// lets an attacker in between them.
var httpGroup = Group{
	Kinds: []decode.Kind{decode.KindHTTP},
	Check: checkHTTP,
	Rules: []Rule{
		{Name: "http-malformed", Level: LevelError, Ref: spec.RFC(9112, "2.1"),
			Doc:    "An HTTP message has a first line, header fields and a body in a fixed form.",
			Advice: "leave HTTP to a library"},
		{Name: "http-smuggling", Level: LevelError, Ref: spec.RFC(9112, "6.3"),
			Doc:    "All servers on the way must agree where an HTTP message ends, or one can be hidden inside another.",
			Advice: "send one Content-Length or Transfer-Encoding: chunked, never both, and refuse anything else"},
		{Name: "http-line-end", Level: LevelWarning, Ref: spec.RFC(9112, "2.2"),
			Doc:    "The lines of an HTTP head end in carriage return and line feed.",
			Advice: "write \\r\\n at the end of each line of the head"},
		{Name: "http-folding", Level: LevelError, Ref: spec.RFC(9112, "5.2"),
			Doc:    "A header field of HTTP stands on one line; going on in the next one is forbidden since 2014.",
			Advice: "write each header field on one line"},
		{Name: "http-head-long", Level: LevelWarning, Ref: spec.RFC(9112, "3"),
			Doc:    "A head of HTTP that is longer than any server takes is a fault or an attack.",
			Advice: "look at what makes it so long: cookies, or bytes that are no HTTP"},
		{Name: "http-coding", Level: LevelError, Ref: spec.RFC(9110, "8.4"),
			Doc:    "A compressed body is what its Content-Encoding says, and is no bomb.",
			Advice: "send what the header says, or leave compression out"},
		// It is the capture that ends or has a hole, more often than the sender.
		{Name: "http-incomplete", Level: LevelNote, Ref: spec.RFC(9112, "8"),
			Doc:    "An HTTP message has a beginning here, but no end.",
			Advice: "look for lost packets, or for a side that cuts the connection"},
	},
}

// zlibGroup is what the decompressor finds (XEP-0138).
var zlibGroup = Group{
	Rules: []Rule{
		{Name: "zlib-corrupt", Level: LevelError, Ref: spec.XEP(138, "4"), Needs: NeedWhole,
			Doc:    "Compressed bytes can only be read if not one of them is wrong.",
			Advice: "flush the compressor after each stanza, do not start it anew, and look for bytes that bypass it"},
		{Name: "zlib-bomb", Level: LevelError, Ref: spec.XEP(138, "7"),
			Doc:    "A few compressed bytes that become very many are an attack on the reader's memory.",
			Advice: "limit how much may come out of a compressed stream, and end it there"},
	},
}

// checkHTTP takes the weight off a content coding that is fine, but not read
// here.
func checkHTTP(p *Pass) {
	if len(p.Event.Errs) == 0 || !p.found("http-coding") {
		return
	}
	head, _, _ := bytes.Cut(p.Event.Wire, []byte("\r\n\r\n"))
	for line := range strings.SplitSeq(string(head), "\n") {
		name, value, _ := strings.Cut(line, ":")
		if strings.EqualFold(name, "Content-Encoding") {
			switch strings.ToLower(strings.TrimSpace(value)) {
			case "gzip", "x-gzip", "deflate", "identity", "":
			default:
				p.weigh("http-coding", LevelNote)
			}
		}
	}
}

// weigh sets the level of what decode found in this event.
func (p *Pass) weigh(rule string, l Level) {
	for i := range p.engine.found {
		if f := &p.engine.found[i]; f.Rule == rule && f.Seq == p.Event.Seq {
			f.Level = l
		}
	}
}
