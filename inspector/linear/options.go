package linear

import (
	"context"
	"io"
	"os"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/inspector"
	"xmppscope/inspector/live"
)

// Source is what is looked at: a capture, or connections that are open.
type Source struct {
	// Title names it, for example the file.
	Title string
	// Store holds its events. It may grow.
	Store *inspector.Store
	// Load fills the store; nil where it is full already. It runs in a goroutine
	// of its own and ends soon after ctx does. progress may be called from it with
	// bytes read and bytes in all, -1 where that is not known.
	Load func(ctx context.Context, progress func(done, total int64)) error
	// Filter is an expression of inspector.Compile to begin with.
	Filter string
	// Follow is set where the input may go on for ever.
	Follow bool
	// Keylog, where set, gives the same input with one more key log; nil where the
	// keys count for what comes from now on.
	Keylog func(path string) (*Source, error)
	// Hidden, where set, counts the connections inside TLS of which nobody can tell
	// whether they are XMPP. It is called when Load has ended.
	Hidden func() int64
	// Live, where set, is what stands behind connections that are open. It counts
	// until Load has ended.
	Live live.Watch
	// Write, where set, writes a capture file with the marks and notes of the store
	// and says what was written. Where the file is there already and over is not
	// set, the error is fs.ErrExist.
	Write func(ctx context.Context, path string, over bool) (string, error)
	// Faults, where set, are what a practice server behind it can do wrong.
	Faults live.Faults
	// Close, where set, is called when nobody looks any more and Load has ended.
	Close func()
}

// Choice is one recording that can be opened by its name.
type Choice struct {
	Name, Title, About string
}

// Options of Run.
type Options struct {
	// Source is what to begin with; nil offers the choices.
	Source *Source
	// Teach, where set, is what is needed to give lessons; Learn begins with them.
	Teach *Teaching
	Learn bool
	// Choices are offered by the verb open.
	Choices []Choice
	// Open makes a source of the name of a choice or of a file; without it nothing
	// else can be opened.
	Open func(name string) (*Source, error)
	// Verify checks the login that an event belongs to; nil where no password is
	// known.
	Verify func(*decode.Event) (sasl.Verdict, bool)
	// Explain writes what is known of a term; nil where nothing is.
	Explain func(w io.Writer, term string) error
	// Editor lets a person change a text in a program of their own; nil where
	// there is none.
	Editor func(ctx context.Context, text string) (string, error)
	// First is said before anything else, such as why there is no screen.
	First string

	// In are the verbs, a line each, Out is what is said.
	In  io.Reader
	Out io.Writer
	// Typed is set where a person types In; else each verb is repeated in Out, so
	// that this reads as it would have on a terminal.
	Typed bool
	// Quiet is how long a script waits where nothing happens, 30 seconds by default.
	// A person may wait for ever.
	Quiet time.Duration
	// Interrupts are the presses of Ctrl-C; nil where nobody can press it.
	Interrupts <-chan os.Signal
}
