package xmlstream

import "bytes"

// TokenKind is what a stretch of XML is, as fine as a reader wants colours.
type TokenKind uint8

// Kinds of tokens.
const (
	TextToken      TokenKind = iota // character data, and white space inside tags
	MarkToken                       // < > / = and quotes
	TagToken                        // the name of an element, without its prefix
	PrefixToken                     // a prefix with its colon, and xmlns
	AttrToken                       // the name of an attribute, without its prefix
	ValueToken                      // the value of an attribute, without quotes
	ReferenceToken                  // &lt; and the like
	CommentToken
	SectionToken // the marks of CDATA, instructions, declarations
	BadToken     // what cannot be markup
)

// Token is a stretch of a text.
type Token struct {
	Kind TokenKind
	Span
}

// Tokens cuts any text into tokens that follow each other without a hole, as a
// person types it: nothing needs to be complete, and nothing needs to be right.
// dst is used again.
func Tokens(dst []Token, text []byte) []Token {
	p := painter{b: text, out: dst[:0]}
	var l lexer
	for l.pos < len(text) {
		k := l.scan(text)
		if k == tokMore {
			k, l.pos = l.state, len(text)
			if k == tokMore {
				k = tokBad // a < or the beginning of <! alone
			}
		}
		p.token(&l, k)
		if l.pos = max(l.pos, l.tok+1); p.at < l.pos {
			p.to(l.pos, BadToken)
		}
		l.next()
	}
	return p.out
}

// painter adds one token behind the other.
type painter struct {
	b   []byte
	at  int
	out []Token
}

// to ends a token at a place. Two of a kind in a row are one, but for marks.
func (p *painter) to(end int, kind TokenKind) {
	if end = min(end, len(p.b)); end <= p.at {
		return
	}
	if n := len(p.out); n > 0 && p.out[n-1].Kind == kind && kind != MarkToken {
		p.out[n-1].End = int32(end)
	} else {
		p.out = append(p.out, Token{kind, span(p.at, end)})
	}
	p.at = end
}

func (p *painter) token(l *lexer, k token) {
	switch k {
	case tokStart, tokEmpty:
		p.tag(l.tok+1, l.pos)
	case tokEnd:
		p.tag(l.tok+2, l.pos)
	case tokText, tokSpace:
		p.text(l.pos, TextToken)
	case tokComment:
		p.to(l.pos, CommentToken)
	case tokCDATA:
		const open, shut = "<![CDATA[", "]]>"
		p.to(l.tok+len(open), SectionToken)
		if bytes.HasSuffix(p.b[p.at:l.pos], []byte(shut)) {
			p.to(l.pos-len(shut), TextToken)
		} else {
			p.to(l.pos, TextToken)
		}
		p.to(l.pos, SectionToken)
	case tokBad:
		if bytes.HasPrefix(p.b[p.at:], []byte("<")) && l.pos > l.tok+2 {
			p.tag(l.tok+1, l.pos) // a tag that the next one begins in
		}
		p.to(l.pos, BadToken)
	default:
		p.to(l.pos, SectionToken)
	}
}

// text shows character data, or a value, with its references.
func (p *painter) text(end int, kind TokenKind) {
	for p.at < end {
		amp := bytes.IndexByte(p.b[p.at:end], '&')
		if amp < 0 {
			break
		}
		p.to(p.at+amp, kind)
		if semi := bytes.IndexByte(p.b[p.at:min(end, p.at+longestReference)], ';'); semi > 1 {
			p.to(p.at+semi+1, ReferenceToken)
		} else {
			p.to(p.at+1, BadToken)
		}
	}
	p.to(end, kind)
}

// longestReference is how far a & looks for its semicolon.
const longestReference = 16

// tag shows a tag; its name begins at from.
func (p *painter) tag(from, end int) {
	p.to(from, MarkToken)
	p.name(end, TagToken)
	for p.at < end {
		p.to(skipSpace(p.b[:end], p.at), TextToken)
		if p.at == end {
			return
		}
		switch c := p.b[p.at]; {
		case c == '>' || c == '/' || c == '=':
			p.to(p.at+1, MarkToken)
		case c == '"' || c == '\'':
			p.to(p.at+1, MarkToken)
			stop := bytes.IndexByte(p.b[p.at:end], c)
			if stop < 0 {
				p.text(end, ValueToken)
				return
			}
			p.text(p.at+stop, ValueToken)
			p.to(p.at+1, MarkToken)
		default:
			p.name(end, AttrToken)
		}
	}
}

// name shows a qualified name, a byte that begins none as what it is.
func (p *painter) name(limit int, kind TokenKind) {
	end, colon, _ := scanName(p.b[:limit], p.at)
	switch {
	case end == p.at && end < limit && class[p.b[end]]&(isSpace|isMark) == 0 && p.b[end] != '/' && p.b[end] != '=':
		p.to(end+1, BadToken)
		return
	case string(p.b[p.at:end]) == "xmlns":
		kind = PrefixToken
	case colon > p.at:
		p.to(colon+1, PrefixToken)
	}
	p.to(end, kind)
}
