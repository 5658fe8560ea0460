package linear

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// voice is the one door to the terminal: all that passes is disarmed, a line at
// a time. It stops in the middle of a long answer when Ctrl-C was pressed.
type voice struct {
	w          *bufio.Writer
	interrupts <-chan os.Signal
	broken     bool // the answer was broken off
	failed     error
}

func newVoice(w io.Writer, interrupts <-chan os.Signal) *voice {
	return &voice{w: bufio.NewWriterSize(w, 32<<10), interrupts: interrupts}
}

// say says one thought on one line.
func (v *voice) say(format string, args ...any) {
	if v.stopped() {
		return
	}
	text := format
	if len(args) > 0 {
		text = fmt.Sprintf(format, args...)
	}
	v.put(inspector.Disarm(strings.TrimRight(text, " ")) + "\n")
}

func (v *voice) put(text string) {
	if v.failed == nil {
		_, v.failed = v.w.WriteString(text)
	}
}

func (v *voice) flush() {
	if err := v.w.Flush(); err != nil && v.failed == nil {
		v.failed = err
	}
}

// stopped tells whether nobody wants to hear the rest.
func (v *voice) stopped() bool {
	if v.broken {
		return true
	}
	select {
	case <-v.interrupts:
		v.put("Broken off.\n")
		v.broken = true
	default:
	}
	return v.broken
}

// maxSaid is how many bytes of one value are said; commands tell how to hear more.
const maxSaid = 2000

// capped cuts a long text, and says how much is left out.
func capped(s string, most int) string {
	if len(s) <= most {
		return s
	}
	left := len(s) - most
	return strings.ToValidUTF8(s[:most], "") + fmt.Sprintf(" (and %s more)", counted(left, "byte"))
}

// number is how an event is called.
func number(s decode.Seq) string { return fmt.Sprintf("#%d", s) }

// counted is a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// sentence ends a text as one.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?:") {
		return s
	}
	return s + "."
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

func upperFirst(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}
