package main

import (
	"context"
	"crypto/tls"
	"net"
	"testing"

	"xmppscope/lessons/practice"
)

// liveCut: a connection whose counts are shifted, by a stanza that was dropped and
// one that was put in, is cut while a third is held. Both sides are cut off alike,
// so the session is there to be resumed (XEP-0198 §5); what neither has got goes
// once, and nothing twice.
func liveCut(t *testing.T, s *stage, h *house) {
	r := s.behind(t, h, h.StartTLS, "--break", `once id == "lost"`, "--break", `once id == "waits"`)
	person := func(addr, ca string) *actor {
		return r.client(func(o *practice.Options) {
			o.Domain, o.TLS = h.Domain, &tls.Config{RootCAs: pool(t, ca)}
			o.Dial = func(ctx context.Context) (net.Conn, error) { return (&net.Dialer{}).DialContext(ctx, "tcp", addr) }
		})
	}
	login := func(user string) string {
		return "open\nstarttls\nlogin SCRAM-SHA-1 " + user + " " + people[user] + "\n"
	}
	said := func(id, to string) string {
		return "<message type='chat' id='" + id + "' to='" + to + "'><body>" + id + "</body></message>"
	}
	romeo := person(h.at(h.StartTLS), s.trust())
	romeo.do(login("romeo") + "bind orchard\npresence")
	v := &visit{t, r, r.door("starttls"), h, "starttls"}
	juliet := person(v.addr, v.caFile())
	juliet.do(login("juliet") + "bind phone\nsm\npresence")
	there, here := romeo.Address(), juliet.Address()

	juliet.do("C: " + said("lost", there))
	r.act(`{"do":"drop","seq":%d}`, r.next("record", "held").num("seq"))
	r.act(`{"do":"inject","dir":"receiver","xml":"<message from='%s' to='%s' type='chat' id='added'><body>added</body></message>"}`, there, here)
	juliet.do("S: message id=added\nC: " + said("kept", there))
	romeo.do("S: message id=kept\nC: " + said("heard", here))
	juliet.do("S: message id=heard\nC: " + said("waits", there))
	r.next("record", "held")
	r.act(`{"do":"close","conn":1,"layer":"tcp"}`)
	_ = juliet.try("S: end") // what she answers may meet the reset as well as what she reads
	juliet.do("cut")
	romeo.do("C: " + said("meanwhile", here))
	juliet.do(login("juliet") + "resume\nS: message id=meanwhile\nC: " + said("last", there) + "\nC: <r xmlns='urn:xmpp:sm:3'/>\nS: a\nping")
	romeo.do("S: message id=waits\nS: message id=last\nping")
	for _, again := range []string{"lost", "kept", "waits", "last"} {
		if xml := romeo.has("message id=" + again); xml != "" {
			t.Errorf("this must not come, or not again: %s", xml)
		}
	}
	for _, again := range []string{"added", "heard", "meanwhile"} {
		if xml := juliet.has("message id=" + again); xml != "" {
			t.Errorf("this must not come again: %s", xml)
		}
	}
	juliet.do("close")
	romeo.do("close")
	resumed := false
	for _, e := range r.over(2) {
		resumed = resumed || e.is("step", "sm-resume", "name", "resumed")
	}
	if !resumed {
		t.Error("no event tells of the resumed session")
	}
}
