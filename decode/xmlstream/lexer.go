package xmlstream

import "bytes"

// token is a piece of markup, or of what stands between, as far as framing
// tells pieces apart.
type token uint8

const (
	tokMore  token = iota // the bytes end before the token does
	tokSpace              // a run of white space (between elements only)
	tokText
	tokStart // <a …>
	tokEmpty // <a …/>
	tokEnd   // </a>
	tokComment
	tokCDATA
	tokPI
	tokDecl // <?xml …?>, up to the first > or before the next <
	tokDoctype
	tokBad // begins or goes on in a way that leaves its end unknown
)

// lexer finds the end of one token after the other. It may be stopped at any
// byte: what it has seen of an unfinished token is never looked at again.
// Positions count from the start of the unit, so that they survive when the
// unit moves to another buffer.
type lexer struct {
	tok, pos int   // where the token begins, how far it is read
	state    token // what is being read; tokMore while that is open
	quote    byte  // the quote that a value inside a tag began with
	nested   int   // open [ of a document type
	nameEnd  int   // where the name of a tag ends; 0 while it is open
	attrs    int   // quoted values of a tag
	why      string

	// between: white space is a token of its own, as it is between elements.
	between bool
	// wary: < in a quoted value makes the tag bad. It is an XML error anyway,
	// and after a fault it is the likelier that a quote is missing.
	wary bool
}

// next begins a new token where the last one ended.
func (l *lexer) next() { l.begin(l.pos) }

func (l *lexer) begin(pos int) {
	l.tok, l.pos, l.state = pos, pos, tokMore
	l.quote, l.nested, l.nameEnd, l.attrs = 0, 0, 0, 0
}

// moved is called when the first n bytes have left the unit. Of a text they
// may have been the beginning.
func (l *lexer) moved(n int) {
	l.tok = max(l.tok-n, 0)
	l.pos -= n
	if l.nameEnd > 0 {
		l.nameEnd -= n
	}
}

// name is the name of the tag just read.
func (l *lexer) name(b []byte) []byte {
	from := l.tok + 1
	if l.state == tokEnd {
		from++
	}
	return b[from:l.nameEnd]
}

// scan reads on. When it returns anything but tokMore, the token is
// b[l.tok:l.pos]; for tokBad, l.pos is where it went wrong.
func (l *lexer) scan(b []byte) token {
	if l.state == tokMore {
		l.state = l.classify(b)
	}
	switch l.state {
	case tokSpace:
		return l.space(b)
	case tokText:
		if i := bytes.IndexByte(b[l.pos:], '<'); i >= 0 {
			l.pos += i
			return tokText
		}
		l.pos = len(b)
		return tokMore
	case tokStart:
		return l.startTag(b)
	case tokEnd:
		return l.endTag(b)
	case tokComment:
		return l.until(b, "-->", len("<!--"))
	case tokCDATA:
		return l.until(b, "]]>", len("<![CDATA["))
	case tokPI:
		return l.until(b, "?>", len("<?"))
	case tokDecl:
		return l.declaration(b)
	case tokDoctype:
		return l.doctype(b)
	}
	return l.state
}

// classify looks at the first bytes of a token, as few as will do.
func (l *lexer) classify(b []byte) token {
	p := b[l.tok:]
	if len(p) == 0 {
		return tokMore
	}
	if p[0] != '<' {
		if l.between && class[p[0]]&isSpace != 0 {
			return tokSpace
		}
		return tokText
	}
	if len(p) == 1 {
		return tokMore
	}
	switch c := p[1]; {
	case class[c]&isNameStart != 0:
		l.pos = l.tok + 2
		return tokStart
	case c == '/':
		return l.classifyEnd(p)
	case c == '!':
		return l.classifyBang(p)
	case c == '?':
		return l.classifyPI(p)
	case c == '<':
		return l.bad(1, "a < that begins no tag (it must be written &lt; in text)")
	}
	return l.bad(2, "a < that begins no tag (it must be written &lt; in text)")
}

func (l *lexer) bad(n int, why string) token {
	l.pos, l.why = l.tok+n, why
	return tokBad
}

func (l *lexer) classifyEnd(p []byte) token {
	switch {
	case len(p) == 2:
		return tokMore
	case class[p[2]]&isNameStart == 0:
		return l.bad(2, "an end tag without a name")
	}
	l.pos = l.tok + 3
	return tokEnd
}

