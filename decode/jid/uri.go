package jid

import (
	"strings"
	"unicode/utf8"

	"xmppscope/decode/spec"
)

// Scheme is what every link to an address begins with.
const Scheme = "xmpp:"

// URI is a link to an address, taken apart (RFC 5122 §2.2).
type URI struct {
	Text string
	// Account is the address with which to act, in the place of a host; often
	// empty.
	Account string
	// Path is the address that the link is about, decoded.
	Path string
	// Query says that a question mark is there; Action is what is to be done,
	// such as join.
	Query    bool
	Action   string
	Pairs    []Pair
	Fragment string
	// Faults are in the order of the bytes.
	Faults []Fault
}

// Pair is a key of the query and its value, decoded.
type Pair struct{ Key, Value string }

// maxPairs bounds the pairs that are kept.
const maxPairs = 64

// IsURI tells whether a text is meant as a link to an address.
func IsURI(s string) bool {
	return len(s) >= len(Scheme) && strings.EqualFold(s[:len(Scheme)], Scheme)
}

// ReadURI takes a link apart. What is no link at all has one fault.
func ReadURI(s string) URI {
	u := URI{Text: s}
	switch {
	case !IsURI(s):
		u.fault(0, 0, "it does not begin with "+Scheme)
		return u
	case len(s) > maxText:
		u.fault(maxText, len(s), "it is far too long")
		return u
	}
	pos, end := len(Scheme), len(s)
	if i := strings.IndexByte(s[pos:], '#'); i >= 0 {
		u.Fragment = u.decode(pos+i+1, end)
		end = pos + i
	}
	if i := strings.IndexByte(s[pos:end], '?'); i >= 0 {
		u.query(pos+i+1, end)
		end = pos + i
	}
	if strings.HasPrefix(s[pos:end], "//") {
		pos += 2
		stop := end
		if i := strings.IndexByte(s[pos:end], '/'); i >= 0 {
			stop = pos + i
		}
		u.Account = u.decode(pos, stop)
		pos = min(stop+1, end)
	}
	u.Path = u.decode(pos, end)
	if u.Path == "" && u.Account == "" {
		u.fault(pos, end, "it names no address")
	}
	return u
}

// query reads an action and its pairs, parted by semicolons. Browsers and
// careless programs write & instead.
func (u *URI) query(pos, end int) {
	u.Query = true
	for first := true; pos <= end; first = false {
		stop := end
		if i := strings.IndexAny(u.Text[pos:end], ";&"); i >= 0 {
			stop = pos + i
			if u.Text[stop] == '&' {
				u.fault(stop, stop+1, "pairs are parted by ; and not by &")
			}
		}
		key, _, pair := strings.Cut(u.Text[pos:stop], "=")
		switch {
		case first && !pair:
			u.Action = u.decode(pos, stop)
		case first && pair:
			u.fault(pos, pos, "a query begins with what is to be done, such as message or join")
			fallthrough
		default:
			if key == "" {
				u.fault(pos, stop, "a pair without a key")
			} else if len(u.Pairs) < maxPairs {
				u.Pairs = append(u.Pairs, Pair{u.decode(pos, pos+len(key)), u.decode(min(pos+len(key)+1, stop), stop)})
			}
		}
		pos = stop + 1
	}
}

// decode undoes percent-encoding.
func (u *URI) decode(pos, end int) string {
	s := u.Text[pos:end]
	out, bad := Unpercent(s)
	if bad >= 0 {
		u.fault(pos+bad, min(pos+bad+3, end), "a percent sign stands before two hexadecimal digits")
	}
	if !utf8.ValidString(out) {
		u.fault(pos, end, "decoded it is no valid UTF-8")
		out = strings.ToValidUTF8(out, "\uFFFD")
	}
	return out
}

func (u *URI) fault(pos, end int, text string) {
	if len(u.Faults) < maxFaults {
		u.Faults = append(u.Faults, Fault{Whole, pos, end, text, spec.RFC(5122, "2.2")})
	}
}

// Unpercent undoes percent-encoding (RFC 3986 §2.1). bad is the place of the
// first percent sign that stands before no two digits, -1 where there is none;
// such a sign stays.
func Unpercent(s string) (out string, bad int) {
	bad = -1
	if strings.IndexByte(s, '%') < 0 {
		return s, bad
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b = append(b, s[i])
			continue
		}
		hi, lo := nibble(s, i+1), nibble(s, i+2)
		if hi < 0 || lo < 0 {
			if bad < 0 {
				bad = i
			}
			b = append(b, '%')
			continue
		}
		b = append(b, byte(hi<<4|lo))
		i += 2
	}
	return string(b), bad
}

func nibble(s string, i int) int {
	if i >= len(s) {
		return -1
	}
	c := s[i]
	if c >= 'A' && c <= 'F' {
		c |= 0x20
	}
	return strings.IndexByte(hexDigits, c)
}
