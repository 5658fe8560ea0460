package sandbox

import "strings"

// discoInfo tells what an address is and can (XEP-0030 §3).
func discoInfo(s *session, q *request) {
	node, _ := q.payload.Attr("node")
	switch {
	case q.at == toOther && !q.of.showsTo(s.account):
		q.fail("service-unavailable", "") // XEP-0030 §8
		return
	case node != "":
		q.fail("item-not-found", "")
		return
	}
	var b strings.Builder
	if q.at == toServer {
		b.WriteString(element("", "identity", "category", "server", "type", "im", "name", "xmppscope practice server"))
	} else {
		b.WriteString(element("", "identity", "category", "account", "type", "registered"))
	}
	at := q.at
	if at == toServer { // what the account is asked for is found at its server (XEP-0280 §3)
		at |= toSelf
	}
	for _, h := range questions() {
		if h.feature != "" && h.at&at != 0 {
			b.WriteString(element("", "feature", "var", h.feature))
		}
	}
	if q.at == toServer {
		b.WriteString(element("", "feature", "var", "msgoffline"))
	}
	q.result(element(b.String(), "query", "xmlns", nsInfo))
}

// discoItems lists what belongs to an address (XEP-0030 §4): here nothing.
func discoItems(s *session, q *request) {
	if q.at == toOther && !q.of.showsTo(s.account) {
		q.fail("service-unavailable", "")
		return
	}
	node, _ := q.payload.Attr("node")
	q.result(element("", "query", "xmlns", nsItems, "node", node))
}

// showsTo tells whether the account lets another one see its presence.
func (a *account) showsTo(b *account) bool {
	i := a.contact(b.bare)
	return a == b || i != nil && i.sub&subFrom != 0
}
