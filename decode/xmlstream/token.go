package xmlstream

import (
	"bytes"
	"iter"
)

// TokenKind says what a stretch of XML is to the eye.
type TokenKind uint8

const (
	PunctToken      TokenKind = iota + 1 // < </ > /> = and the colon in a name
	PrefixToken                          // prefix of an element
	NameToken                            // local name of an element
	AttrPrefixToken                      // prefix of an attribute
	AttrToken                            // local name of an attribute
	XMLNSToken                           // name of a namespace declaration
	ValueToken                           // value of an attribute with its quotes
	SpaceToken                           // white space inside a tag
	TextToken
	EntityToken    // a reference in text or in a value
	CDATAMarkToken // <![CDATA[ and ]]>
	CDATAToken     // what is between them
	CommentToken
	PIToken // an instruction or the XML declaration
	DoctypeToken
	ErrorToken // what begins no markup, or does not complete it
)

// Token is a stretch of a unit. The tokens of a unit, in order, are its bytes.
type Token struct {
	Kind TokenKind
	Span Span
}

// Tokens takes any bytes apart for colouring, well-formed or not.
func Tokens(unit []byte) iter.Seq[Token] {
	return func(yield func(Token) bool) {
		p := painter{unit: unit, yield: yield, on: true}
		p.all()
	}
}

// painter emits tokens until its consumer has enough.
type painter struct {
	unit  []byte
	yield func(Token) bool
	on    bool
}

func (p *painter) emit(k TokenKind, pos, end int) {
	if p.on && pos < end {
		p.on = p.yield(Token{k, span(pos, end)})
	}
}

func (p *painter) all() {
	var l lexer
	for l.pos < len(p.unit) && p.on {
		k := l.scan(p.unit)
		if k == tokMore {
			k = l.state
			l.pos = len(p.unit)
			if l.nameEnd == 0 {
				l.nameEnd = l.pos
			}
		}
		p.token(&l, k)
		l.next()
	}
}

func (p *painter) token(l *lexer, k token) {
	switch k {
	case tokText:
		p.text(TextToken, l.tok, l.pos)
	case tokStart, tokEmpty:
		p.emit(PunctToken, l.tok, l.tok+1)
		p.name(PrefixToken, NameToken, l.tok+1, l.nameEnd)
		p.inTag(l.nameEnd, l.pos)
	case tokEnd:
		p.emit(PunctToken, l.tok, l.tok+2)
		p.name(PrefixToken, NameToken, l.tok+2, l.nameEnd)
		p.inTag(l.nameEnd, l.pos)
	case tokCDATA:
		from, to := l.tok+len("<![CDATA["), l.pos
		if bytes.HasSuffix(p.unit[from:to], []byte("]]>")) {
			to -= len("]]>")
		}
		p.emit(CDATAMarkToken, l.tok, from)
		p.emit(CDATAToken, from, to)
		p.emit(CDATAMarkToken, to, l.pos)
	case tokComment:
		p.emit(CommentToken, l.tok, l.pos)
	case tokPI, tokDecl:
		p.emit(PIToken, l.tok, l.pos)
	case tokDoctype:
		p.emit(DoctypeToken, l.tok, l.pos)
	default:
		p.emit(ErrorToken, l.tok, l.pos)
	}
}

// name emits a name, taken apart at its first colon.
func (p *painter) name(prefix, local TokenKind, pos, end int) {
	if i := bytes.IndexByte(p.unit[pos:end], ':'); i >= 0 {
		p.emit(prefix, pos, pos+i)
		p.emit(PunctToken, pos+i, pos+i+1)
		pos += i + 1
	}
	p.emit(local, pos, end)
}

// inTag emits what stands in a tag behind its name.
func (p *painter) inTag(pos, end int) {
	b := p.unit[:end]
	for pos < end && p.on {
		from := pos
		switch c := b[pos]; {
		case class[c]&isSpace != 0:
			pos = skipSpace(b, pos)
			p.emit(SpaceToken, from, pos)
		case c == '"' || c == '\'':
			pos = end
			if n := bytes.IndexByte(b[from+1:], c); n >= 0 {
				pos = from + n + 2
			}
			p.text(ValueToken, from, pos)
		case c == '/' && pos+1 < end && b[pos+1] == '>':
			pos += 2
			p.emit(PunctToken, from, pos)
		case class[c]&isNameEnd != 0:
			pos++
			p.emit(PunctToken, from, pos)
		default:
			for pos < end && class[b[pos]]&isNameEnd == 0 {
				pos++
			}
			p.attr(from, pos)
		}
	}
}

func (p *painter) attr(pos, end int) {
	switch name := p.unit[pos:end]; {
	case class[name[0]]&isNameStart == 0:
		p.emit(ErrorToken, pos, end)
	case string(name) == "xmlns" || bytes.HasPrefix(name, []byte("xmlns:")):
		p.emit(XMLNSToken, pos, end)
	default:
		p.name(AttrPrefixToken, AttrToken, pos, end)
	}
}

// text emits character data with its references set apart.
func (p *painter) text(k TokenKind, pos, end int) {
	for p.on {
		i := bytes.IndexByte(p.unit[pos:end], '&')
		if i < 0 {
			break
		}
		p.emit(k, pos, pos+i)
		pos += i
		r := readReference(p.unit[pos:end])
		kind := EntityToken
		if r.rule != ruleNone {
			kind = ErrorToken
		}
		p.emit(kind, pos, pos+r.end)
		pos += r.end
	}
	p.emit(k, pos, end)
}
