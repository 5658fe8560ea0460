package captures

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"xmppscope/decode"
)

// Selection is what of a capture is to be written to another one: whole TCP
// connections, named by frames of theirs, and frames of anything else. The zero
// value is empty.
type Selection struct {
	// Secrets is a TLS key log to embed.
	Secrets []byte
	// Everything wants all packets, and all keys that are in the capture.
	Everything bool
	// Progress is told how far reading has come, as that of [OpenOptions].
	Progress func(read, total int64)

	frames  frameSet
	remarks []Remark
	notes   []note
	texts   []string
	known   map[string]uint32
}

// note is a remark on a frame: that an event is complete with it. There may be
// millions.
type note struct {
	frame uint32
	seq   decode.Seq
	text  uint32
}

// Limits of the texts of notes: how many different ones, and bytes of one.
const (
	maxTexts = 1 << 18
	maxText  = 300
)

// Take wants frames, and with them all of the TCP connection they belong to.
func (s *Selection) Take(frames ...uint32) {
	for _, f := range frames {
		s.frames.add(f)
	}
}

// Note puts the number of an event and a text in the comment of a frame.
func (s *Selection) Note(frame uint32, seq decode.Seq, text string) {
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "") + "…"
	}
	i, ok := s.known[text]
	if !ok {
		if s.known == nil {
			s.known, s.texts = map[string]uint32{"": 0}, []string{""}
		}
		if len(s.texts) < maxTexts {
			i = uint32(len(s.texts))
			s.texts = append(s.texts, text)
			s.known[text] = i
		}
	}
	s.notes = append(s.notes, note{frame, seq, i})
}

// Remark keeps what a person wrote at an event, in a comment of the frame that
// completed it; what is of no event goes to the first packet.
func (s *Selection) Remark(r Remark) { s.remarks = append(s.remarks, r) }

// maxFrameComment bounds the comment of one frame, in bytes: thousands of
// elements may come in one.
const maxFrameComment = 2000

// comment joins the notes on a frame. Frames are asked for in order.
func (s *Selection) comment(frame uint32) (text string) {
	for len(s.notes) > 0 && s.notes[0].frame <= frame {
		n := s.notes[0]
		s.notes = s.notes[1:]
		switch {
		case n.frame < frame || len(text) >= maxFrameComment:
			continue
		case text != "":
			text += "; "
		}
		if text += strconv.FormatUint(uint64(n.seq), 10); n.text > 0 {
			text += " " + s.texts[n.text]
		}
		if len(text) >= maxFrameComment {
			text += "; …"
		}
	}
	return text
}

// comments are all comments of a packet: what its events are, what a proxy did,
// and what a person wrote.
func (s *Selection) comments(p *Packet) (all []string) {
	if text := s.comment(p.Frame); text != "" {
		all = append(all, clean(text))
	}
	for i := range p.Marks {
		all = append(all, comments(&p.Marks[i])...)
	}
	for len(s.remarks) > 0 && s.remarks[0].Event.Frame <= p.Frame {
		if r := &s.remarks[0]; r.Event.Frame == p.Frame || r.Event.Frame == 0 {
			all = append(all, r.comment())
		}
		s.remarks = s.remarks[1:]
	}
	return all
}

// Copy reads a capture twice and writes what was selected of it, in the order
// of the file, with link types and time stamps as they are, and the marks of a
// recording. It returns how many
// packets that was. When ctx is done, what was written until then is whole.
func (s *Selection) Copy(ctx context.Context, in Input, w io.Writer) (uint32, error) {
	slices.SortStableFunc(s.notes, func(a, b note) int { return cmp.Compare(a.frame, b.frame) })
	slices.SortStableFunc(s.remarks, func(a, b Remark) int { return cmp.Compare(a.Event.Frame, b.Event.Frame) })
	o := OpenOptions{Progress: s.Progress}
	trace, err := NewTrace(ctx, in, o)
	if err != nil && (trace == nil || ctx.Err() != nil) {
		return 0, err
	}
	var flows frameSet
	for f := range trace.of {
		if s.frames.has(uint32(f + 1)) {
			flows.add(trace.flow(uint32(f + 1)))
		}
	}
	o.Stop = ctx
	src, err := in.open(ctx, o)
	if err != nil {
		return 0, err
	}
	defer src.Close()
	program := writerName
	if trace.recorded {
		program = recorderName
	}
	out := newWriter(w, program)
	out.names = trace.recorded
	out.secrets(s.Secrets)
	for _, one := range trace.secrets {
		if s.Everything && one.Type == SecretTLS {
			out.secrets(one.Data)
		}
	}
	var p Packet
	for ctx.Err() == nil && err == nil {
		if err = src.Next(&p); err != nil {
			break
		}
		if flow := trace.flow(p.Frame); s.Everything || s.frames.has(p.Frame) || flow > 0 && flows.has(flow) {
			err = out.packet(&p, s.comments(&p))
		}
	}
	if err == nil || err == io.EOF {
		err = ctx.Err()
	}
	if flushed := out.Flush(); flushed != nil {
		err = flushed
	}
	return out.Frames(), err
}

// frameSet is a set of small numbers.
type frameSet []uint64

func (s *frameSet) add(n uint32) {
	for int64(len(*s)) <= int64(n/64) {
		*s = append(*s, 0)
	}
	(*s)[n/64] |= 1 << (n % 64)
}

func (s frameSet) has(n uint32) bool {
	return int64(n/64) < int64(len(s)) && s[n/64]&(1<<(n%64)) != 0
}
