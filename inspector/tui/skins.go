package tui

import (
	"slices"
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/styles"
	"github.com/gdamore/tcell/v2"
)

// skin is a set of colours for the whole screen. A skin with a paper colour
// paints every cell: only then it is known what can be read.
type skin struct {
	name, about string
	key         string // in the list where one is chosen
	paper, ink  string
	// least is the contrast that everything has with the paper.
	least float64
	// code is the chroma style for XML; empty for one made of the roles.
	code  string
	roles [roleCount]string
}

// role is what a colour stands for.
type role uint8

const (
	roleDim role = iota // what may be overlooked
	roleTitle
	roleInitiator
	roleReceiver
	roleBad
	roleWarn
	roleGood
	roleLink
	roleSecret
	roleKey
	roleVariable
	roleCount
)

// The skins without a paper of their own.
const (
	skinAuto = "auto"
	skinNone = "none"
)

// skins is the one table of them. The colours of the colour-blind-safe one are
// those of Okabe and Ito, which differ in brightness too.
func skins() []skin {
	return []skin{
		{name: skinAuto, key: "a", about: "middle colours on the terminal's background"},
		{name: "dark", key: "d", about: "light on dark", paper: "#14181d", ink: "#d7dce2", least: readable, code: "github-dark", roles: [roleCount]string{
			"#8b949e", "#79b8ff", "#7ee2a8", "#d7dce2", "#ff7b72", "#e8b85c", "#56d364", "#79b8ff", "#f0a6d8", "#79c0ff", "#e3b341"}},
		{name: "light", key: "l", about: "dark on light", paper: "#fbfbf8", ink: "#1f2328", least: readable, code: "github", roles: [roleCount]string{
			"#5c6570", "#0a4fa3", "#146c3a", "#1f2328", "#b3261e", "#8a5200", "#146c3a", "#0a4fa3", "#8e2a78", "#0a4fa3", "#7a4a00"}},
		{name: "contrast", key: "h", about: "high contrast: white and bright on black", paper: "#000000", ink: "#ffffff", least: 7, roles: [roleCount]string{
			"#d0d0d0", "#ffff00", "#80ff80", "#ffffff", "#ff9090", "#ffd000", "#80ff80", "#80e0ff", "#ffb0ff", "#ffff00", "#ffd000"}},
		{name: "colourblind", key: "c", about: "told apart by everybody (Okabe and Ito)", paper: "#0f1214", ink: "#e6e6e6", least: readable, roles: [roleCount]string{
			"#9aa0a6", "#56b4e9", "#56b4e9", "#e6e6e6", "#d55e00", "#f0e442", "#009e73", "#56b4e9", "#cc79a7", "#e69f00", "#f0e442"}},
		{name: skinNone, key: "n", about: "bold, underlined and reversed only"},
	}
}

// Skins names the sets of colours that Options.Skin accepts.
func Skins() []string {
	var all []string
	for _, s := range skins() {
		all = append(all, s.name)
	}
	return all
}

// skinOf finds a skin; nil where there is none of that name.
func skinOf(name string) *skin {
	all := skins()
	if i := slices.IndexFunc(all, func(s skin) bool { return s.name == name }); i >= 0 {
		return &all[i]
	}
	return nil
}

// newSkin makes the theme of a skin for a terminal of so many colours. style is
// a chroma style for the one without colours of its own.
func newSkin(s *skin, colours int, style string) *theme {
	var th *theme
	switch {
	case s.name == skinNone || colours <= 1:
		th = monoTheme()
	case s.paper == "":
		th = newTheme(style, false)
	default:
		th = s.theme(max(colours, 8))
	}
	th.name = s.name
	return th
}

