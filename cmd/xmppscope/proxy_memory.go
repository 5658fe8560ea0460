package main

import (
	"context"
	"runtime/debug"
	"time"
)

// With few connections the heap is small, and collecting it often costs time
// that peers wait for; with many, memory counts more.
const (
	fewConns    = 2000
	gcFewConns  = 400 // percent of the live heap that may be garbage
	gcManyConns = 25
)

// tune weighs memory against time while the proxy runs.
func (j *proxying) tune(ctx context.Context) {
	before := debug.SetGCPercent(gcFewConns)
	defer debug.SetGCPercent(before)
	t := time.NewTicker(time.Second)
	defer t.Stop()
	few := true
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if now := len(j.p.Conns()) <= fewConns; now != few {
			few = now
			if few {
				debug.SetGCPercent(gcFewConns)
			} else {
				debug.SetGCPercent(gcManyConns)
			}
		}
	}
}
