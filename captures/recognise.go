package captures

import (
	"bytes"
	"strings"
)

// verdict is what the first bytes of a direction say.
type verdict uint8

const (
	undecided verdict = iota // too few bytes
	isXMPP
	mayCarry // TLS or HTTP: what is inside decides
	notXMPP  // by itself; the other direction may still say yes
)

// maxSniff is how many bytes of an unknown connection are kept until it is
// decided, both directions together.
const maxSniff = 16 << 10

// recognise looks at the first bytes of a direction, on whatever port it is.
// A direction whose beginning was seen must start a stream; in mid-stream any
// sign of XMPP counts that other protocols do not show. The first known bytes of
// p were looked at before and decided nothing.
func recognise(p []byte, known int, midStream bool) verdict {
	if v := wrapped(p); v != notXMPP {
		return v
	}
	if midStream {
		if v := inTLS(p); v != notXMPP {
			return v
		}
	}
	if v := streamRoot(p); v != notXMPP || !midStream {
		return v
	}
	for _, f := range foreign {
		if bytes.HasPrefix(p, []byte(f)) {
			return notXMPP
		}
	}
	return inTheMiddle(p[max(0, known-maxSign):])
}

// wrapped tells what may have XMPP inside: a TLS handshake (RFC 8446 §5.1) or
// the first line of HTTP.
func wrapped(p []byte) verdict {
	const handshake, major = 22, 3
	if len(p) == 0 || p[0] == handshake {
		if len(p) > 1 && p[1] != major {
			return notXMPP
		}
		if len(p) < 6 {
			return undecided
		}
		return mayCarry
	}
	for _, w := range webWords {
		if len(p) < len(w) && strings.HasPrefix(w, string(p)) {
			return undecided
		}
		if bytes.HasPrefix(p, []byte(w)) {
			return mayCarry
		}
	}
	return notXMPP
}

// inTLS tells any record of TLS whose header makes sense: in mid-stream a
// direction begins with what was sent just then (RFC 8446 §5.1).
func inTLS(p []byte) verdict {
	const first, last, longest = 20, 23, 1<<14 + 2048
	switch {
	case len(p) > 0 && (p[0] < first || p[0] > last), len(p) > 1 && p[1] != 3, len(p) > 2 && p[2] > 4:
		return notXMPP
	case len(p) < 5:
		return undecided
	case int(p[3])<<8|int(p[4]) > longest:
		return notXMPP
	}
	return mayCarry
}

// webWords begin what a browser says to a server, and the answer.
var webWords = [...]string{"GET ", "POST ", "OPTIONS ", "HEAD ", "HTTP/1."}

// maxSign is how much of what was looked at before is looked at again: a sign
// may have been cut in two.
const maxSign = 512

// streamRoot looks for a stream header: a root element with the local name
// stream (RFC 6120 §4.7), after an XML declaration if there is one.
func streamRoot(p []byte) verdict {
	const mark = "\xef\xbb\xbf"
	if len(p) < len(mark) && strings.HasPrefix(mark, string(p)) {
		return undecided
	}
	p = bytes.TrimPrefix(p, []byte(mark))
	p = bytes.TrimLeft(p, " \t\r\n")
	if bytes.HasPrefix(p, []byte("<?xml")) {
		end := bytes.IndexByte(p, '>')
		if end < 0 {
			return undecided
		}
		p = bytes.TrimLeft(p[end+1:], " \t\r\n")
	}
	switch {
	case len(p) == 0:
		return undecided
	case p[0] != '<':
		return notXMPP
	}
	name := p[1:]
	end := bytes.IndexAny(name, " \t\r\n/>='\"<")
	if end < 0 {
		if len(name) > 100 || bytes.HasPrefix([]byte("?xml"), name) && len(name) > 4 {
			return notXMPP
		}
		return undecided
	}
	name = name[:end]
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	if string(name) == "stream" {
		return isXMPP
	}
	return notXMPP
}

// foreign are beginnings of protocols that carry XMPP inside something else or
// only speak of it.
var foreign = [...]string{"PUT ", "CONNECT ", "SSH-", "220 ", "EHLO ", "* OK"}

