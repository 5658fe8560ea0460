package tui

import (
	"testing"

	"xmppscope/captures"
	"xmppscope/inspector"
)

// A source may come with a filter, which the screen can lift again.
func TestSourceWithFilter(t *testing.T) {
	store := inspector.NewStore(inspector.StoreOptions{})
	defer store.Close()
	in := []captures.Input{captures.File("../../captures/samples/plain-login.pcap")}
	if err := inspector.Load(t.Context(), store, captures.Read(t.Context(), in, captures.Options{})); err != nil {
		t.Fatal(err)
	}
	c := newCapture(&Source{Store: store, Filter: `name == "iq"`}, nil, func() {})
	for c.update() {
	}
	some := c.view.Len()
	c.setFilter("", nil)
	for c.update() {
	}
	if all := c.view.Len(); some == 0 || all != store.Len() || some >= all {
		t.Errorf("%d events with the filter, %d without, %d in the store", some, all, store.Len())
	}
}
