package captures

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Writer writes a pcapng file (draft-ietf-opsawg-pcapng): one section, little
// endian, an interface for every link type, time stamps in nanoseconds. It
// buffers; the first error of what it writes to is returned by every later
// call.
type Writer struct {
	w      *bufio.Writer
	links  map[ifaceKey]uint32
	names  bool // interfaces are named after the legs of a proxy
	b      []byte
	frames uint32
	err    error
}

// NewWriter begins a file. secrets is a TLS key log, which goes first so that
// every reader has it before the packets; it may be empty.
func NewWriter(w io.Writer, secrets []byte) *Writer {
	p := newWriter(w, writerName)
	p.secrets(secrets)
	return p
}

// writerName is what a file says that this program wrote it with, unless it is
// a recording.
const writerName = "xmppscope"

// ifaceKey tells the interfaces of a file apart.
type ifaceKey struct {
	link   uint16
	beside bool
}

func newWriter(w io.Writer, program string) *Writer {
	p := &Writer{w: bufio.NewWriterSize(w, 256<<10), links: map[ifaceKey]uint32{}}
	const version = 1
	body := binary.LittleEndian.AppendUint32(nil, byteOrderMagic)
	body = binary.LittleEndian.AppendUint16(body, version)
	body = binary.LittleEndian.AppendUint16(body, 0)
	body = binary.LittleEndian.AppendUint64(body, 1<<64-1) // length not given
	p.block(blockSection, appendOptions(body, option{optUserAppl, program}))
	return p
}

const (
	byteOrderMagic = 0x1a2b3c4d
	optComment     = 1
	optIfName      = 2
	optUserAppl    = 4
	// maxComment is what an option can hold, in bytes.
	maxComment = 1<<16 - 1
	// maxSecretsBlock is how much of a key log goes into one block, in bytes:
	// readers bound a block, and a key log may have a million lines.
	maxSecretsBlock = 4 << 20
)

// secrets writes a key log, cut between lines where it is long.
func (p *Writer) secrets(log []byte) {
	for len(log) > 0 {
		n := len(log)
		if n > maxSecretsBlock {
			if n = bytes.LastIndexByte(log[:maxSecretsBlock], '\n') + 1; n == 0 {
				n = maxSecretsBlock
			}
		}
		body := binary.LittleEndian.AppendUint32(nil, SecretTLS)
		body = binary.LittleEndian.AppendUint32(body, uint32(n))
		p.block(blockSecrets, append(body, log[:n]...))
		log = log[n:]
	}
}

// Packet writes one packet, at most 16 MiB long. comment may be empty; wire
// text in it is made safe.
func (p *Writer) Packet(pk *Packet, comment string) error {
	if comment == "" {
		return p.packet(pk, nil)
	}
	return p.packet(pk, []string{clean(comment)})
}

func (p *Writer) packet(pk *Packet, comments []string) error {
	if p.err == nil && len(pk.Data) > hardCapture {
		p.err = fmt.Errorf("a packet of %d bytes is longer than a capture holds", len(pk.Data))
	}
	iface := p.iface(ifaceKey{pk.Link, pk.Beside})
	p.frames++
	at := uint64(max(pk.Time, 0)) // the format counts from 1970 on
	b := binary.LittleEndian.AppendUint32(p.b[:0], iface)
	b = binary.LittleEndian.AppendUint32(b, uint32(at>>32))
	b = binary.LittleEndian.AppendUint32(b, uint32(at))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(pk.Data)))
	b = binary.LittleEndian.AppendUint32(b, max(pk.OrigLen, uint32(len(pk.Data))))
	b = pad4(append(b, pk.Data...))
	var o []option
	for _, c := range comments {
		o = append(o, option{optComment, c})
	}
	if pk.Way != WayUnknown {
		o = append(o, option{optFlags, string([]byte{byte(pk.Way), 0, 0, 0})})
	}
	p.b = appendOptions(b, o...)
	p.block(blockPacket, p.b)
	return p.err
}

// iface is the number of an interface. It is declared first where it is new:
// time stamps in nanoseconds, and no limit to the length of its packets, because
// what cut them is not known.
func (p *Writer) iface(k ifaceKey) uint32 {
	n, ok := p.links[k]
	if ok {
		return n
	}
	n = uint32(len(p.links))
	p.links[k] = n
	o := []option{{optTSResol, "\x09"}}
	if p.names {
		leg := 0
		if k.beside {
			leg = 1
		}
		o = append(o, option{optIfName, legNames[leg]})
	}
	body := binary.LittleEndian.AppendUint16(nil, k.link)
	body = binary.LittleEndian.AppendUint16(body, 0)
	body = binary.LittleEndian.AppendUint32(body, 0)
	p.block(blockInterface, appendOptions(body, o...))
	return n
}

// Frames is how many packets were written.
func (p *Writer) Frames() uint32 { return p.frames }

// Flush brings out what is buffered.
func (p *Writer) Flush() error {
	if p.err == nil {
		p.err = p.w.Flush()
	}
	return p.err
}

// block writes a block of a type; body is without its type and its lengths.
func (p *Writer) block(typ uint32, body []byte) {
	if p.err != nil {
		return
	}
	body = pad4(body)
	n := uint32(12 + len(body))
	head := binary.LittleEndian.AppendUint32(nil, typ)
	head = binary.LittleEndian.AppendUint32(head, n)
	for _, part := range [][]byte{head, body, head[4:]} {
		if _, err := p.w.Write(part); err != nil {
			p.err = err
			return
		}
	}
}

// option is one of a block's options; its value has at most 65535 bytes.
type option struct {
	code  uint16
	value string
}

// appendOptions writes a list of options and its end, or nothing where there
// are none.
func appendOptions(b []byte, list ...option) []byte {
	if len(list) == 0 {
		return b
	}
	for _, o := range append(list, option{code: optEnd}) {
		b = binary.LittleEndian.AppendUint16(b, o.code)
		b = binary.LittleEndian.AppendUint16(b, uint16(len(o.value)))
		b = pad4(append(b, o.value...))
	}
	return b
}

func pad4(b []byte) []byte {
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

// clean makes text fit for a comment: valid UTF-8 without control characters
// and without what turns the direction of writing or breaks a line, not longer
// than an option may be.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return utf8.RuneError
		}
		return r // what is no UTF-8 comes as RuneError
	}, s)
	if len(s) <= maxComment {
		return s
	}
	n := maxComment
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
