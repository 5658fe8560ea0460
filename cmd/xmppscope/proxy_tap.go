package main

import (
	"io"
	"net/netip"
	"time"

	"xmppscope/captures"
	"xmppscope/decode"
	"xmppscope/proxy"
)

// tapped hands what a proxy tells to a capture, and its keys to a file.
type tapped struct {
	to   *captures.Tap
	keys io.Writer // nil for none
}

// Open implements [proxy.Tap], like the methods below.
func (t *tapped) Open(flow uint64, leg proxy.Leg, initiator, receiver netip.AddrPort, at time.Time) {
	t.to.Open(flow, leg == proxy.LegServer, initiator, receiver, at)
}

func (t *tapped) Data(flow uint64, leg proxy.Leg, dir decode.Dir, at time.Time, p []byte, marks ...decode.Mark) {
	t.to.Data(flow, leg == proxy.LegServer, dir, at, p, marks...)
}

func (t *tapped) Mark(flow uint64, at time.Time, marks ...decode.Mark) {
	t.to.Mark(flow, at, marks...)
}

func (t *tapped) Close(flow uint64, leg proxy.Leg, dir decode.Dir, at time.Time, reset bool) {
	t.to.End(flow, leg == proxy.LegServer, dir, at, reset)
}

// Forget implements [proxy.Forgetter].
func (t *tapped) Forget(flow uint64) { t.to.Forget(flow) }

func (t *tapped) Keys(line []byte) {
	t.to.Keys(line)
	if t.keys != nil {
		t.keys.Write(line) // a key log that cannot be written is no reason to stop
	}
}
