package captures

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"xmppscope/decode"
)

// story tells a recording: a line a conversation with its steps in order, each
// with the event it is about; repeated steps once.
func story(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	lines := map[decode.ConnID][]string{}
	var all []string
	for item, err := range Read(t.Context(), []Input{bytesInput(data)}, Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if e := item.Event; e != nil {
			step := e.Step.String()
			if e.Related != 0 {
				step += fmt.Sprintf(">%d", e.Related)
			}
			if steps := lines[e.Conn]; step != "" && (len(steps) == 0 || steps[len(steps)-1] != step) {
				lines[e.Conn] = append(steps, step)
			}
			for _, err := range e.Errs {
				if err.Rule != "sm-h-too-high" {
					t.Errorf("%s: event %d: %s", file, e.Seq, err.Rule)
				}
			}
			continue
		}
		c := item.Conversation
		all = append(all, fmt.Sprintf("%d %s %s > %s, %s: %s", c.Conn, c.Profile, c.JID, c.Domain, c.Outcome, strings.Join(lines[c.Conn], " ")))
	}
	return strings.Join(all, "\n")
}

// What two servers of Prosody 0.12 said to each other and to clients. The names
// were asked for by a resolver that gets its answers over TCP.
func TestRecordedFromProsody(t *testing.T) {
	for file, want := range map[string]string{
		// Certificates on both sides, then stanzas both ways on one connection.
		"prosody-s2s-external.pcapng": "1 s2s a.example > b.example, truncated: dns-srv tcp-connect s2s-open stream-features starttls-request starttls-proceed tls-handshake restart-after-tls stream-features " +
			"s2s-bidi s2s-external sasl-success restart-after-sasl stream-features exchange",
		// Three domains for two on one connection, each verified on another one.
		"prosody-dialback-many.pcap": "2 s2s rooms.b.example > rooms.a.example, cut: dns-srv tcp-connect s2s-open stream-features s2s-dialback-1 s2s-dialback-4 s2s-dialback-2>7 s2s-dialback-3>7\n" +
			"3 s2s b.example > a.example, cut: dns-srv tcp-connect s2s-open stream-features s2s-dialback-1 s2s-dialback-4 s2s-dialback-2>5 s2s-dialback-3>5 exchange\n" +
			"1 s2s a.example > b.example, closed: tcp-connect s2s-open stream-features s2s-dialback-1 s2s-dialback-4>37 s2s-dialback-4>39 s2s-dialback-4>41 exchange s2s-dialback-1 s2s-dialback-4>51 stream-close\n" +
			"4 s2s b.example > rooms.a.example, cut: tcp-connect s2s-open stream-features s2s-dialback-1 s2s-dialback-4 s2s-dialback-2>6 s2s-dialback-3>6 s2s-dialback-2>50 s2s-dialback-3>50",
		// A connection that is cut, and the session taken up again on another one.
		"prosody-sm-resume.pcap": "1 c2s nurse@a.example/x > a.example, reset: tcp-connect stream-open-initial stream-open-response stream-features register sasl-auth sasl-success restart-after-sasl stream-features bind sm-enable presence-initial exchange sm-ack exchange sm-ack exchange\n" +
			"2 c2s peter@a.example/x > a.example, closed: tcp-connect stream-open-initial stream-open-response stream-features register sasl-auth sasl-success restart-after-sasl stream-features bind presence-initial exchange stream-close\n" +
			"3 c2s nurse@a.example/x > a.example, error: tcp-connect stream-open-initial stream-open-response stream-features sasl-auth sasl-success restart-after-sasl stream-features sm-resume>15 exchange sm-ack exchange sm-ack stream-error stream-close",
	} {
		if got := story(t, file); got != want {
			t.Errorf("%s: have\n%s\nwant\n%s", file, got, want)
		}
	}
}
