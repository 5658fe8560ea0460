package tui

import (
	"context"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/inspector"
	"xmppscope/inspector/live"
	"xmppscope/lessons/course"
)

// Source is a capture to look at.
type Source struct {
	// Title names it in the header line, for example the file.
	Title string
	// Store holds its events. It may be empty at first and grow.
	Store *inspector.Store
	// Load fills the store; nil where it is full already. It runs in a
	// goroutine of its own, may last as long as the program (a file that
	// grows, an interface) and ends soon after ctx does. progress may be
	// called from it at any time with bytes read and bytes in all, -1 where
	// that is not known.
	Load func(ctx context.Context, progress func(done, total int64)) error
	// Filter is an expression of inspector.Compile to begin with, as if it had
	// been typed at f.
	Filter string
	// Follow keeps the cursor on the newest event until the person moves it.
	Follow bool
	// Keylog, where set, gives the same capture to be read once more, with the
	// key log file of this path besides the keys it was read with. It returns
	// nil where nothing can be read again, as from an interface, and the keys
	// were added to what is being read. Like Options.Open it must not read the
	// capture. The error, such as that of a file that is no key log, is shown.
	Keylog func(path string) (*Source, error)
	// Hidden, where set, counts the connections inside TLS of which nobody can
	// tell without keys whether they are XMPP. It is called when Load has ended.
	Hidden func() int64
	// Live, where set, is what stands behind events that come from connections
	// that are open. It counts until Load has ended.
	Live Live
	// Write, where set, writes what is looked at to a capture file, with the marks
	// and notes of the store, and tells in words what was written. Where the file
	// is there already and over is not set, the error is fs.ErrExist. It may take
	// long, and runs in a goroutine of its own.
	Write func(ctx context.Context, path string, over bool) (string, error)
	// Verify, where set, counts for this source instead of Options.Verify.
	Verify func(e *decode.Event) (sasl.Verdict, bool)
	// Forms are what can be done with this source besides looking at it.
	Forms []Form
	// Faults, where set, are what a practice server behind it can do wrong.
	Faults live.Faults
	// Close, where set, is called when the source is no longer looked at and
	// Load has ended.
	Close func()
}

// Choice is one capture that the start screen and the key o offer.
type Choice struct {
	// Group is the heading it stands under, such as "Recordings that come
	// with xmppscope".
	Group string
	// Name is short and unique; Open is called with it.
	Name string
	// Title is one line, About a few lines that say what is to be seen.
	Title, About string
}

// Options of Run.
type Options struct {
	// Source is what to show first; nil shows the start screen.
	Source *Source
	// Choices are offered by the start screen and by o.
	Choices []Choice
	// Recent, where set, lists what was looked at lately. It is asked for every
	// time it is shown.
	Recent func() []Choice
	// Teach, where set, gives the lessons; nil where they cannot be read. It is
	// asked once, when somebody first wants to see them. Learn begins with them.
	Teach func() *Teaching
	Learn bool
	// Seat, where set, is a place in a class that is held elsewhere: its lesson is
	// taken, and nothing else.
	Seat course.Seat
	// Class, where set, looks on.
	Class Class
	// Forms are what can be begun with choices of its own.
	Forms []Form
	// OpenWith, where set, is the form in which a capture is opened in another
	// way than as it is.
	OpenWith func(name string) *Form
	// Open makes a source of the Name of a choice or of a file name that was
	// typed. It must not read the capture, that is the task of Load: it is
	// called while the screen waits. The error is shown. Without Open nothing
	// else can be opened.
	Open func(name string) (*Source, error)
	// Verify checks the login that an event belongs to against what is known
	// of the account, as inspector.Secrets does; false where nothing is known.
	// It may take a second and runs in goroutines of its own. Nil where no
	// password was given.
	Verify func(e *decode.Event) (sasl.Verdict, bool)
	// Skin is one of Skins; empty for what was chosen on the screen last, else for
	// middle colours on the terminal's own background. ASCII keeps to characters
	// that every terminal has.
	Skin  string
	ASCII bool
	// Style is one of Styles, empty for colours that suit dark and light
	// terminals alike.
	Style string
	// NoColor uses bold, underline and reverse only. It is implied by NO_COLOR
	// in the environment and by a terminal without colours.
	NoColor bool
	// State is the folder in which the screen remembers how it was left, and where
	// it writes a report of a fault of its own; empty for none. It is made where
	// it is not there.
	State string
	// Version is what a report says of the program.
	Version string
	// Screen replaces the terminal, for tests.
	Screen tcell.Screen
}
