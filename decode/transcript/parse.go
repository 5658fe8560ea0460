package transcript

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"xmppscope/decode"
)

// Script is a transcript that was read.
type Script struct {
	lines []line
	// Passwords are the secrets that it names, as JID=PASSWORD.
	Passwords []string
}

// line is one thing that happens.
type line struct {
	number int // in the text, from 1
	do     func(*player) error
	remark string
}

// Parse reads a transcript. The error names the line.
func Parse(text string) (*Script, error) {
	s := &Script{}
	for i, l := range strings.Split(text, "\n") {
		l = strings.TrimSuffix(l, "\r")
		if l == "" || l[0] == '#' {
			continue
		}
		if pair, ok := strings.CutPrefix(l, "password "); ok {
			s.Passwords = append(s.Passwords, pair)
			continue
		}
		n := line{number: i + 1}
		if remark, ok := strings.CutPrefix(l, "!"); ok {
			n.remark = strings.TrimSpace(remark)
		} else {
			do, err := parseLine(l)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", i+1, err)
			}
			n.do = do
		}
		s.lines = append(s.lines, n)
	}
	return s, nil
}

var errLine = errors.New("this is no line of a transcript")

func parseLine(l string) (func(*player) error, error) {
	if len(l) >= 2 && (l[0] == 'C' || l[0] == 'S') && (l[1] == ':' || l[1] == ' ') {
		return parseSide(decode.Dir(strings.IndexByte("CS", l[0])), l[1:])
	}
	word, rest, _ := strings.Cut(l, " ")
	rest = strings.TrimSpace(rest)
	switch word {
	case "connect":
		return func(p *player) error { p.keep(&p.now.numbers, p.now.conn.Connect(p.at)); return nil }, nil
	case "midstream":
		return func(p *player) error { p.now.midStream(p); return nil }, nil
	case "tls":
		info, err := parseTLS(rest)
		return func(p *player) error { p.keep(&p.now.numbers, p.now.conn.Secured(p.at, info)); return nil }, err
	case "keys":
		return func(p *player) error { _, err := fmt.Fprintln(&p.keys, rest); return err }, nil
	case "dns":
		msg, err := hex.DecodeString(rest)
		return func(p *player) error { p.dns(msg); return nil }, err
	case "wait":
		d, err := time.ParseDuration(rest)
		return func(p *player) error { p.at = p.at.Add(d); return nil }, err
	case "conn":
		return parseConn(rest)
	}
	return nil, errLine
}

func parseSide(dir decode.Dir, rest string) (func(*player) error, error) {
	if text, ok := strings.CutPrefix(rest, ":"); ok {
		data, err := Unescape(strings.TrimPrefix(text, " "))
		return func(p *player) error { p.send(dir, data); return nil }, err
	}
	word, arg, _ := strings.Cut(strings.TrimSpace(rest), " ")
	switch word {
	case "ws:", "bosh:":
		data, err := Unescape(arg)
		wrap := message
		if word == "ws:" {
			wrap = frame
		}
		data = wrap(dir, data)
		return func(p *player) error { p.send(dir, data); return nil }, err
	case "hex":
		data, err := hex.DecodeString(strings.ReplaceAll(arg, " ", ""))
		return func(p *player) error { p.send(dir, data); return nil }, err
	case "gap":
		n, err := strconv.ParseInt(arg, 10, 64)
		return func(p *player) error {
			p.brought(dir, n)
			p.took(p.now.conn.Gap(dir, p.at, n))
			return nil
		}, err
	case "end":
		return func(p *player) error { p.took(p.now.conn.End(dir, p.at)); return nil }, nil
	case "reset":
		return func(p *player) error { p.took(p.now.conn.Reset(dir, p.at)); return nil }, nil
	}
	return nil, errLine
}

func parseConn(rest string) (func(*player) error, error) {
	f := strings.Fields(rest)
	if len(f) != 1 && len(f) != 3 {
		return nil, errors.New("conn takes a number, and the two addresses where it is new")
	}
	n, err := strconv.ParseUint(f[0], 10, 16)
	if err != nil || n == 0 {
		return nil, fmt.Errorf("%q is no number of a connection", f[0])
	}
	return func(p *player) error {
		p.use(decode.ConnID(n))
		if len(f) == 3 {
			p.now.from, p.now.to = f[1], f[2]
		}
		return nil
	}, nil
}

// versions are the names of TLS versions in transcripts.
var versions = map[string]uint16{"1.0": 0x0301, "1.1": 0x0302, "1.2": 0x0303, "1.3": 0x0304}

func parseTLS(rest string) (decode.TLS, error) {
	info := decode.TLS{Version: 0x0304, Cipher: 0x1301, Keys: "keylog"}
	for _, f := range strings.Fields(rest) {
		name, value, _ := strings.Cut(f, "=")
		switch name {
		case "version":
			info.Version = versions[value]
		case "cipher":
			n, err := strconv.ParseUint(value, 0, 16)
			if err != nil {
				return info, fmt.Errorf("%q is no number of a cipher suite", value)
			}
			info.Cipher = uint16(n)
		case "sni":
			info.SNI = value
		case "alpn":
			info.ALPN = value
		case "resumed":
			info.Resumed = true
		case "keys":
			info.Keys = value
		case "server":
			info.ServerNames = strings.Split(value, ",")
		case "client":
			info.ClientNames = strings.Split(value, ",")
		default:
			return info, fmt.Errorf("tls has no setting %q", name)
		}
	}
	if info.Version == 0 {
		return info, errors.New("the versions of TLS are 1.0, 1.1, 1.2 and 1.3")
	}
	return info, nil
}

// Unescape turns the escapes of C: and S: lines into bytes.
func Unescape(s string) ([]byte, error) {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b = append(b, s[i])
			continue
		}
		if i++; i == len(s) {
			return nil, errors.New("a backslash stands at the end")
		}
		switch s[i] {
		case 'n':
			b = append(b, '\n')
		case 't':
			b = append(b, '\t')
		case 'r':
			b = append(b, '\r')
		case '\\':
			b = append(b, '\\')
		case 'x', 'u':
			n := map[byte]int{'x': 2, 'u': 4}[s[i]]
			if i+n >= len(s) {
				return nil, errors.New("an escape is cut off")
			}
			v, err := strconv.ParseUint(s[i+1:i+1+n], 16, 16)
			if err != nil {
				return nil, fmt.Errorf("\\%s is no escape", s[i:i+1+n])
			}
			if i += n; n == 2 {
				b = append(b, byte(v))
			} else {
				b = utf8.AppendRune(b, rune(v))
			}
		default:
			return nil, fmt.Errorf("\\%c is no escape", s[i])
		}
	}
	return b, nil
}
