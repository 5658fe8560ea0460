package tui

import (
	"strings"
	"testing"

	"github.com/gdamore/tcell/v2"

	"xmppscope/inspector"
)

// typeIn presses keys in a box, written as in a list of words; a word that is no
// key is typed, _ is a blank.
func typeIn(t *testing.T, b *textBox, keys string) {
	t.Helper()
	for _, k := range strings.Fields(keys) {
		mods := tcell.ModNone
		name := k
		for _, m := range []struct {
			name string
			mod  tcell.ModMask
		}{{"Shift+", tcell.ModShift}, {"Ctrl+", tcell.ModCtrl}, {"Alt+", tcell.ModAlt}} {
			if rest, ok := strings.CutPrefix(name, m.name); ok {
				name, mods = rest, mods|m.mod
			}
		}
		var ev *tcell.EventKey
		for key, n := range tcell.KeyNames {
			if n == name || strings.Replace(n, "Ctrl-", "^", 1) == name {
				ev = tcell.NewEventKey(key, 0, mods)
			}
		}
		if ev != nil {
			b.key(ev, 10)
			continue
		}
		for _, r := range strings.ReplaceAll(name, "_", " ") {
			b.key(tcell.NewEventKey(tcell.KeyRune, r, mods), 10)
		}
	}
}

func TestTextBox(t *testing.T) {
	const family = "👨‍👩‍👧"
	for _, c := range []struct{ name, text, keys, want string }{
		{"type", "", "abc", "abc|"},
		{"enter", "ab", "Right Enter", "a\n|b"},
		{"back over a mark", "e\u0301x", "Right Backspace2", "|x"},
		{"one step over a family", family + "x", "Right", family + "|x"},
		{"and back", family + "x", "End Left Left", "|" + family + "x"},
		{"one step over a flag", "🇩🇪x", "Right", "🇩🇪|x"},
		{"wide", "世界", "Right Right Left", "世|界"},
		{"a byte that is no UTF-8", "a\xffb", "Right Right", "a\xff|b"},
		{"and back over it", "a\xffb", "End Left Left", "a|\xffb"},
		{"zero", "a\x00b", "Right Right Delete", "a\x00|"},
		{"carriage return", "a\r\nb", "Right Right Delete", "a\r|b"},
		{"home and end", "ab\ncd", "Down Right End", "ab\ncd|"},
		{"words", "<iq type='get'>", "Ctrl+Right Ctrl+Right", "<iq |type='get'>"},
		{"words back", "<iq type='get'>", "End Ctrl+Left", "<iq type='|get'>"},
		{"words by Alt", "one two", "Alt+f", "one |two"},
		{"erase a word", "one two", "End Alt+b Alt+d", "one |"},
		{"select and type", "abcd", "Shift+Right Shift+Right x", "x|cd"},
		{"select all", "ab\ncd", "Ctrl-A x", "x|"},
		{"cut the rest", "ab cd", "Right Ctrl-K", "a|"},
		{"ends of the text", "ab\ncd\nef", "Ctrl+End x Ctrl+Home y", "y|ab\ncd\nefx"},
		{"undo takes a run of letters", "ab", "xyz Ctrl-Z", "|ab"},
		{"redo", "ab", "xyz Ctrl-Z Ctrl-Y", "xyz|ab"},
		{"undo in steps", "ab", "x Right y Ctrl-Z", "xa|b"},
		{"undo of nothing", "ab", "Ctrl-Z Ctrl-Y", "|ab"},
		{"redo is over after a change", "ab", "x Ctrl-Z y Ctrl-Y", "y|ab"},
		{"up and down keep the column", "abcd\nx\nefgh", "Right Right Right Down Down", "abcd\nx\nefg|h"},
		{"up at the top", "abcd", "End Up", "|abcd"},
		{"down at the bottom", "abcd", "Down", "abcd|"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newTextBox(c.text)
			b.fit(40, 10)
			typeIn(t, b, c.keys)
			if got := b.text[:b.at] + "|" + b.text[b.at:]; got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// Rows are broken behind > or a blank, and hold every byte once.
func TestTextRows(t *testing.T) {
	text := "<iq type='get' id='p1' to='somebody@example.org'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>\n世界世界世界世界世界世界世界\n\n\x1b[31m" + strings.Repeat("x", 90) + "\xff\u202e"
	for _, w := range []int{5, 8, 20, 40, 300} {
		for _, nowrap := range []bool{false, true} {
			b := newTextBox(text)
			b.nowrap = nowrap
			b.fit(w, 10)
			at := 0
			for i, r := range b.rows {
				if r.start != at && (r.start != at+1 || text[at] != '\n') {
					t.Fatalf("width %d: row %d begins at %d, the one before ends at %d", w, i, r.start, at)
				}
				at = r.end
				if n := textWidth(text[r.start:r.end]); !nowrap && n > max(w, 4)-1 && r.end-r.start > clusterLen(text[r.start:]) {
					t.Errorf("width %d: row %d takes %d columns: %q", w, i, n, text[r.start:r.end])
				}
			}
			if at != len(text) {
				t.Errorf("width %d: the rows end at %d of %d", w, at, len(text))
			}
			// Each place is in one row, and can be found again by its column.
			for at := 0; at < len(text); at += clusterLen(text[at:]) {
				row := b.rowOf(at)
				if got := b.placeAt(row, b.column(at)); got != at && !(at == b.rows[row].end) {
					t.Fatalf("width %d: byte %d in row %d is found at %d", w, at, row, got)
				}
			}
		}
	}
}

// Whatever is typed or pasted, nothing that acts reaches the screen, and the
// bytes stay what they are.
func FuzzTextBox(f *testing.F) {
	f.Add("<a>\x1b[31m\u202e</a>", "x", uint16(3))
	f.Add("e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "\xff", uint16(1))
	f.Add("👨‍👩‍👧\r\n\x00", "世", uint16(9))
	f.Fuzz(func(t *testing.T, text, insert string, at uint16) {
		b := newTextBox(text)
		b.fit(20, 5)
		b.moveTo(0, false)
		for i := 0; i < int(at)%200; i++ {
			next := b.after(b.at)
			if next == b.at && b.at != len(b.text) {
				t.Fatal("the cursor does not move")
			}
			b.moveTo(next, false)
		}
		here := b.at
		b.insert(insert, false)
		b.insert("x", true)
		if want := text[:here] + insert + "x" + text[here:]; b.text != want {
			t.Fatalf("%q, want %q", b.text, want)
		}
		for b.undo() {
		}
		if b.text != text {
			t.Fatalf("undone it is %q, not %q", b.text, text)
		}
		for b.redo() {
		}
		for s := b.text; s != ""; s = s[clusterLen(s):] {
			if g := signOf(s[:clusterLen(s)]); inspector.Harmful(g) {
				t.Fatalf("%q is shown", g)
			}
		}
		b.fit(20, 5)
		b.upDown(-1, false)
		b.upDown(3, true)
		b.click(3, 2)
	})
}

// BenchmarkType types into a long stanza.
func BenchmarkType(bm *testing.B) {
	b := newTextBox("<message>" + strings.Repeat("<x a='b'>text</x>", maxEdited/18) + "</message>")
	var c colouring
	for bm.Loop() {
		b.fit(100, 30)
		b.moveTo(len(b.text)/2, false)
		b.insert("x", true)
		b.fit(100, 30)
		c.of(b)
	}
}
