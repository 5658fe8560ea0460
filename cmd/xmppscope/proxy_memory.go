package main

import (
	"context"
	"math"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// With few connections the heap is small, and collecting it often costs time
// that peers wait for; with many, or where much passes that is kept for a while,
// memory counts more.
const (
	fewConns    = 2000
	gcFewConns  = 400 // percent of the live heap that may be garbage
	gcManyConns = 25
	roomy       = 192 << 20 // bytes that garbage may fill as it likes
)

// keptLive is how much of what passes the screen keeps in memory before it uses a
// file: little enough that all that lives stays below half of roomy, however long
// the proxy runs.
const keptLive = 32 << 20

// tune weighs memory against time while the proxy runs.
func (j *proxying) tune(ctx context.Context) {
	before := debug.SetGCPercent(gcFewConns)
	defer debug.SetGCPercent(before)
	own := debug.SetMemoryLimit(-1) == math.MaxInt64 // or the user has set one
	if own {
		debug.SetMemoryLimit(roomy)
		defer debug.SetMemoryLimit(math.MaxInt64)
	}
	t := time.NewTicker(time.Second)
	defer t.Stop()
	few := true
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if own {
			debug.SetMemoryLimit(max(roomy, 2*inLive()))
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

// inLive is how many bytes of the heap and of stacks were in use at the last
// collection.
func inLive() int64 {
	all := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(all)
	var n uint64
	for _, s := range all {
		if s.Value.Kind() == metrics.KindUint64 {
			n += s.Value.Uint64()
		}
	}
	return int64(n)
}
