package sandbox

import (
	"strconv"
	"time"
)

// pingGet answers a ping (XEP-0199 §4.2).
func pingGet(_ *session, q *request) { q.result("") }

// versionGet says what program this is (XEP-0092 §3).
func versionGet(_ *session, q *request) {
	q.result(element(text("xmppscope practice server", "name")+text("1.0", "version"), "query", "xmlns", nsVersion))
}

// timeGet tells the time (XEP-0202 §3).
func timeGet(_ *session, q *request) {
	q.result(element(text("Z", "tzo")+text(stamp(time.Now()), "utc"), "time", "xmlns", nsTime))
}

// lastGet tells how long the server runs, in seconds (XEP-0012 §5).
func lastGet(_ *session, q *request) {
	up := int(time.Since(q.srv.began) / time.Second)
	q.result(element("", "query", "xmlns", nsLast, "seconds", strconv.Itoa(up)))
}

// carbonsEnable and carbonsDisable choose whether the client gets copies
// (XEP-0280 §4, §5).
func carbonsEnable(s *session, q *request) {
	s.carbons = true
	q.result("")
}

func carbonsDisable(s *session, q *request) {
	s.carbons = false
	q.result("")
}

// maxPrivate is how many elements an account may store.
const maxPrivate = 50

// privateGet and privateSet store one element by its name (XEP-0049 §3).
func privateGet(s *session, q *request) {
	n := q.payload.FirstElement()
	if n == nil || more(n) {
		q.fail("not-acceptable", "One element at a time.")
		return
	}
	stored := s.account.private[n.Name.Space+" "+n.Name.Local]
	if stored == "" {
		stored = element("", n.Name.Local, "xmlns", n.Name.Space)
	}
	q.result(element(stored, "query", "xmlns", nsPrivate))
}

func privateSet(s *session, q *request) {
	n := q.payload.FirstElement()
	if n == nil || more(n) {
		q.fail("not-acceptable", "One element at a time.")
		return
	}
	key := n.Name.Space + " " + n.Name.Local
	if s.account.private[key] == "" && len(s.account.private) >= maxPrivate {
		q.fail("resource-constraint", "")
		return
	}
	s.account.private[key] = forwarded(n, q.payload.Scope, "", "", "")
	q.result("")
}

// vcardGet and vcardSet keep a visiting card (XEP-0054 §3).
func vcardGet(_ *session, q *request) {
	if q.of.vcard == "" {
		q.fail("item-not-found", "")
		return
	}
	q.result(q.of.vcard)
}

func vcardSet(s *session, q *request) {
	if q.at != toSelf {
		q.fail("forbidden", "")
		return
	}
	s.account.vcard = forwarded(q.payload, q.Scope, "", "", "")
	q.result("")
}
