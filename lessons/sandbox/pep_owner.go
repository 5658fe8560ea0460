package sandbox

import (
	"slices"
	"strconv"

	"xmppscope/decode/xmlstream"
)

// nodeConfig is what the owner of a node can choose (XEP-0060 §8.2).
type nodeConfig struct {
	access  string // presence, open or whitelist
	most    int    // items
	persist bool
}

// newNodeConfig is what nodes of an account begin with (XEP-0163 §3.2).
func newNodeConfig() nodeConfig { return nodeConfig{access: "presence", most: 1, persist: true} }

// take reads a form. False: a value is not one that there is. Fields that the
// server does not know are passed over.
func (c *nodeConfig) take(form map[string][]string) bool {
	for name, values := range form {
		v := first(values)
		switch name {
		case "pubsub#access_model":
			if !slices.Contains([]string{"presence", "open", "whitelist"}, v) {
				return false
			}
			c.access = v
		case "pubsub#max_items":
			n, err := strconv.Atoi(v)
			if v == "max" {
				n, err = maxItems, nil
			}
			if err != nil || n < 1 {
				return false
			}
			c.most = min(n, maxItems)
		case "pubsub#persist_items":
			c.persist = truth(values)
		}
	}
	return true
}

// form writes it.
func (c *nodeConfig) form() string {
	return form("form", nsNodeConfig, "", field{"pubsub#access_model", "list-single", "Who may read it", []string{c.access}},
		field{"pubsub#max_items", "text-single", "How many items are kept", []string{number(c.most)}},
		field{"pubsub#persist_items", "boolean", "Whether items are kept", boolean(c.persist)})
}

// wished is the configuration that somebody who publishes wants, and whether the
// node, if there is one, has it (XEP-0060 §7.1.5).
func wished(payload *xmlstream.Node, n *node) (c nodeConfig, fits bool) {
	c = newNodeConfig()
	if n != nil {
		c = n.nodeConfig
	}
	options := payload.Child(nsPubSub, "publish-options")
	if options == nil {
		return c, true
	}
	if !c.take(submitted(options)) {
		return c, false
	}
	return c, n == nil || c == n.nodeConfig
}

// ownerGet shows how a node is configured (XEP-0060 §8.2).
func ownerGet(s *session, q *request) {
	if wish := q.payload.Child(nsPubSubOwner, "default"); wish != nil {
		c := newNodeConfig()
		q.result(element(element(c.form(), "default"), "pubsub", "xmlns", nsPubSubOwner))
		return
	}
	what, n := s.owned(q)
	switch {
	case n == nil:
	case what.Name.Local == "configure":
		q.result(element(element(n.form(), "configure", "node", n.name), "pubsub", "xmlns", nsPubSubOwner))
	default:
		q.failWith("feature-not-implemented", "", element("", "unsupported", "xmlns", nsPubSubErrors, "feature", "manage-"+what.Name.Local))
	}
}

// ownerSet configures, empties and deletes a node (XEP-0060 §8.2, §8.4, §8.5).
func ownerSet(s *session, q *request) {
	what, n := s.owned(q)
	if n == nil {
		return
	}
	a := s.account
	switch what.Name.Local {
	case "configure":
		c := n.nodeConfig
		if !c.take(submitted(what)) {
			q.fail("not-acceptable", "")
			return
		}
		n.nodeConfig = c
		n.trim()
		q.result("")
	case "purge":
		n.items = nil
		q.result("")
		a.notify(n, element("", "purge", "node", n.name))
	case "delete":
		a.nodes = slices.DeleteFunc(a.nodes, func(o *node) bool { return o == n })
		q.result("")
		a.notify(n, element("", "delete", "node", n.name))
	default:
		q.failWith("feature-not-implemented", "", element("", "unsupported", "xmlns", nsPubSubErrors, "feature", "manage-"+what.Name.Local))
	}
}

// owned is what a request of the owner is about; where that is nothing, it is
// refused.
func (s *session) owned(q *request) (what *xmlstream.Node, n *node) {
	if what = q.payload.FirstElement(); what == nil {
		q.fail("bad-request", "")
		return nil, nil
	}
	if n = s.account.node(attr(what, "node")); n == nil {
		q.fail("item-not-found", "")
	}
	return what, n
}
