package linear

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"xmppscope/inspector"
)

// maxListed is how many conversations are said unasked.
const maxListed = 5

// summary says what was opened, where the person is, and what is wrong.
func (t *talk) summary() {
	store := t.src.Store
	all := store.Conversations()
	t.say("%s: %s, %s.", t.src.Title, counted(len(all), "conversation"), counted(store.Len(), "event"))
	for i := range all {
		if i == maxListed {
			t.say("There are %d more; conversations says all.", len(all)-i)
			break
		}
		t.conversation(&all[i])
	}
	if n := store.Remarks().All(); len(n) > 0 {
		t.say("%s marked or have a note; marks says them.", pick(len(n) == 1, "1 event is", fmt.Sprintf("%d events are", len(n))))
	}
	t.hidden()
	t.trouble()
	if f := t.session.View().Filter(); !f.All() {
		t.say("The filter %s lets %s through.", f.Text(), counted(t.session.View().Len(), "event"))
	}
	if t.session.Row() >= 0 {
		t.say("You are at the first event. help says what can be done.")
		t.here()
	} else {
		t.say("There is nothing to walk through. help says what can be done.")
	}
}

// hidden says that something could not be read for want of keys.
func (t *talk) hidden() {
	n := 0
	for _, c := range t.src.Store.Conversations() {
		if c.Encrypted && !c.Decrypted {
			n++
		}
	}
	if t.src.Hidden != nil && !t.load.running() {
		n += int(t.src.Hidden())
	}
	if n > 0 && t.src.Keylog != nil {
		t.say("%s inside TLS could not be read. keylog FILE reads again with the keys in a file.", upperFirst(counted(n, "conversation")))
	}
}

// trouble says what failed first, and how much is wrong.
func (t *talk) trouble() {
	store := t.src.Store
	n, first := 0, -1
	for row := range store.Len() {
		if failed(store.Row(row)) {
			if n++; first < 0 {
				first = row
			}
		}
	}
	if first >= 0 {
		t.say("%s a failure; the first is %s", pick(n == 1, "1 event tells of", fmt.Sprintf("%d events tell of", n)), t.brief(first))
		t.say("goto %d goes there. why says what can be asked about it.", store.Row(first).Seq())
	}
	var parts []string
	for _, l := range [...]inspector.Level{inspector.LevelError, inspector.LevelWarning, inspector.LevelNote} {
		if n := store.Found().Count(l); n > 0 {
			parts = append(parts, counted(n, l.String()))
		}
	}
	if len(parts) > 0 {
		t.say("The rules found %s. findings says them.", strings.Join(parts, ", "))
	}
}

// offer says what can be opened.
func (t *talk) offer() {
	if len(t.o.Choices) == 0 {
		t.say("open and the name of a capture file opens it.")
		return
	}
	t.say("These recordings come with the program; open and a name opens one. A capture file is opened by its name too.")
	for _, c := range t.o.Choices {
		t.say("%s", sentence(c.Name+": "+c.Title))
	}
	t.say("help says what can be done.")
}

// open changes to another capture.
func (t *talk) open(arg string) error {
	if arg == "" {
		t.offer()
		return nil
	}
	if t.o.Open == nil {
		return no("nothing else can be opened here", "")
	}
	if t.src != nil && t.live() {
		return no("connections are open here", "quit ends them; a capture is opened from the shell with xmppscope open --plain FILE")
	}
	for _, c := range t.o.Choices { // without the word before the colon too
		if _, short, _ := strings.Cut(c.Name, ":"); short == arg {
			arg = c.Name
		}
	}
	src, err := t.o.Open(arg)
	if err != nil {
		return err
	}
	t.look(src)
	return nil
}

// keylog reads again with more keys.
func (t *talk) keylog(arg string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	if t.src.Keylog == nil {
		return no("keys cannot be added here", "give them with --keylog at the start")
	}
	if arg == "" {
		return no("keylog needs the file that a program wrote where SSLKEYLOGFILE was set", "")
	}
	src, err := t.src.Keylog(arg)
	switch {
	case err != nil:
		return err
	case src == nil && !t.load.running():
		return no("this input cannot be read again", "give the keys with --keylog at the start")
	case src == nil:
		t.say("The keys count for what comes from here on.")
	default:
		t.look(src)
	}
	return nil
}

// write saves what is looked at.
func (t *talk) write(arg string) error {
	if err := t.needSource(); err != nil {
		return err
	}
	if t.src.Write == nil {
		return no("this cannot be written", "xmppscope export and --record write captures")
	}
	if arg == "" {
		return no("write needs the name of a file", "for example write session.pcapng")
	}
	said, err := t.src.Write(t.ctx, arg, false)
	if errors.Is(err, fs.ErrExist) {
		if !t.yes("%s is there already. Write over it? Answer y or n.", arg) {
			t.say("Nothing was written.")
			return nil
		}
		said, err = t.src.Write(t.ctx, arg, true)
	}
	if err != nil {
		return err
	}
	t.say("Written to %s: %s", arg, sentence(said))
	return nil
}

// yes asks something that is answered by y or n.
func (t *talk) yes(format string, args ...any) bool {
	t.say(format, args...)
	line, ok := t.inside("(y or n) ")
	line = strings.ToLower(strings.TrimSpace(line))
	return ok && (line == "y" || line == "yes")
}

// quit leaves.
func (t *talk) quit(string) error {
	if t.src != nil && t.live() {
		if n := len(t.src.Live.Held()); n > 0 {
			open := max(t.standing().Open, 1) // what holds something is open
			t.say("%s held and would be lost; %s would end.", pick(n == 1, "1 unit is", fmt.Sprintf("%d units are", n)), counted(open, "open connection"))
			if !t.yes("Leave all the same? Answer y or n. After n, continue lets everything go on.") {
				t.say("You stay.")
				return nil
			}
			t.sure = true
		}
	}
	t.over = true
	return nil
}
