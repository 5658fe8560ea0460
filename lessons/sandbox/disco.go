package sandbox

import (
	"slices"
	"strings"

	"xmppscope/decode/jid"
)

// discoInfo tells what an address is and can (XEP-0030 §3).
func discoInfo(_ *session, q *request) {
	node, _ := q.payload.Attr("node")
	switch {
	case q.at == toOther && !q.of.showsTo(q.from):
		q.fail("service-unavailable", "") // XEP-0030 §8
		return
	case node != "" && q.of != nil && q.of.node(node) != nil && q.of.node(node).opens(q.of, q.from): // XEP-0060 §5.3
		q.result(element(element("", "identity", "category", "pubsub", "type", "leaf")+element("", "feature", "var", nsPubSub), "query", "xmlns", nsInfo, "node", node))
		return
	case node != "" && (q.at != toServer || node != capsNode+"#"+q.srv.caps()):
		q.fail("item-not-found", "")
		return
	}
	var b strings.Builder
	vars := q.srv.serverFeatures()
	if q.at == toServer {
		b.WriteString(element("", "identity", "category", "server", "type", "im", "name", serverName))
	} else {
		b.WriteString(element("", "identity", "category", "account", "type", "registered"))
		b.WriteString(element("", "identity", "category", "pubsub", "type", "pep")) // XEP-0163 §6.1
		vars = accountFeatures(q.at)
	}
	for _, v := range vars {
		b.WriteString(element("", "feature", "var", v))
	}
	q.result(element(b.String(), "query", "xmlns", nsInfo, "node", node))
}

// accountFeatures are those of an account.
func accountFeatures(at place) (all []string) {
	for _, h := range questions() {
		if h.feature != "" && h.at&at != 0 {
			all = append(all, h.feature)
		}
	}
	return append(append(all, nsStanzaID), pepFeatures()...)
}

// discoItems lists what belongs to an address (XEP-0030 §4): services to the
// domain, nodes to accounts.
func discoItems(_ *session, q *request) {
	if q.at == toOther && !q.of.showsTo(q.from) {
		q.fail("service-unavailable", "")
		return
	}
	node, _ := q.payload.Attr("node")
	var all []string
	if q.at == toServer && node == "" {
		for domain, v := range q.srv.services {
			if _, other := v.(*outPeer); !other && strings.HasSuffix(domain, "."+q.srv.o.Domain) {
				all = append(all, element("", "item", "jid", domain))
			}
		}
		slices.Sort(all)
	}
	if q.of != nil && node == "" {
		for _, n := range q.of.nodes {
			if n.opens(q.of, q.from) {
				all = append(all, element("", "item", "jid", q.of.bare.String(), "node", n.name))
			}
		}
	}
	q.result(element(strings.Join(all, ""), "query", "xmlns", nsItems, "node", node))
}

// showsTo tells whether the account lets another one see its presence.
func (a *account) showsTo(j jid.JID) bool {
	i := a.contact(j)
	return a.bare == j.Bare() || i != nil && i.sub&subFrom != 0
}
