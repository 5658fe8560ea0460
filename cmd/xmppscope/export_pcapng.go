package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"

	"xmppscope/captures"
	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/inspector"
)

// pcapngJob writes conversations to a capture file that other programs open.
type pcapngJob struct {
	flags *captureFlags
	args  []string
	path  string
	plain bool
}

const formatPcapng = "pcapng"

// check says what is wrong with the command line.
func (j *pcapngJob) check(e *env) error {
	_, seen := terminal(e.out)
	switch {
	case j.path == "", j.path == "-" && seen:
		return usage("export", "a capture is not for the terminal", "name a file with -o FILE, or -o - for a pipe")
	}
	return notOver(j.path, j.flags, j.args)
}

// exportPcapng writes the chosen conversations. Where reading fails or is
// interrupted after something was written, that is kept: it is whole.
func (e *env) exportPcapng(ctx context.Context, j pcapngJob) error {
	if err := j.check(e); err != nil {
		return err
	}
	args, again, err := e.spooled(ctx, j.args)
	if err != nil {
		return err
	}
	defer again.remove()
	r, err := e.open(j.flags, args)
	if err != nil {
		return err
	}
	again.serve(ctx, r)
	r.inputs = []captures.Input{captures.Merged(r.inputs)}
	out, err := e.create(ctx, j.path)
	if err != nil {
		return err
	}
	defer out.discard()
	p := r.watch()
	write := e.writePackets
	if j.plain {
		write = e.writePlain
	}
	frames, err := write(ctx, r, out)
	p.done()
	if err != nil && frames == 0 {
		return err
	}
	r.remarks()
	if err == nil && frames == 0 && r.events > 0 {
		fmt.Fprintf(e.err, "xmppscope: %s: no packet in it: nothing that was chosen has bytes of its own\n", inspector.Disarm(out.path))
	}
	if kept := out.commit(); kept != nil {
		return kept
	}
	e.unfinished(out, err)
	return err
}

// pcapngPlan is what a first reading finds out: which conversations and which
// events are wanted.
type pcapngPlan struct {
	all    bool
	conns  map[decode.ConnID]bool
	events bits
}

// plan reads with the filter, and lifts it.
func (r *reading) plan(ctx context.Context) (*pcapngPlan, error) {
	p := &pcapngPlan{all: r.filter.All(), conns: map[decode.ConnID]bool{}}
	if p.all {
		return p, nil
	}
	carried := false
	err := r.each(ctx, func(i captures.Item) error {
		if e := i.Event; e != nil {
			p.conns[e.Conn] = true
			p.events.set(uint(e.Seq))
			p.events.set(uint(e.Carrier)) // 0 is no event
			carried = carried || e.Carrier > 0
		}
		return nil
	})
	r.filter = nil
	if err != nil || !carried {
		return p, err
	}
	// On BOSH half an exchange of HTTP says nothing.
	return p, r.each(ctx, func(i captures.Item) error {
		if e := i.Event; e != nil && e.Step == decode.StepBOSHData && e.Reply > 0 {
			if p.events.has(uint(e.Seq)) || p.events.has(uint(e.Reply)) {
				p.events.set(uint(e.Seq))
				p.events.set(uint(e.Reply))
			}
		}
		return nil
	})
}

func (p *pcapngPlan) conversation(c decode.ConnID) bool { return p.all || p.conns[c] }

// event tells whether an event is written in the clear. Frames of WebSocket
// mean nothing without the request that made way for them.
func (p *pcapngPlan) event(e *decode.Event) bool {
	return p.all || p.events.has(uint(e.Seq)) || p.conns[e.Conn] && e.Step == decode.StepWSHandshake
}

// remark is what a frame says about an event, without its number.
func remark(e *decode.Event) string { return explain.Who(e) + " " + explain.Title(e) }

// writePackets copies the packets of the chosen conversations, with the keys of
// these and of nobody else.
func (e *env) writePackets(ctx context.Context, r *reading, out io.Writer) (uint32, error) {
	plan, err := r.plan(ctx)
	if err != nil {
		return 0, err
	}
	s := captures.Selection{Progress: r.options.Progress}
	err = r.each(ctx, func(i captures.Item) error {
		switch {
		case i.Event == nil && plan.conversation(i.Conversation.Conn):
			s.Secrets = append(s.Secrets, r.keysOf(i.Conversation)...)
		case i.Event != nil && plan.conversation(i.Event.Conn) && len(i.Event.Frames) > 0:
			frames := i.Event.Frames
			s.Take(frames...)
			s.Note(slices.Max(frames), i.Event.Seq, remark(i.Event))
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return s.Copy(ctx, r.inputs[0], out)
}

// keysOf are the lines of the key log that belong to a conversation. It says so
// where there are none although it was decrypted.
func (r *reading) keysOf(c *decode.Conversation) (lines []byte) {
	for i := range c.Randoms {
		lines = append(lines, r.options.Keys.Lines(&c.Randoms[i])...)
	}
	if c.Decrypted && len(lines) == 0 {
		r.notices = append(r.notices, fmt.Sprintf("conversation %d: its keys stand in a form that names no handshake, and are not in what was written", c.Conn))
	}
	return lines
}

// writePlain writes the events that fit as TCP in the clear.
func (e *env) writePlain(ctx context.Context, r *reading, out io.Writer) (uint32, error) {
	plan, err := r.plan(ctx)
	if err != nil {
		return 0, err
	}
	w := captures.NewWriter(out, nil)
	p := plainExport{plan: plan, waiting: map[decode.ConnID]*carrier{}}
	p.out = captures.NewPlainWriter(w, sync.OnceValues(func() (*captures.Trace, error) {
		return captures.NewTrace(ctx, r.inputs[0], captures.OpenOptions{})
	}))
	r.begin = p.out.Begin
	err = r.each(ctx, p.item)
	if flushed := w.Flush(); flushed != nil {
		return 0, flushed
	}
	return w.Frames(), err
}

// plainExport writes events. What carries others waits for them: they tell what
// its frame is about.
type plainExport struct {
	out     *captures.PlainWriter
	plan    *pcapngPlan
	waiting map[decode.ConnID]*carrier
}

type carrier struct {
	event   decode.Event
	comment string
}

func (p *plainExport) item(i captures.Item) error {
	if i.Event == nil {
		if err := p.bring(i.Conversation.Conn); err != nil {
			return err
		}
		return p.out.End(i.Conversation)
	}
	e := i.Event
	comment := fmt.Sprintf("%d %s", e.Seq, remark(e))
	if c := p.waiting[e.Conn]; c != nil && e.Carrier == c.event.Seq {
		if len(c.comment) < maxFrameComment {
			c.comment += "; " + comment
		}
		return nil
	}
	if err := p.bring(e.Conn); err != nil {
		return err
	}
	switch {
	case !p.plan.event(e):
		return p.out.Skip(e)
	case e.Step == decode.StepBOSHData:
		p.waiting[e.Conn] = &carrier{*e, comment}
		return nil
	}
	return p.out.Event(e, comment)
}

// maxFrameComment bounds the comment of one frame, in bytes.
const maxFrameComment = 2000

// bring writes what waits.
func (p *plainExport) bring(conn decode.ConnID) error {
	c := p.waiting[conn]
	if c == nil {
		return nil
	}
	delete(p.waiting, conn)
	return p.out.Event(&c.event, c.comment)
}
