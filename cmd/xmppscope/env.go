package main

import (
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"xmppscope/inspector/tui"
)

// env is what all commands share.
type env struct {
	*streams
	color string // --color
	look  look
	log   logFlags
	// plain is --plain; unfit is why it was set where nobody did, pressed are the
	// presses of Ctrl-C then.
	plain    bool
	unfit    string
	pressed  <-chan os.Signal
	tree     func(*env) *cobra.Command // all commands, for another env
	class    tui.Class                 // that looks on where the screen looks; nil for none
	host     *host                     // the screen that a command runs inside of; nil for none
	learning *learning                 // what learn was asked for; nil where it was not
	guest    *guests                   // the commands that run inside the screen of this one
}

// close gives back what commands opened.
func (e *env) close() { e.log.close() }

// terminal returns the file descriptor behind a stream where that is a
// terminal.
func terminal(s any) (fd int, ok bool) {
	f, isFile := s.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	return int(f.Fd()), true
}

// colored tells whether output to w gets colours.
func (e *env) colored(w io.Writer) bool {
	switch e.color {
	case "always":
		return true
	case "never":
		return false
	}
	_, ok := terminal(w)
	return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// width is how many columns prose may fill: the terminal's, within what reads
// well, or 80.
func (e *env) width() int {
	if fd, ok := terminal(e.out); ok {
		if w, _, err := term.GetSize(fd); err == nil && w > 0 {
			return min(max(w, 40), 120)
		}
	}
	return 80
}

// room is the debug log of one room; it discards what was not asked for.
func (e *env) room(name string) *slog.Logger { return e.log.room(name) }
