package tui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/alecthomas/chroma/v2"
	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
)

// role names a style of the theme; what is not one of the theme's own is told by
// the first that it was made of and what was added.
func (th *theatre) role(st tcell.Style) string {
	t := th.u.th
	for _, r := range []struct {
		name  string
		style tcell.Style
	}{{"", t.base}, {"strong", t.strong}, {"bar", t.bar}, {"bar-strong", t.barStrong}, {"dim", t.dim}, {"title", t.title}, {"bad", t.bad}, {"warn", t.warn},
		{"good", t.good}, {"initiator", t.initiator}, {"link", t.link}, {"secret", t.secret}, {"key", t.key}, {"variable", t.variable},
		{"tag", t.code(chroma.NameTag)}, {"attribute", t.code(chroma.NameAttribute)}, {"string", t.code(chroma.LiteralString)},
		{"punctuation", t.code(chroma.Punctuation)}, {"namespace", t.code(chroma.NameNamespace)}, {"entity", t.code(chroma.NameEntity)}, {"comment", t.code(chroma.Comment)}} {
		if st == r.style {
			return r.name
		}
		for _, added := range []struct {
			name string
			f    func(tcell.Style) tcell.Style
		}{{"bold", func(s tcell.Style) tcell.Style { return s.Bold(true) }}, {"reversed", reversed},
			{"bold reversed", func(s tcell.Style) tcell.Style { return reversed(s).Bold(true) }},
			{"underlined", func(s tcell.Style) tcell.Style { return s.Underline(true) }}} {
			if st == added.f(r.style) {
				return strings.TrimSpace(r.name + " " + added.name)
			}
		}
	}
	fg, bg, attr := st.Decompose()
	return fmt.Sprintf("%v on %v, attributes %d", fg, bg, attr)
}

// styles writes the runs of styles on the screen: the line, from column to
// column, and what it is. Plain text is left out.
func (th *theatre) styles() string {
	cells, w, h := th.sim.GetContents()
	var b strings.Builder
	for y := range h {
		for x := 0; x < w; {
			from, st := x, cells[y*w+x].Style
			for x < w && cells[y*w+x].Style == st {
				x++
			}
			if name := th.role(st); name != "" {
				fmt.Fprintf(&b, "%d: %d-%d %s\n", y+1, from+1, x, name)
			}
		}
	}
	return b.String()
}

// styled compares the screen and its styles with a file.
func (th *theatre) styled(name string) {
	th.t.Helper()
	compare(th.t, name+".styled", th.screen()+"--- styles: line: columns, what they are\n"+th.styles())
}

// scene is a screen that is shown in pictures and held in all its colours.
type scene struct {
	name string
	set  func(w, h int) *theatre
}

func scenes(t *testing.T) []scene {
	held := func(w, h int) *theatre {
		th, p := onAirIn(t, Options{Skin: "dark"}, w, h, 3)
		p.hold(decode.FromInitiator, authText)
		th.tick()
		return th
	}
	play := func(keys string, names ...string) func(w, h int) *theatre {
		return func(w, h int) *theatre {
			o := Options{Source: transcripts(t, names...), Skin: "dark", Verify: verifyPencil}
			return perform(t, o, w, h).press(keys)
		}
	}
	return []scene{
		{"scene-start", func(w, h int) *theatre { return perform(t, startOptions(), w, h) }},
		{"scene-failed-login", play("F Enter", "scram")},
		{"scene-xml", play("s s s 2", "plain")},
		{"scene-scram", play("n n s s s s s 3", "scram")},
		{"scene-held", func(w, h int) *theatre { return held(w, h) }},
		{"scene-lesson", lessonScene(t, "00-test", "> > 2 I")},
		{"scene-login", func(w, h int) *theatre { return held(w, h).press("e Down Down") }},
	}
}

// The screens that matter most, in the three sizes and in colour; without colour
// the first and the last size are those of TestScreens.
func TestScenes(t *testing.T) {
	for _, s := range scenes(t) {
		for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
			name := fmt.Sprintf("%s-%dx%d", s.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				th := s.set(size[0], size[1])
				th.styled(name)
				painted := th.screen()
				th.u.wear(skinNone)
				th.tick()
				if got := th.screen(); got != painted {
					t.Errorf("without colour it says something else:\n%s", differing(painted, got))
				}
				for _, line := range strings.Split(th.styles(), "\n") {
					if strings.Contains(line, " on ") {
						t.Errorf("without colour a style is not known: %s", line)
					}
				}
			})
		}
	}
}
