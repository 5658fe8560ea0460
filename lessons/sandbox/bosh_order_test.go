package sandbox

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// TestBOSHOvertaken: a request that comes before the one that it follows waits for
// it, and so does its response.
func TestBOSHOvertaken(t *testing.T) {
	inBubble(t, Options{Clear: true}, func(t *testing.T, s *house) {
		for turn := range 5 {
			carriers := []*peer{s.peer(HTTP), s.peer(HTTP)}
			sid := ""
			send := func(k, rid int, attrs, inside string) {
				body := fmt.Sprintf("<body xmlns='http://jabber.org/protocol/httpbind' rid='%d'%s%s>%s</body>", rid, sid, attrs, inside)
				carriers[k].say(fmt.Sprintf("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s", len(body), body))
			}
			answer := func(k int) string {
				head := carriers[k].until("\r\n\r\n")
				var n int
				fmt.Sscan(regexp.MustCompile(`Content-Length: (\d+)`).FindStringSubmatch(head)[1], &n)
				return carriers[k].exactly(n)
			}
			send(0, 1000, " to='localhost' wait='60' hold='1' xmlns:x='urn:xmpp:xbosh' x:version='1.0'", "")
			sid = " sid='" + regexp.MustCompile(` sid='([^']*)`).FindStringSubmatch(answer(0))[1] + "'"
			send(1, 1002, "", "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AG1iZWQAbWlycm9y</auth>")
			send(0, 1001, "", "")
			first := answer(0) // would be held for a minute if the other were answered first
			if strings.Contains(first, "<success") {
				continue // the second request came second after all, and is held
			}
			if second := answer(1); !strings.Contains(first+second, "<success") {
				t.Errorf("turn %d: %s, %s", turn, first, second)
			}
		}
	})
}
