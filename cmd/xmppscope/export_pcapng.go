package main

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"

	"xmppscope/captures"
	"xmppscope/decode"
	"xmppscope/decode/explain"
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
func (j *pcapngJob) check() error {
	switch {
	case j.path == "":
		return usage("export", "a capture is not for the terminal", "name a file with -o FILE")
	case len(j.args) != 1 || j.flags.live():
		return usage("export", "a capture is written from one capture file", "")
	}
	a, err1 := os.Stat(j.args[0])
	b, err2 := os.Stat(j.path)
	if err1 == nil && err2 == nil && os.SameFile(a, b) {
		return usage("-o", "the capture would be written over itself", "name another file")
	}
	return nil
}

// exportPcapng writes the chosen conversations.
func (e *env) exportPcapng(ctx context.Context, j pcapngJob) error {
	if err := j.check(); err != nil {
		return err
	}
	if j.args[0] == "-" {
		path, err := e.spool(ctx)
		if err != nil {
			return err
		}
		defer os.Remove(path)
		j.args = []string{path}
	}
	r, err := e.open(j.flags, j.args)
	if err != nil {
		return err
	}
	out, err := e.create(j.path)
	if err != nil {
		return err
	}
	defer out.discard()
	if j.plain {
		err = e.writePlain(ctx, r, out)
	} else {
		err = e.writePackets(ctx, r, out)
	}
	if err != nil {
		return err
	}
	r.remarks()
	return out.commit()
}

// spool copies standard input to a file that can be read twice. Only its owner
// may read it.
func (e *env) spool(ctx context.Context) (string, error) {
	f, err := os.CreateTemp("", "xmppscope-*.cap") // mode 0600
	if err != nil {
		return "", cannot("a temporary file", err)
	}
	_, err = io.Copy(f, readerFunc(func(p []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return e.in.Read(p)
	}))
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(f.Name())
		return "", cannot("standard input", err)
	}
	return f.Name(), nil
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// writePlain writes the events that fit as TCP in the clear.
func (e *env) writePlain(ctx context.Context, r *reading, out io.Writer) error {
	w := captures.NewWriter(out, nil)
	p := captures.NewPlainWriter(w)
	r.begin = p.Begin
	err := r.each(ctx, func(i captures.Item) error {
		if i.Event == nil {
			return p.End(i.Conversation)
		}
		return p.Event(i.Event, explain.Title(i.Event))
	})
	if err != nil {
		return err
	}
	return w.Flush()
}

// writePackets reads twice: what belongs to the chosen conversations, then
// their packets.
func (e *env) writePackets(ctx context.Context, r *reading, out io.Writer) error {
	s := captures.Selection{Frames: map[uint32]string{}}
	wanted := map[decode.ConnID]bool{}
	if !r.filter.All() {
		if err := r.each(ctx, func(i captures.Item) error {
			if i.Event != nil {
				wanted[i.Event.Conn] = true
			}
			return nil
		}); err != nil {
			return err
		}
	}
	all := r.filter.All()
	r.filter = nil
	err := r.each(ctx, func(i captures.Item) error {
		switch {
		case i.Event == nil && (all || wanted[i.Conversation.Conn]):
			r.choose(&s, i.Conversation)
		case i.Event != nil && (all || wanted[i.Event.Conn]):
			comment(&s, i.Event)
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = s.Copy(ctx, r.inputs[0], out)
	return err
}

// choose wants the packets of a conversation and embeds its keys, and nobody
// else's.
func (r *reading) choose(s *captures.Selection, c *decode.Conversation) {
	for _, two := range append([][2]string{{c.Initiator, c.Receiver}}, c.Also...) {
		a, err1 := netip.ParseAddrPort(two[0])
		b, err2 := netip.ParseAddrPort(two[1])
		if err1 == nil && err2 == nil {
			s.Connection(a, b)
		}
	}
	for i := range c.Randoms {
		s.Secrets = append(s.Secrets, r.options.Keys.Lines(&c.Randoms[i])...)
	}
}

// maxFrameComment bounds the comment of one frame, in bytes.
const maxFrameComment = 2000

// comment names an event at the last frame that carried it.
func comment(s *captures.Selection, e *decode.Event) {
	if len(e.Frames) == 0 {
		return
	}
	last := e.Frames[len(e.Frames)-1]
	for _, f := range e.Frames {
		if _, ok := s.Frames[f]; !ok {
			s.Frames[f] = ""
		}
	}
	text := fmt.Sprintf("%d %s %s", e.Seq, explain.Who(e), explain.Title(e))
	if have := s.Frames[last]; have == "" {
		s.Frames[last] = text
	} else if len(have) < maxFrameComment && !strings.HasSuffix(have, text) {
		s.Frames[last] = have + "; " + text
	}
}