// signs are strings that XMPP writes between its stanzas all the time.
var signs = [...]string{"</stream:stream>", "xmlns='jabber:", `xmlns="jabber:`, "http://etherx.jabber.org/streams",
	"urn:ietf:params:xml:ns:xmpp-", "'urn:xmpp:", `"urn:xmpp:`, "http://jabber.org/protocol/"}

// inTheMiddle looks for signs of XMPP anywhere.
func inTheMiddle(p []byte) verdict {
	if bytes.IndexByte(p, 0) >= 0 || bytes.Contains(p, []byte("protocol/httpbind")) || bytes.Contains(p, []byte("xmpp-framing")) {
		return notXMPP
	}
	for _, s := range signs {
		if bytes.Contains(p, []byte(s)) {
			return isXMPP
		}
	}
	if plainStanza(p) {
		return isXMPP
	}
	return undecided
}

// plainStanza finds a stanza that carries no namespace of its own.
func plainStanza(p []byte) bool {
	for _, tag := range [...]string{"<iq ", "<message ", "<presence "} {
		i := bytes.Index(p, []byte(tag))
		if i < 0 {
			continue
		}
		rest := p[i:]
		if end := bytes.IndexByte(rest, '>'); end >= 0 {
			rest = rest[:end]
		}
		if bytes.Contains(rest, []byte(" type=")) && (bytes.Contains(rest, []byte(" id=")) || bytes.Contains(rest, []byte(" to=")) || bytes.Contains(rest, []byte(" from="))) {
			return true
		}
	}
	return bytes.Contains(p, []byte("<presence/>"))
}

// fromReceiver tells whether bytes can only come from the receiving entity,
// fromInitiator likewise. It settles who is who where no SYN was captured.
func fromReceiver(p []byte) bool {
	if beginsWith(p, 2) || bytes.HasPrefix(p, []byte("HTTP/1.")) {
		return true
	}
	for _, s := range [...]string{"<stream:features", "<success ", "<challenge ", "<proceed ", "<compressed "} {
		if bytes.Contains(p, []byte(s)) {
			return true
		}
	}
	_, id := header(p)
	return id == filled
}

// idOf says what a stream header has for an id.
type idOf uint8

const (
	missing idOf = iota
	empty
	filled
)

// header tells whether a whole stream header is there, and what id it, or what
// is there of it, has. Only the receiving entity gives one (RFC 6120 §4.7.3),
// though some servers write an empty one on either side.
func header(p []byte) (whole bool, id idOf) {
	i := bytes.Index(p, []byte("stream "))
	if i < 0 {
		return false, missing
	}
	head := p[i:]
	if end := bytes.IndexByte(head, '>'); end >= 0 {
		head, whole = head[:end], true
	}
	for _, name := range [...]string{" id='", ` id="`} {
		if _, value, ok := bytes.Cut(head, []byte(name)); ok {
			if len(value) > 0 && value[0] != name[4] {
				return whole, filled
			}
			id = empty
		}
	}
	return whole, id
}

// insideTLS tells bytes of TLS that hold no hello.
func insideTLS(p [2][]byte) bool {
	for _, one := range p {
		if len(one) > 0 && (one[0] < 20 || one[0] > 23 || beginsWith(one, 1) || beginsWith(one, 2)) {
			return false
		}
	}
	return true
}

func fromInitiator(p []byte) bool {
	if beginsWith(p, 1) || wrapped(p) == mayCarry && p[0] != 22 {
		return true
	}
	for _, s := range [...]string{"<auth ", "<response ", "<starttls ", "<compress "} {
		if bytes.Contains(p, []byte(s)) {
			return true
		}
	}
	whole, id := header(p)
	return whole && id == missing
}

// beginsWith tells whether a TLS handshake begins with a message of a type: 1
// is ClientHello, 2 ServerHello (RFC 8446 §4).
func beginsWith(p []byte, typ byte) bool {
	return len(p) > 5 && p[0] == 22 && p[1] == 3 && p[5] == typ
}
