package probe

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// Bounds of what is typed.
const (
	maxLine  = 1 << 20
	maxTyped = 4 << 20
)

// ConsoleHelp lists what a console understands, one line each.
const ConsoleHelp = `XML is sent when it is complete, which may take several lines.
:raw TEXT   sends TEXT as it is, with \n for the end of a line
:drop       forgets what was typed and is not complete
:quit       closes the stream; so does the end of the input`

// Console goes on with a stream by hand: what is read from in goes to the
// server, until the stream ends, in ends, or ctx does. Everything that passes
// is told as events. say gets remarks for whoever types. The end of in closes
// the stream; the server has grace for what it still has to say.
//
// A read of in cannot be interrupted: its goroutine stays until in has more, or
// ends.
func (s *Stream) Console(ctx context.Context, in io.Reader, grace time.Duration, say func(string)) error {
	lines, quit := make(chan string), make(chan struct{})
	defer close(quit)
	go readLines(in, lines, quit, say)
	ended := make(chan struct{})
	var why error
	go func() { defer close(ended); why = s.pump() }()
	defer func() { // Close reads by itself
		_ = s.Leg.Conn.SetReadDeadline(time.Unix(1, 0))
		<-ended
		_ = s.Leg.Conn.SetReadDeadline(time.Time{})
	}()
	t := typed{say: say}
	t.reset()
	var late <-chan time.Time // set once we have closed our half
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-late:
			say("the server did not close its stream in time")
			return nil
		case <-ended:
			if late != nil && errors.Is(why, io.EOF) {
				return nil
			}
			return errGone(why)
		case line, more := <-lines:
			if more && strings.TrimSpace(line) != ":quit" {
				if err := s.typed(&t, line); err != nil {
					return err
				}
				continue
			}
			t.leave()
			lines = nil
			if err := s.Quit(); err != nil {
				return err
			}
			late = time.After(grace)
		}
	}
}

// pump reads until the server's stream or connection ends.
func (s *Stream) pump() error {
	for {
		err := s.Next()
		s.news() // nobody waits for any
		if err != nil {
			return err
		}
		if !s.State().Open[decode.FromReceiver] {
			return io.EOF
		}
	}
}

func readLines(in io.Reader, lines chan<- string, quit <-chan struct{}, say func(string)) {
	defer close(lines)
	r := bufio.NewScanner(in)
	r.Buffer(nil, maxLine)
	for r.Scan() {
		select {
		case lines <- r.Text() + "\n":
		case <-quit:
			return
		}
	}
	if err := r.Err(); err != nil {
		say("the input cannot be read any more: " + err.Error())
	}
}

// typed sends what a line completes.
func (s *Stream) typed(t *typed, line string) error {
	command, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
	switch {
	case command == ":raw":
		return s.Send([]byte(strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t", `\r`, "\r").Replace(rest)))
	case command == ":drop":
		t.reset()
		return nil
	case strings.HasPrefix(command, ":") && t.empty():
		t.say(ConsoleHelp)
		return nil
	}
	for _, xml := range t.push(line) {
		if err := s.Send(xml); err != nil {
			return err
		}
	}
	return nil
}

// typed is XML that comes line by line.
type typed struct {
	framer *xmlstream.Framer
	say    func(string)
}

// inside is a header around what is typed, so that it reads as a stream.
const inside = "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

func (t *typed) reset() {
	t.framer = xmlstream.NewFramer(xmlstream.Options{MaxUnit: maxTyped})
	t.framer.Push([]byte(inside))
	t.framer.Next()
}

func (t *typed) empty() bool { return strings.TrimSpace(string(t.framer.Unread())) == "" }

// push takes a line and returns the elements that are complete. What is broken
// is not sent.
func (t *typed) push(line string) (all [][]byte) {
	t.framer.Push([]byte(line))
	for {
		u, ok := t.framer.Next()
		switch {
		case !ok:
			return all
		case u.Kind == xmlstream.Space:
		case u.Kind == xmlstream.Element && u.Err == nil:
			all = append(all, u.Wire)
		case u.Kind == xmlstream.Close:
			t.say("the end of the stream is sent by :quit")
			t.reset()
		default:
			why := "it is no element"
			if u.Err != nil {
				why = u.Err.Text
			}
			t.say(fmt.Sprintf("not sent: %s (:raw sends anything)", why))
			t.reset()
			return all
		}
	}
}

// leave says what was not sent.
func (t *typed) leave() {
	if !t.empty() {
		t.say("not sent: the last element is not complete")
	}
}
