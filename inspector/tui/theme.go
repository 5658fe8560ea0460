package tui

import (
	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/styles"
	"github.com/gdamore/tcell/v2"
)

// theme holds every style on the screen. No role is told by colour alone: each
// also has a mark, a word, a place or an attribute.
type theme struct {
	name                        string
	base, dim, strong, title    tcell.Style
	bar, barStrong              tcell.Style // header and footer
	initiator, receiver         tcell.Style
	bad, warn, good             tcell.Style
	link, secret, key, variable tcell.Style

	syntax func(chroma.TokenType) tcell.Style
}

// ownStyle is the style used unless another is named. Its colours are of
// middle brightness, so that they can be read on black and on white alike: a
// program cannot know the background of the terminal it runs in.
func ownStyle() *chroma.Style {
	return chroma.MustNewStyle("xmppscope", chroma.StyleEntries{
		chroma.NameTag:             "bold #2f7fd1",
		chroma.NameNamespace:       "#9a62c7",
		chroma.NameAttribute:       "#a8710f",
		chroma.LiteralString:       "#2e8b57",
		chroma.NameEntity:          "bold #c2528b",
		chroma.Comment:             "italic #777777",
		chroma.CommentPreproc:      "italic #777777",
		chroma.Punctuation:         "#777777",
		chroma.Keyword:             "bold #2f7fd1",
		chroma.LiteralNumber:       "#0f868c",
		chroma.GenericInserted:     "#2e8b57",
		chroma.GenericDeleted:      "#d1443c",
		chroma.GenericEmph:         "#a8710f",
		chroma.GenericSubheading:   "#0f868c",
		chroma.GenericStrong:       "bold #c2528b",
		chroma.GenericOutput:       "#777777",
		chroma.GenericHeading:      "bold #2f7fd1",
		chroma.Error:               "bold #d1443c",
		chroma.LiteralStringEscape: "bold #c2528b",
	})
}

// Styles names all colour styles that Options.Style accepts.
func Styles() []string { return styles.Names() }

// newTheme makes the theme of a named chroma style, of our own one for "", or
// one without any colour.
func newTheme(name string, mono bool) *theme {
	if mono {
		return monoTheme()
	}
	style, base := ownStyle(), tcell.StyleDefault
	if named, ok := styles.Registry[name]; ok {
		// A named style brings its own background; its colours are chosen for it.
		style = named
		bg := named.Get(chroma.Background)
		base = paint(base, bg)
		if bg.Background.IsSet() {
			base = base.Background(rgb(bg.Background))
		}
	}
	get := func(t chroma.TokenType) tcell.Style { return paint(base, style.Get(t)) }
	return &theme{
		base: base, dim: get(chroma.GenericOutput), strong: base.Bold(true),
		title: get(chroma.GenericHeading).Bold(true),
		bar:   base.Reverse(true), barStrong: base.Reverse(true).Bold(true),
		initiator: get(chroma.GenericInserted), receiver: base,
		bad: get(chroma.Error).Bold(true), warn: get(chroma.GenericEmph).Bold(true),
		good: get(chroma.GenericInserted).Bold(true),
		link: get(chroma.Keyword).Underline(true), secret: get(chroma.GenericStrong),
		key: get(chroma.NameTag).Bold(true), variable: get(chroma.NameAttribute),
		syntax: get,
	}
}

// monoTheme uses bold, underline, dim and reverse only.
func monoTheme() *theme {
	base := tcell.StyleDefault
	return &theme{
		base: base, dim: base.Dim(true), strong: base.Bold(true), title: base.Bold(true),
		bar: base.Reverse(true), barStrong: base.Reverse(true).Bold(true),
		initiator: base.Bold(true), receiver: base,
		bad: base.Bold(true), warn: base.Bold(true), good: base.Bold(true),
		link: base.Underline(true), secret: base.Underline(true),
		key: base.Bold(true), variable: base.Bold(true),
		syntax: func(t chroma.TokenType) tcell.Style {
			switch t {
			case chroma.NameTag, chroma.NameEntity, chroma.Error:
				return base.Bold(true)
			case chroma.Punctuation, chroma.Comment, chroma.CommentPreproc:
				return base.Dim(true)
			}
			return base
		},
	}
}

// paint lays a chroma entry over a style. The entry's background is left out:
// styles use it for things that we mark otherwise.
func paint(s tcell.Style, e chroma.StyleEntry) tcell.Style {
	if e.Colour.IsSet() {
		s = s.Foreground(rgb(e.Colour))
	}
	if e.Bold == chroma.Yes {
		s = s.Bold(true)
	}
	if e.Italic == chroma.Yes {
		s = s.Italic(true)
	}
	if e.Underline == chroma.Yes {
		s = s.Underline(true)
	}
	return s
}

func rgb(c chroma.Colour) tcell.Color {
	return tcell.NewRGBColor(int32(c.Red()), int32(c.Green()), int32(c.Blue()))
}

func reversed(s tcell.Style) tcell.Style { return s.Reverse(true) }
