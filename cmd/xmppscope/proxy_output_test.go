package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// growing is output that is waited for.
type growing struct {
	mu    sync.Mutex
	lines []string
	rest  []byte
	next  int // of wait
	over  bool
	bell  chan struct{}
}

func newGrowing() *growing { return &growing{bell: make(chan struct{}, 1)} }

func (g *growing) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.rest = append(g.rest, p...)
	for {
		line, rest, ok := bytes.Cut(g.rest, []byte("\n"))
		if !ok {
			break
		}
		g.lines, g.rest = append(g.lines, string(line)), rest
	}
	g.ring()
	return len(p), nil
}

func (g *growing) ring() {
	select {
	case g.bell <- struct{}{}:
	default:
	}
}

func (g *growing) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.over = true
	g.ring()
}

func (g *growing) all() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return strings.Join(g.lines, "\n") + "\n" + string(g.rest)
}

// tail is the latest of it, in short lines.
func (g *growing) tail() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var b strings.Builder
	for _, l := range g.lines[max(0, len(g.lines)-12):] {
		fmt.Fprintf(&b, "%.300s\n", l)
	}
	return b.String()
}

// wait returns the next line that fits, after the last one that it returned.
func (g *growing) wait(t *testing.T, what string, fits func(string) bool) string {
	t.Helper()
	patience := time.NewTimer(slack)
	defer patience.Stop()
	for {
		g.mu.Lock()
		for g.next < len(g.lines) {
			l := g.lines[g.next]
			if g.next++; fits(l) {
				g.mu.Unlock()
				return l
			}
		}
		over := g.over
		g.mu.Unlock()
		if over {
			t.Fatalf("%s never came:\n%s", what, g.tail())
		}
		select {
		case <-g.bell:
		case <-patience.C:
			t.Fatalf("%s does not come:\n%s", what, g.tail())
		}
	}
}

// record is one line of JSON.
type record map[string]any

func (r record) str(key string) string { s, _ := r[key].(string); return s }
func (r record) num(key string) int    { n, _ := r[key].(float64); return int(n) }

// is tells whether fields have values; "record" need not be named for an event.
func (r record) is(pairs ...string) bool {
	for i := 0; i < len(pairs); i += 2 {
		if r.str(pairs[i]) != pairs[i+1] {
			return false
		}
	}
	return true
}

func parseRecords(t *testing.T, text string) (all []record) {
	t.Helper()
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var r record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatalf("%v in %.200q", err, lines.Text())
		}
		all = append(all, r)
	}
	return all
}