func (l *lexer) classifyBang(p []byte) token {
	open := false
	for _, t := range [...]struct {
		mark string
		kind token
	}{{"<!--", tokComment}, {"<![CDATA[", tokCDATA}, {"<!DOCTYPE", tokDoctype}} {
		n := min(len(p), len(t.mark))
		if !bytes.EqualFold(p[:n], []byte(t.mark[:n])) {
			continue
		}
		if n == len(t.mark) {
			l.pos = l.tok + n
			return t.kind
		}
		open = true
	}
	if open {
		return tokMore
	}
	return l.bad(2, "<! that begins neither a comment nor CDATA nor a document type")
}

func (l *lexer) classifyPI(p []byte) token {
	const mark = "<?xml"
	n := min(len(p), len(mark))
	switch {
	case string(p[:n]) != mark[:n]:
	case len(p) <= len(mark):
		return tokMore
	case class[p[n]]&isSpace != 0 || p[n] == '?' || p[n] == '>':
		l.pos = l.tok + n
		return tokDecl
	}
	l.pos = l.tok + len("<?")
	return tokPI
}

func (l *lexer) space(b []byte) token {
	i := l.pos
	for i < len(b) && class[b[i]]&isSpace != 0 {
		i++
	}
	l.pos = i
	if i == len(b) {
		return tokMore
	}
	return tokSpace
}

// startTag reads to the > that is outside quotes.
func (l *lexer) startTag(b []byte) token {
	i := l.pos
	if l.nameEnd == 0 {
		for i < len(b) && class[b[i]]&isNameEnd == 0 {
			i++
		}
		if i == len(b) {
			l.pos = i
			return tokMore
		}
		l.nameEnd = i
	}
	for {
		if l.quote != 0 {
			j := bytes.IndexByte(b[i:], l.quote)
			value := b[i:]
			if j >= 0 {
				value = value[:j]
			}
			if l.wary {
				if k := bytes.IndexByte(value, '<'); k >= 0 {
					l.state, l.pos, l.why = tokBad, i+k, "a < in an attribute value"
					return tokBad
				}
			}
			if i += len(value); j < 0 {
				l.pos = i
				return tokMore
			}
			i++
			l.quote = 0
		}
		for i < len(b) && class[b[i]]&isMark == 0 {
			i++
		}
		if l.pos = i; i == len(b) {
			return tokMore
		}
		switch b[i] {
		case '>':
			l.pos++
			if b[i-1] == '/' {
				return tokEmpty
			}
			return tokStart
		case '<':
			l.state, l.why = tokBad, "a tag in which the next one begins: its > is missing"
			return tokBad
		}
		l.quote = b[i]
		l.attrs++
		i++
	}
}

func (l *lexer) endTag(b []byte) token {
	i := l.pos
	for i < len(b) && b[i] != '>' && b[i] != '<' {
		if l.nameEnd == 0 && class[b[i]]&isNameEnd != 0 {
			l.nameEnd = i
		}
		i++
	}
	if l.pos = i; i == len(b) {
		return tokMore
	}
	if l.nameEnd == 0 {
		l.nameEnd = i
	}
	if b[i] == '<' {
		l.state, l.why = tokBad, "a tag in which the next one begins: its > is missing"
		return tokBad
	}
	l.pos++
	return tokEnd
}

// until reads up to and including mark, which ends in > and may begin only
// head bytes into the token.
func (l *lexer) until(b []byte, mark string, head int) token {
	for {
		i := bytes.IndexByte(b[l.pos:], '>')
		if i < 0 {
			l.pos = len(b)
			return tokMore
		}
		l.pos += i + 1
		from := l.pos - len(mark)
		if from >= l.tok+head && string(b[from:l.pos]) == mark {
			return l.state
		}
	}
}

// declaration ends at the first > or before the first <. Neither may stand
// inside, and the usual fault is a missing ?.
func (l *lexer) declaration(b []byte) token {
	for ; l.pos < len(b); l.pos++ {
		switch b[l.pos] {
		case '>':
			l.pos++
			return tokDecl
		case '<':
			return tokDecl
		}
	}
	return tokMore
}

// doctype ends at the first > outside quotes and brackets.
func (l *lexer) doctype(b []byte) token {
	for i := l.pos; i < len(b); i++ {
		l.pos = i + 1
		switch c := b[i]; {
		case l.quote != 0:
			if c == l.quote {
				l.quote = 0
			}
		case c == '"' || c == '\'':
			l.quote = c
		case c == '[':
			l.nested++
		case c == ']':
			l.nested--
		case c == '>' && l.nested <= 0:
			return tokDoctype
		}
	}
	return tokMore
}