func (s *skin) theme(colours int) *theme {
	paper, ink := chroma.MustParseColour(s.paper), chroma.MustParseColour(s.ink)
	ground := shown(paper, chroma.Colour(0), 0, colours)
	if colours < trueColours {
		paper = valueOf(ground)
	}
	base := tcell.StyleDefault.Background(ground)
	on := func(c chroma.Colour) tcell.Style {
		return base.Foreground(shown(legible(c, paper, s.least), paper, s.least, colours))
	}
	base = on(ink)
	r := func(r role) tcell.Style { return on(chroma.MustParseColour(s.roles[r])) }
	th := &theme{
		base: base, dim: r(roleDim), strong: base.Bold(true), title: r(roleTitle).Bold(true),
		bar: base.Reverse(true), barStrong: base.Reverse(true).Bold(true),
		initiator: r(roleInitiator), receiver: r(roleReceiver),
		bad: r(roleBad).Bold(true), warn: r(roleWarn).Bold(true), good: r(roleGood).Bold(true),
		link: r(roleLink).Underline(true), secret: r(roleSecret), key: r(roleKey).Bold(true), variable: r(roleVariable),
	}
	code := s.style()
	th.syntax = func(t chroma.TokenType) tcell.Style {
		e := code.Get(t)
		st := base
		if e.Colour.IsSet() {
			st = on(e.Colour)
		}
		e.Colour = 0
		return paint(st, e)
	}
	return th
}

// style is what code is painted with.
func (s *skin) style() *chroma.Style {
	if named, ok := styles.Registry[s.code]; ok {
		return named
	}
	return chroma.MustNewStyle(s.name, chroma.StyleEntries{
		chroma.NameTag:             "bold " + s.roles[roleKey],
		chroma.NameNamespace:       s.roles[roleSecret],
		chroma.NameAttribute:       s.roles[roleVariable],
		chroma.LiteralString:       s.roles[roleGood],
		chroma.NameEntity:          "bold " + s.roles[roleSecret],
		chroma.Comment:             "italic " + s.roles[roleDim],
		chroma.Punctuation:         s.roles[roleDim],
		chroma.Keyword:             "bold " + s.roles[roleTitle],
		chroma.LiteralNumber:       s.roles[roleLink],
		chroma.GenericInserted:     s.roles[roleGood],
		chroma.GenericDeleted:      s.roles[roleBad],
		chroma.GenericOutput:       s.roles[roleDim],
		chroma.Error:               "bold " + s.roles[roleBad],
		chroma.LiteralStringEscape: "bold " + s.roles[roleSecret],
	})
}

// code is the style of a token of code.
func (th *theme) code(t chroma.TokenType) tcell.Style { return th.syntax(t) }

// dress chooses the colours when the screen begins: what the options ask for,
// else what was chosen on the screen last time.
func (u *ui) dress(style string) {
	name := u.o.Skin
	if name == "" && style == "" {
		name = readKept(u.o.State).Skin
	}
	s := skinOf(name)
	if s == nil {
		s = skinOf(skinAuto)
	}
	if style == skinNone {
		style = ""
	}
	u.th = newSkin(s, u.colours(), style)
}

// colours is how many the terminal shows; 0 where none are wanted.
func (u *ui) colours() int {
	if u.o.NoColor || u.monochrome {
		return 0
	}
	return u.surface.Colors()
}

// askSkin lets the person choose among the skins; the screen wears the chosen
// one at once and the next time.
func (u *ui) askSkin() {
	if u.colours() <= 1 {
		u.say(noteInfo, "no colours are shown here: the terminal has none, or NO_COLOR or --color forbids them")
		return
	}
	q := &question{u: u, title: "Colours", text: "Nothing is told by colour alone; the marks stay the same. Now: " + u.th.name + "."}
	for _, s := range skins() {
		q.answers = append(q.answers, answer{s.key, pad(s.name, 12) + s.about, func() { u.wear(s.name) }})
	}
	q.answers = append(q.answers, answer{"Esc", "leave it", func() {}})
	u.over = q
}

// wear puts a skin on. The theme is changed in its place, as others hold on to it.
func (u *ui) wear(name string) {
	*u.th = *newSkin(skinOf(name), u.colours(), strings.TrimPrefix(u.o.Style, skinNone))
	u.skin = name
	u.renewAll()
	u.keep()
}

// renewAll makes anew what keeps styles.
func (u *ui) renewAll() {
	for _, d := range []*detail{u.detail, u.second} {
		for t := range tabCount {
			d.renew(t)
		}
	}
}
