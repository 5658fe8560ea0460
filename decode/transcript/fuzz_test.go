package transcript_test

import (
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/transcript"
)

// FuzzScript plays whatever is written: an error names its line, events are
// numbered from one on, and remarks name events that there are.
func FuzzScript(f *testing.F) {
	for _, s := range []string{
		"connect\nC: <stream:stream xmlns:stream='http://etherx.jabber.org/streams'>\n! rule\nS: <?xml version='1.0'?>\\n<a/>\nC end\nS reset",
		"midstream\nC gap 5\nS gap -1\nC hex 16 03 01\nkeys CLIENT_RANDOM 00 00\npassword a@b=c\n# text",
		"conn 2 a:1 b:2\ntls version=1.2 sni=x alpn=y resumed server=a,b client=c\nC ws: <open/>\nconn 1\nS bosh: <body/>\nwait 3h",
		"dns 000081800001000000000000\nwait -9999h\nC gap 9223372036854775807\nC: a\\xff\\u00e9\\\\",
		"C: \\", "C: \\x0", "tls cipher=x", "conn 70000", "conn 1 2", "C",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := transcript.Parse(text)
		if err == nil {
			var p *transcript.Played
			if p, err = s.Play(decode.Options{}); err == nil {
				check(t, p)
				return
			}
		}
		if !strings.HasPrefix(err.Error(), "line ") {
			t.Fatalf("%v names no line", err)
		}
	})
}

func check(t *testing.T, p *transcript.Played) {
	t.Helper()
	for i := range p.Events {
		if p.Events[i].Seq != decode.Seq(i+1) {
			t.Fatalf("event %d has the number %d", i+1, p.Events[i].Seq)
		}
	}
	for _, r := range p.Remarks {
		for _, seq := range r.Events {
			if seq == 0 || int(seq) > len(p.Events) {
				t.Fatalf("the remark of line %d names event %d of %d", r.Line, seq, len(p.Events))
			}
		}
	}
}
