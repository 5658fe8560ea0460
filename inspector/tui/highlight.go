package tui

import (
	"sort"

	"github.com/alecthomas/chroma/v2"
	"github.com/gdamore/tcell/v2"

	"xmppscope/decode/xmlstream"
)

// tokenStyle is the chroma token of a token of XML: styles of chroma colour
// these.
func tokenStyle(k xmlstream.TokenKind) chroma.TokenType {
	switch k {
	case xmlstream.MarkToken:
		return chroma.Punctuation
	case xmlstream.TagToken:
		return chroma.NameTag
	case xmlstream.PrefixToken:
		return chroma.NameNamespace
	case xmlstream.AttrToken:
		return chroma.NameAttribute
	case xmlstream.ValueToken:
		return chroma.LiteralString
	case xmlstream.ReferenceToken:
		return chroma.NameEntity
	case xmlstream.CommentToken:
		return chroma.Comment
	case xmlstream.SectionToken:
		return chroma.CommentPreproc
	case xmlstream.BadToken:
		return chroma.Error
	}
	return chroma.Text
}

// colouring are the tokens of a text that is edited.
type colouring struct {
	version int
	tokens  []xmlstream.Token
}

// of looks at a text again where it has changed.
func (c *colouring) of(b *textBox) {
	if c.version != b.version {
		c.version, c.tokens = b.version, xmlstream.Tokens(c.tokens, []byte(b.text))
	}
}

// token is the one that holds a place, or nil.
func (c *colouring) token(at int) *xmlstream.Token {
	i := sort.Search(len(c.tokens), func(i int) bool { return int(c.tokens[i].End) > at })
	if i == len(c.tokens) {
		return nil
	}
	return &c.tokens[i]
}

// styles gives the style of each place. What is wrong at fault, where that is
// not negative, is underlined and in the style of errors.
func (c *colouring) styles(th *theme, fault int) func(at int) tcell.Style {
	var now *xmlstream.Token
	return func(at int) tcell.Style {
		if now == nil || at < int(now.Start) || at >= int(now.End) {
			now = c.token(at)
		}
		style := th.base
		if now != nil {
			style = th.syntax(tokenStyle(now.Kind))
		}
		if at == fault {
			style = th.bad.Underline(true)
		}
		return style
	}
}
