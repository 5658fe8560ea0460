package sandbox

import (
	"slices"
	"strconv"

	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// Namespaces of publishing (XEP-0060).
const (
	nsPubSub       = "http://jabber.org/protocol/pubsub"
	nsPubSubEvent  = nsPubSub + "#event"
	nsPubSubOwner  = nsPubSub + "#owner"
	nsPubSubErrors = nsPubSub + "#errors"
	nsNodeConfig   = nsPubSub + "#node_config"
	nsPublishWish  = nsPubSub + "#publish-options"
)

// Bounds of what an account publishes.
const (
	maxNodes = 50
	maxItems = 100
)

// node is a place where an account publishes (XEP-0163). Server.mu guards it.
type node struct {
	name string
	nodeConfig
	items []entry // the oldest first
}

// entry is one item.
type entry struct{ id, payload string }

// pepFeatures are what an account can by it (XEP-0163 §6.1).
func pepFeatures() (all []string) {
	for _, f := range []string{"access-open", "access-presence", "access-whitelist", "auto-create", "auto-subscribe", "config-node", "create-and-configure",
		"create-nodes", "delete-items", "delete-nodes", "filtered-notifications", "item-ids", "last-published", "multi-items",
		"persistent-items", "presence-notifications", "publish", "publish-options", "purge-nodes", "retract-items", "retrieve-items"} {
		all = append(all, nsPubSub+"#"+f)
	}
	return all
}

// node is the one of a name, or nil.
func (a *account) node(name string) *node {
	i := slices.IndexFunc(a.nodes, func(n *node) bool { return n.name == name })
	if i < 0 {
		return nil
	}
	return a.nodes[i]
}

// opens tells whether somebody may read the node (XEP-0060 §4.5).
func (n *node) opens(a *account, to jid.JID) bool {
	return to.Bare() == a.bare || n.access == "open" || n.access == "presence" && a.showsTo(to)
}

// failPubSub refuses with a condition of XEP-0060 beside the one of stanzas.
func (q *request) failPubSub(condition, special string) {
	q.failWith(condition, "", element("", special, "xmlns", nsPubSubErrors))
}

// pubsubGet reads items (XEP-0060 §6.5).
func pubsubGet(_ *session, q *request) {
	wish := q.payload.Child(nsPubSub, "items")
	if wish == nil {
		q.failWith("feature-not-implemented", "", element("", "unsupported", "xmlns", nsPubSubErrors, "feature", "retrieve-subscriptions"))
		return
	}
	n := q.of.node(attr(wish, "node"))
	switch {
	case n == nil:
		q.fail("item-not-found", "")
		return
	case !n.opens(q.of, q.from) && n.access == "whitelist":
		q.failPubSub("not-allowed", "closed-node")
		return
	case !n.opens(q.of, q.from):
		q.failPubSub("not-authorized", "presence-subscription-required")
		return
	}
	from := 0
	if most, err := strconv.Atoi(attr(wish, "max_items")); err == nil && most >= 0 {
		from = max(0, len(n.items)-most)
	}
	ids := map[string]bool{}
	for e := range wish.Children() {
		ids[attr(e, "id")] = true
	}
	inside := ""
	for i, e := range n.items {
		if ids[e.id] || len(ids) == 0 && i >= from {
			inside += e.xml()
		}
	}
	q.result(element(element(inside, "items", "node", n.name), "pubsub", "xmlns", nsPubSub))
}

func (e entry) xml() string { return element(e.payload, "item", "id", e.id) }

// pubsubSet publishes, takes back and makes nodes: the owner's alone.
func pubsubSet(s *session, q *request) {
	what := q.payload.FirstElement()
	if q.at != toSelf {
		q.fail("forbidden", "")
		return
	}
	name := ""
	if what != nil {
		name = attr(what, "node")
	}
	switch {
	case what == nil:
		q.fail("bad-request", "")
	case name == "":
		q.failPubSub("bad-request", "nodeid-required")
	case what.Name.Local == "publish":
		s.account.publish(q, what, name)
	case what.Name.Local == "retract":
		s.account.retract(q, what, name)
	case what.Name.Local == "create":
		s.account.createNode(q, name)
	default:
		q.failWith("feature-not-implemented", "", element("", "unsupported", "xmlns", nsPubSubErrors, "feature", what.Name.Local))
	}
}

// publish takes an item, and makes the node where there is none (XEP-0060 §7.1,
// XEP-0163 §3.2).
func (a *account) publish(q *request, what *xmlstream.Node, name string) {
	it := what.Child(nsPubSub, "item")
	var payload *xmlstream.Node
	if it != nil {
		payload = it.FirstElement()
	}
	n := a.node(name)
	wish, fits := wished(q.payload, n)
	switch {
	case it == nil || more(it):
		q.fail("bad-request", "One item at a time.")
		return
	case payload == nil:
		q.failPubSub("bad-request", "payload-required")
		return
	case more(payload), payload.Name.Space == nsPubSub: // what has no namespace of its own would mean another thing elsewhere
		q.failPubSub("bad-request", "invalid-payload")
		return
	case !fits:
		q.failPubSub("conflict", "precondition-not-met")
		return
	}
	if n == nil {
		if n = a.openNode(q, name, wish); n == nil {
			return
		}
	}
	e := entry{attr(it, "id"), forwarded(payload, it.Scope, "", "", "")}
	if e.id == "" {
		e.id = a.archive.ids.id(6)
	}
	q.result(element(element(element("", "item", "id", e.id), "publish", "node", name), "pubsub", "xmlns", nsPubSub))
	n.items = slices.DeleteFunc(n.items, func(o entry) bool { return o.id == e.id })
	n.items = append(n.items, e)
	n.trim()
	a.notify(n, element(e.xml(), "items", "node", name))
	if !n.persist {
		n.items = nil
	}
}

// trim forgets what is too much.
func (n *node) trim() { n.items = n.items[max(0, len(n.items)-n.most):] }

// retract takes an item back (XEP-0060 §7.2).
func (a *account) retract(q *request, what *xmlstream.Node, name string) {
	n, it := a.node(name), what.Child(nsPubSub, "item")
	if it == nil || attr(it, "id") == "" {
		q.failPubSub("bad-request", "item-required")
		return
	}
	id := attr(it, "id")
	if n == nil || !slices.ContainsFunc(n.items, func(o entry) bool { return o.id == id }) {
		q.fail("item-not-found", "")
		return
	}
	n.items = slices.DeleteFunc(n.items, func(o entry) bool { return o.id == id })
	q.result("")
	if v := attr(what, "notify"); v == "true" || v == "1" {
		a.notify(n, element(element("", "retract", "id", id), "items", "node", name))
	}
}

// createNode makes a node without an item (XEP-0060 §8.1).
func (a *account) createNode(q *request, name string) {
	if a.node(name) != nil {
		q.fail("conflict", "")
		return
	}
	c := newNodeConfig()
	if f := q.payload.Child(nsPubSub, "configure"); f != nil && !c.take(submitted(f)) {
		q.fail("not-acceptable", "")
		return
	}
	if a.openNode(q, name, c) != nil {
		q.result(element(element("", "create", "node", name), "pubsub", "xmlns", nsPubSub))
	}
}

func (a *account) openNode(q *request, name string, c nodeConfig) *node {
	if len(a.nodes) >= maxNodes || len(name) > maxName {
		q.fail("resource-constraint", "")
		return nil
	}
	n := &node{name: name, nodeConfig: c}
	a.nodes = append(a.nodes, n)
	return n
}
