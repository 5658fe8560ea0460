package export

import (
	"bytes"
	"strings"
	"testing"

	"xmppscope/decode/lint"
	"xmppscope/inspector"
)

// Statistics for people say what carried the conversations, and what of it
// could not be read.
func TestStatsSayWhatCarries(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"tls", "transports direct-tls 2 | TLS 2 conversations | 1 read, keys from keylog 1 | TLS 1.3 read | TLS 1.2 no keys | not read 592 bytes in 8 runs of TLS records (no keys)"},
		{"bosh", "transports bosh 1"},
		{"websocket", "transports websocket 1 | c2s, websocket, capulet.example"},
	} {
		events, ends := play(t, c.name)
		s := inspector.NewStats(lint.Options{})
		for i := range events {
			s.Add(&events[i])
		}
		for _, e := range ends {
			s.AddConversation(e)
		}
		r := s.Report()
		var out bytes.Buffer
		if err := Stats(&out, &r, Options{Width: 500}); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(strings.Fields(out.String()), " ")
		for want := range strings.SplitSeq(c.want, " | ") {
			if !strings.Contains(got, want) {
				t.Errorf("%s: the statistics lack %q:\n%s", c.name, want, out.String())
			}
		}
	}
}
