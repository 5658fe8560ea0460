package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"xmppscope/captures"
	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
)

// reading is one pass over captures, with the choices of the flags.
type reading struct {
	e       *env
	flags   *captureFlags
	args    []string // what was named, to be opened again
	inputs  []captures.Input
	filter  *inspector.Filter // nil: everything
	secrets *inspector.Secrets
	tally   captures.Tally
	options captures.Options
	log     *slog.Logger // nil where events are not logged
	// events counts what was read, hits what fitted the filter.
	events, hits int
	answered     bits // events that were answered, where the filter asks
	ahead        int  // events of the first of two readings
	over         bool // the input was read to its end
	notices      []string
	read, hidden int  // conversations inside TLS that could be read, and that could not
	named        bool // there are secrets for one that could not
	// shown are the conversations with an event that fitted: where a filter
	// leaves others out, only these are summed up.
	shown map[decode.ConnID]bool
	// every, where set, is told of every item, chosen or not.
	every func(captures.Item) error
	// judging, where set, finds what is wrong.
	judging *judging
	// kept is a capture of what is read from a proxy; nil for none.
	kept  *captures.Input
	rules lint.Options // but for the secrets
	// begin, where set, is told of a conversation before its first event that
	// is chosen; begun are those it was not told of yet.
	begin func(*decode.Conversation) error
	begun map[decode.ConnID]decode.Conversation
}

