package captures

import (
	"bufio"
	"encoding/binary"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Writer writes a pcapng file: one section, an interface for every link type,
// time stamps in nanoseconds. It buffers; the first error of what it writes to
// is returned by every later call.
type Writer struct {
	w      *bufio.Writer
	links  map[uint16]uint32
	b      []byte
	frames uint32
	err    error
}

// NewWriter begins a file. secrets is a TLS key log, which goes first so that
// every reader has it before the packets; it may be empty.
func NewWriter(w io.Writer, secrets []byte) *Writer {
	p := &Writer{w: bufio.NewWriterSize(w, 256<<10), links: map[uint16]uint32{}}
	const version = 1
	body := binary.LittleEndian.AppendUint32(nil, byteOrderMagic)
	body = binary.LittleEndian.AppendUint16(body, version)
	body = binary.LittleEndian.AppendUint16(body, 0)
	body = binary.LittleEndian.AppendUint64(body, 1<<64-1) // length not given
	p.block(blockSection, appendOption(body, optUserAppl, "xmppscope"))
	if len(secrets) > 0 {
		body = binary.LittleEndian.AppendUint32(nil, SecretTLS)
		body = binary.LittleEndian.AppendUint32(body, uint32(len(secrets)))
		p.block(blockSecrets, append(body, secrets...))
	}
	return p
}

const (
	byteOrderMagic = 0x1a2b3c4d
	optComment     = 1
	optUserAppl    = 4
	maxComment     = 1<<16 - 1
)

// Packet writes one packet. comment may be empty; wire text in it is made safe.
func (p *Writer) Packet(pk *Packet, comment string) error {
	iface, ok := p.links[pk.Link]
	if !ok {
		iface = uint32(len(p.links))
		p.links[pk.Link] = iface
		p.describe(pk.Link)
	}
	p.frames++
	b := binary.LittleEndian.AppendUint32(p.b[:0], iface)
	b = binary.LittleEndian.AppendUint32(b, uint32(uint64(pk.Time)>>32))
	b = binary.LittleEndian.AppendUint32(b, uint32(pk.Time))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(pk.Data)))
	b = binary.LittleEndian.AppendUint32(b, max(pk.OrigLen, uint32(len(pk.Data))))
	b = pad4(append(b, pk.Data...))
	if comment != "" {
		b = appendOption(b, optComment, clean(comment))
	}
	if pk.Way != WayUnknown {
		b = appendOption(b, optFlags, string([]byte{byte(pk.Way), 0, 0, 0}))
	}
	p.b = b
	p.block(blockPacket, b)
	return p.err
}

// describe declares an interface with nanosecond time stamps.
func (p *Writer) describe(link uint16) {
	body := binary.LittleEndian.AppendUint16(nil, link)
	body = binary.LittleEndian.AppendUint16(body, 0)
	body = binary.LittleEndian.AppendUint32(body, 0)
	p.block(blockInterface, appendOption(body, optTSResol, "\x09"))
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

func appendOption(b []byte, code uint16, value string) []byte {
	b = binary.LittleEndian.AppendUint16(b, code)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(value)))
	return pad4(append(b, value...))
}

func pad4(b []byte) []byte {
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

// clean makes text fit for an option: valid UTF-8 without control characters,
// not longer than an option may be.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return '�'
		}
		return r
	}, s)
	for len(s) > maxComment {
		_, n := utf8.DecodeLastRuneInString(s[:maxComment+1])
		s = s[:maxComment+1-n]
	}
	return s
}
