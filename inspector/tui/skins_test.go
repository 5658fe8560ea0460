package tui

import (
	"strings"
	"testing"

	"github.com/alecthomas/chroma/v2"
	"github.com/gdamore/tcell/v2"
)

// styled lists the styles of a theme by what they are for.
func styled(th *theme) map[string]tcell.Style {
	all := map[string]tcell.Style{
		"base": th.base, "dim": th.dim, "strong": th.strong, "title": th.title, "bar": th.bar, "bar strong": th.barStrong,
		"initiator": th.initiator, "receiver": th.receiver, "bad": th.bad, "warn": th.warn, "good": th.good,
		"link": th.link, "secret": th.secret, "key": th.key, "variable": th.variable,
	}
	for _, t := range append(ownStyle().Types(), chroma.NameTag, chroma.Text, chroma.Operator, chroma.LiteralStringEscape) {
		if t != chroma.Background {
			all["code "+t.String()] = th.code(t)
		}
	}
	return all
}

// Every text of every skin with a paper of its own can be read, in as many
// colours as the terminal has.
func TestContrastOfSkins(t *testing.T) {
	for _, s := range skins() {
		if s.paper == "" {
			continue
		}
		for _, colours := range []int{trueColours, 256, 16, 8} {
			for what, st := range styled(newSkin(&s, colours, "")) {
				fg, bg, attr := st.Decompose()
				if !fg.Valid() || !bg.Valid() {
					t.Errorf("%s, %d colours, %s: a colour is the terminal's, of which nothing is known", s.name, colours, what)
					continue
				}
				if attr&tcell.AttrDim != 0 {
					t.Errorf("%s, %s is dimmed, which takes contrast away", s.name, what)
				}
				if got := contrast(valueOf(fg), valueOf(bg)); got < s.least-0.01 {
					t.Errorf("%s, %d colours, %s: contrast %.2f, want %.1f", s.name, colours, what, got, s.least)
				}
				if n := colours; n < trueColours && (fg.IsRGB() || n <= 16 && int(fg&0xff) >= n) {
					t.Errorf("%s: %v is not one of %d colours", s.name, fg, n)
				}
			}
		}
	}
}

// What must be told apart at a glance differs in true colour, and where there are
// few colours at least good and bad do.
func TestRolesDiffer(t *testing.T) {
	for _, s := range skins() {
		if s.paper == "" {
			continue
		}
		for _, colours := range []int{trueColours, 256, 16} {
			th := newSkin(&s, colours, "")
			pairs := [][2]tcell.Style{{th.bad, th.good}, {th.bad, th.base}, {th.dim, th.base}}
			if colours > 16 { // on white, few of 16 can be read
				pairs = append(pairs, [2]tcell.Style{th.bad, th.warn})
			}
			for _, pair := range pairs {
				if pair[0] == pair[1] {
					t.Errorf("%s, %d colours: two roles look the same: %v and %v", s.name, colours, pair[0], pair[1])
				}
			}
		}
	}
}

// No skin says more than another: the text of the screen, with all its marks, is
// the same without any colour.
func TestSkinsShowTheSame(t *testing.T) {
	for _, keys := range []string{"", "s s s s 2", "3", "4", "5", "Tab", "l", "F"} {
		screen := ""
		for _, name := range append(Skins(), "") {
			th := perform(t, Options{Source: transcripts(t, "scram", "broken"), Skin: name}, 120, 40)
			got := th.press(keys).screen()
			if screen != "" && got != screen {
				t.Errorf("%q: skin %s tells something else:\n%s", keys, name, differing(screen, got))
			}
			screen = got
		}
	}
}

// A painted skin leaves no cell to the terminal.
func TestSkinsPaintEverything(t *testing.T) {
	for _, s := range skins() {
		if s.paper == "" {
			continue
		}
		th := perform(t, Options{Source: transcripts(t, "plain", "scram"), Skin: s.name}, 120, 40)
		for _, keys := range []string{"", "s s s s 2", "3", "4", "5 Tab", "l", "?", "Esc : a", "Esc Esc F", "Esc o", "Esc b", "Esc z"} {
			th.press(keys)
			cells, w, _ := th.sim.GetContents()
			for i := range cells {
				if fg, bg, _ := cells[i].Style.Decompose(); fg == tcell.ColorDefault || bg == tcell.ColorDefault {
					t.Fatalf("%s, after %q: the cell at %d, %d has no colour of the skin", s.name, keys, i%w, i/w)
				}
			}
		}
	}
}

// A skin is changed while one looks, and worn the next time; what the command
// line asks for counts more.
func TestChangeSkin(t *testing.T) {
	dir := t.TempDir()
	open := func(o Options) *theatre {
		o.Source, o.State = transcripts(t, "plain"), dir
		return perform(t, o, 80, 24)
	}
	th := open(Options{})
	before := th.u.th
	th.press(":").write("colours").press("Enter").has("Okabe").press("d")
	if th.u.th != before || th.u.th.name != "dark" {
		t.Errorf("the skin is %q", th.u.th.name)
	}
	if _, bg, _ := th.u.th.base.Decompose(); bg == tcell.ColorDefault {
		t.Error("the dark skin has no paper")
	}
	for _, c := range []struct {
		o    Options
		want string
	}{{Options{}, "dark"}, {Options{Skin: "light"}, "light"}, {Options{Style: "monokai"}, skinAuto}} {
		if th = open(c.o); th.u.th.name != c.want {
			t.Errorf("%+v wears %q, want %q", c.o, th.u.th.name, c.want)
		}
	}
	th = open(Options{NoColor: true})
	th.press(":").write("colours").press("Enter").has("no colours are shown here")
}

// Where only ASCII can be shown every sign of ours has a letter; question marks
// stand for what comes from the wire alone.
func TestEverySignHasALetter(t *testing.T) {
	for _, keys := range []string{"", "s s s s 2", "3", "4", "5", "Tab j", "l", "F", "Esc ?", "Esc :", "Esc T", "Esc w", "Esc B", "Esc m M"} {
		utf := perform(t, Options{Source: transcripts(t, "scram", "broken"), NoColor: true}, 120, 40).press(keys).screen()
		th := perform(t, Options{Source: transcripts(t, "scram", "broken"), NoColor: true, ASCII: true}, 120, 40)
		for i, line := range strings.Split(th.press(keys).screen(), "\n") {
			for j, r := range line {
				if r >= 0x80 {
					t.Errorf("%q: %q is on the screen", keys, r)
				}
				was := []rune(strings.Split(utf, "\n")[i])
				if r == '?' && j < len(was) && was[j] >= 0x80 {
					t.Errorf("%q: no letter for %q", keys, was[j])
				}
			}
		}
	}
	// The cursor and the sign of a line that leads somewhere are not the same.
	perform(t, Options{Source: transcripts(t, "scram"), NoColor: true, ASCII: true}, 120, 40).press("s s s s Tab").has("|> The client").has("|) x error")
	for term, want := range map[string]bool{"linux": true, "vt100": true, "xterm-256color": false, "tmux": false, "": false} {
		if poor(term) != want {
			t.Errorf("poor(%q) is %v", term, poor(term))
		}
	}
}