// open checks all that can be checked before a byte is read.
func (e *env) open(flags *captureFlags, args []string) (*reading, error) {
	r, err := e.reading(flags, args)
	if err == nil {
		r.inputs, err = flags.inputs(args)
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// reading is open without the inputs.
func (e *env) reading(flags *captureFlags, args []string) (*reading, error) {
	r := &reading{e: e, flags: flags, args: args, shown: map[decode.ConnID]bool{}}
	var err error
	if r.filter, err = flags.compiled(); err != nil {
		return nil, err
	}
	if r.secrets, err = e.secrets(flags); err != nil {
		return nil, err
	}
	if r.filter.UsesReply() && !flags.readTwice(args) {
		return nil, usage("--filter", "whether an event is answered is known only when the whole input was read", "write the capture to a file first")
	}
	if e.log.has("decode") {
		r.log = e.room("decode")
	}
	keys, err := flags.keyring(args)
	if err != nil {
		return nil, err
	}
	r.options = captures.Options{Follow: flags.follow || flags.iface != "", Keys: keys}
	return r, nil
}

// each hands every chosen item to f, in order. What it counts is of this time.
func (r *reading) each(ctx context.Context, f func(captures.Item) error) error {
	r.events, r.hits, r.read, r.hidden = 0, 0, 0, 0
	r.notices, r.shown, r.named = nil, map[decode.ConnID]bool{}, false
	if r.filter.UsesFindings() && r.judging == nil {
		r.judging = &judging{}
	}
	if r.filter.UsesReply() || r.judging != nil && r.flags.readTwice(r.args) {
		if err := r.lookAhead(ctx); err != nil {
			return err
		}
		whole := r.options.Progress
		r.options.Progress = halfOf(whole, true)
		defer func() { r.options.Progress = whole }()
	}
	if r.judging != nil {
		r.judging.engine = lint.New(r.lintOptions())
	}
	log := r.e.room("captures")
	for _, in := range r.inputs {
		log.Debug("input", "name", in.Name, "size", in.Size)
	}
	r.options.Tally = &r.tally
	r.options.Notice = func(input string, n captures.Notice) {
		log.Debug("notice", "input", input, "what", n.String())
		r.notices = append(r.notices, input+": "+n.String())
	}
	if r.begin != nil {
		r.begun = map[decode.ConnID]decode.Conversation{}
		r.options.Begin = func(c decode.Conversation) { r.begun[c.Conn] = c }
	}
	for item, err := range captures.Read(ctx, r.inputs, r.options) {
		if err == nil {
			err = r.one(item, f)
		}
		if err != nil {
			return r.stopped(ctx, err)
		}
	}
	log.Debug("end", "tally", r.tally.String(), "events", r.events)
	r.over = ctx.Err() == nil
	return r.stopped(ctx, nil)
}

// lookAhead reads everything once to learn which requests were answered, and
// what shows only later.
func (r *reading) lookAhead(ctx context.Context) error {
	o := r.options
	o.Progress = halfOf(o.Progress, false)
	if r.judging != nil {
		r.judging.engine = lint.New(r.lintOptions())
	}
	r.ahead = 0
	for item, err := range captures.Read(ctx, r.inputs, o) {
		if err != nil {
			break // the reading that counts comes to the same place
		}
		if item.Event != nil {
			r.ahead++
			if item.Event.Reply != 0 {
				r.answered.set(uint(item.Event.Reply))
			}
		}
		if r.judging != nil {
			r.look(item)
		}
	}
	if ctx.Err() == nil {
		return nil
	}
	if r.judging == nil || r.judging.leave == nil {
		return &failure{code: exitInterrupted, why: "interrupted in the first of two readings: nothing is written yet"}
	}
	if err := r.judging.left(); err != nil {
		return err
	}
	return &failure{code: exitInterrupted, why: "interrupted in the first of two readings: it was judged as far as it was read"}
}

// look judges an item of the first of two readings, and keeps what was asked for
// as far as that can be told by now.
func (r *reading) look(i captures.Item) {
	late := func(f *lint.Finding) bool { return r.filter.All() && r.flags.wants(f.Conn) }
	r.judging.look(i, func(f *lint.Finding) bool {
		if late(f) {
			return true
		}
		return i.Event != nil && r.flags.wants(f.Conn) && !r.filter.UsesReply() &&
			r.filter.Match(i.Event, inspector.Extra{Findings: r.judging.now})
	}, late)
}

// halfOf tells the progress of the first or the second of two readings as that of
// one.
func halfOf(tell func(read, total int64), second bool) func(read, total int64) {
	if tell == nil {
		return nil
	}
	return func(read, total int64) {
		if second {
			read += max(total, 0)
		}
		tell(read/2, total)
	}
}

// one logs an item, and hands it on where it is chosen.
func (r *reading) one(i captures.Item, f func(captures.Item) error) error {
	if r.every != nil {
		if err := r.every(i); err != nil {
			return err
		}
	}
	var found []inspector.Finding
	if r.judging != nil {
		if err := r.judging.item(i); err != nil {
			return err
		}
		found = r.judging.now
	}
	if i.Event == nil {
		delete(r.begun, i.Conversation.Conn)
		c := i.Conversation
		if !r.flags.wants(c.Conn) {
			return nil
		}
		switch {
		case c.Decrypted:
			r.read++
		case c.Encrypted && c.Hidden > 0:
			r.hidden++
			for i := range c.Randoms {
				r.named = r.named || len(r.options.Keys.Lines(&c.Randoms[i])) > 0
			}
		}
		if r.filter.All() || r.shown[c.Conn] {
			return f(i)
		}
		return nil
	}
	e := i.Event
	r.events++
	if r.log != nil {
		r.log.Debug("event", "seq", e.Seq, "conn", e.Conn, "dir", e.Dir.String(), "kind", e.Kind.String(),
			"step", e.Step.String(), "offset", e.Off, "length", len(e.Wire), "faults", len(e.Errs))
	}
	if !r.flags.wants(e.Conn) {
		return nil
	}
	if !r.filter.All() {
		if !r.filter.Match(e, inspector.Extra{Answered: r.answered.has(uint(e.Seq)), Hits: r.hits, Findings: found}) {
			return nil
		}
		r.hits++
		r.shown[e.Conn] = true
	}
	if c, waits := r.begun[e.Conn]; waits {
		delete(r.begun, e.Conn)
		if err := r.begin(&c); err != nil {
			return err
		}
	}
	return f(i)
}

// stopped is how the pass ends: whoever follows or captures live ends it with
// Ctrl-C, and that is no error.
func (r *reading) stopped(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	if r.flags.live() {
		return nil
	}
	return ctx.Err()
}

// maxNotices is how many faults of the inputs are told.
const maxNotices = 5

// remarks says on standard error what the output cannot show: where an input
// was damaged, and what it holds where that is no XMPP.
func (r *reading) remarks() {
	for i, n := range r.notices {
		if i == maxNotices {
			fmt.Fprintf(r.e.err, "xmppscope: %d more such remarks\n", len(r.notices)-i)
			break
		}
		fmt.Fprintf(r.e.err, "xmppscope: %s\n", inspector.Disarm(n))
	}
	if r.over && r.ahead > 0 && r.events != r.ahead {
		fmt.Fprintf(r.e.err, "xmppscope: the input changed while it was read twice (%d events, then %d): of what shows only later about the rest, some may be missing\nhint: --follow reads a file that is still being written\n", r.ahead, r.events)
	}
	if r.hidden > 0 && r.read == 0 {
		fmt.Fprintf(r.e.err, "xmppscope: %s inside TLS and could not be read\nhint: %s\n", conversations(r.hidden), inspector.Disarm(r.keysHint()))
	}
	if r.events > 0 || !r.over {
		return
	}
	var names []string
	for _, in := range r.inputs {
		names = append(names, in.Name)
	}
	fmt.Fprintf(r.e.err, "xmppscope: %s: no XMPP: %s\n", inspector.Disarm(strings.Join(names, ", ")), r.tally.String())
}

// keysHint says what to do where no TLS could be read: keys that were given
// are not asked for once more.
func (r *reading) keysHint() string {
	secrets, _ := r.options.Keys.Counts()
	switch {
	case r.named:
		return "there are secrets that belong to this capture; why they are of no use is told at each part that could not be read"
	case secrets > 0:
		return fmt.Sprintf("of the secrets given (%d) none belongs to this capture: a key log must be written while the capture is made", secrets)
	case len(r.flags.keylogs) > 0:
		return strings.Join(r.flags.keylogs, ", ") + " has no TLS keys: " + keyLogLines
	}
	return "give the key log of one of the programs with --keylog FILE"
}

// keyLogLines says how to know a key log.
const keyLogLines = "the lines of a key log begin with words such as CLIENT_RANDOM"

func conversations(n int) string {
	if n == 1 {
		return "1 conversation goes on"
	}
	return fmt.Sprintf("%d conversations go on", n)
}

// bits is a growing set of small numbers.
type bits []uint64

func (b *bits) set(n uint) {
	for uint(len(*b)) <= n/64 {
		*b = append(*b, 0)
	}
	(*b)[n/64] |= 1 << (n % 64)
}

func (b bits) has(n uint) bool { return n/64 < uint(len(b)) && b[n/64]&(1<<(n%64)) != 0 }
