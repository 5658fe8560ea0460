package captures

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// OpenOptions of one input. The zero value is good.
type OpenOptions struct {
	// Progress, when set, is told after each read how many bytes of the file
	// (as it lies on disk, compressed or not) were taken; total is 0 when the
	// size is not known. It is called on the reading goroutine.
	Progress func(read, total int64)
	// Follow makes an open file behave like a pipe that never ends: at its end
	// the reader waits for more until Stop is done.
	Follow bool
	// Stop, when set, ends what would else wait for ever: a followed file, a
	// pipe, a live interface. They then end as a file ends.
	Stop context.Context
	// Idle, when set, is called each time before the reader may have to wait, and
	// again and again while it waits.
	Idle func()
	// late, when set, is told what time it is by the clock of the input, now and
	// then while nothing comes and all that came before has been read.
	late func(time.Time)
	// File is the index that packets and notices carry.
	File int
}

// Reader is a [Source] over one capture.
type Reader struct {
	src     format
	w       *window
	close   []func()
	name    string
	notices []Notice
	secrets []Secret
	file    int
	frame   uint32
	ended   bool
	told    bool   // the end, or why it is one, was noticed
	comp    string // compression met, for messages
}

// format is a capture file format: it finds the next packet in the window.
type format interface {
	// next fills Data, Time, OrigLen, Link and Way. io.EOF ends the file.
	next(r *Reader, p *Packet) error
}

// OpenFile opens a capture by path; "-" is standard input.
func OpenFile(path string, o OpenOptions) (*Reader, error) {
	name, f := path, os.Stdin
	if path == "-" {
		name = "standard input"
	} else {
		var err error
		if f, err = os.Open(path); err != nil {
			return nil, unreadable(path, err)
		}
	}
	var size int64
	regular := false
	if st, err := f.Stat(); err == nil {
		if st.IsDir() {
			f.Close()
			return nil, &OpenError{Name: name, Reason: ErrDirectory, Hint: "name the capture files in it"}
		}
		if regular = st.Mode().IsRegular(); regular {
			size = st.Size()
		}
	}
	if o.Stop == nil {
		o.Stop = context.Background()
	}
	var in io.Reader = f
	switch {
	case regular && o.Follow:
		in = &tail{f: f, stop: o.Stop, idle: o.Idle}
	case !regular:
		in = newPipe(f, o.Stop)
	}
	r, err := open(name, &counted{r: in, total: size, o: o}, o)
	if err != nil {
		f.Close()
		return nil, err
	}
	if path != "-" {
		r.close = append(r.close, func() { f.Close() })
	}
	return r, nil
}

// Open reads a capture from r, which need not seek. It looks at the first bytes
// only; a capture that is damaged further on still opens.
func Open(r io.Reader, o OpenOptions) (*Reader, error) {
	return open("", &counted{r: r, o: o}, o)
}

func open(name string, in io.Reader, o OpenOptions) (*Reader, error) {
	r := &Reader{name: name, file: o.File, w: &window{r: in, stop: o.Stop}}
	for depth := 0; ; depth++ {
		inner, err := r.sniff()
		if err == nil && inner == nil {
			return r, nil
		}
		if err == nil && depth == 2 {
			err = &OpenError{Name: name, Reason: ErrNested}
		}
		if err != nil {
			r.Close()
			return nil, err
		}
		r.w = &window{r: inner, stop: o.Stop}
	}
}

// sniff recognises the format by its first bytes. It returns a reader of the
// uncompressed bytes when the input is compressed, and nothing when it set r.src.
func (r *Reader) sniff() (io.Reader, error) {
	w := r.w
	w.need(4)
	head := w.view()
	if len(head) == 0 {
		return nil, r.nothing()
	}
	if len(head) < 4 {
		return nil, r.foreign()
	}
	if f, ok := pcapMagic([4]byte(head)); ok {
		r.src = f
		return nil, nil
	}
	switch {
	case [4]byte(head) == sectionMagic:
		r.src = &pcapng{}
	case head[0] == 0x1f && head[1] == 0x8b:
		z, err := gzip.NewReader(rest{w})
		if err != nil {
			return nil, &OpenError{Name: r.name, Reason: ErrNotCapture, Detail: "damaged gzip header"}
		}
		r.comp = "gzip"
		return z, nil
	case binary.LittleEndian.Uint32(head) == 0xfd2fb528, binary.LittleEndian.Uint32(head)&^0xf == 0x184d2a50:
		z, err := zstd.NewReader(rest{w}, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			return nil, &OpenError{Name: r.name, Reason: ErrNotCapture, Detail: "damaged zstd header"}
		}
		r.close = append(r.close, z.Close)
		r.comp = "zstd"
		return z, nil
	default:
		return nil, r.foreign()
	}
	return nil, nil
}

// nothing tells why not one byte came.
func (r *Reader) nothing() error {
	if err := r.w.failed(); err != nil {
		if r.comp != "" {
			return &OpenError{Name: r.name, Reason: ErrNotCapture, Detail: "damaged " + r.comp + " data"}
		}
		return unreadable(r.name, err)
	}
	return &OpenError{Name: r.name, Reason: ErrEmpty}
}

// foreign names what the file seems to be instead of a capture.
func (r *Reader) foreign() error {
	e := &OpenError{Name: r.name, Reason: ErrNotCapture, Hint: "pcap and pcapng are read, also inside gzip or zstd"}
	r.w.need(64)
	head := r.w.view()
	head = head[:min(64, len(head))]
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		e.Detail = "a zip archive"
		e.Hint = "unpack it first"
	case bytes.HasPrefix(head, []byte("snoop\x00\x00\x00")):
		e.Detail = "a snoop file"
		e.Hint = "convert it with editcap to pcapng"
	case bytes.HasPrefix(head, []byte("BZh")), bytes.HasPrefix(head, []byte("\xfd7zXZ")):
		e.Detail = "compressed in a way that is not read here"
		e.Hint = "unpack it first; gzip and zstd are read as they are"
	case bytes.HasPrefix(bytes.TrimLeft(head, "\xef\xbb\xbf \t\r\n"), []byte("<")):
		e.Detail = "XML or HTML text"
	case utf8.Valid(head) && bytes.IndexByte(head, 0) < 0:
		e.Detail = "text"
	default:
		e.Detail = fmt.Sprintf("starts with % x", head[:min(4, len(head))])
	}
	return e
}

// Next fills p with the next packet.
func (r *Reader) Next(p *Packet) error {
	if r.ended {
		return io.EOF
	}
	err := r.src.next(r, p)
	if err != nil {
		r.ended = true
		return err
	}
	r.frame++
	p.Frame = r.frame
	p.File = uint16(r.file)
	return nil
}

// Notices are the faults of the file met so far, at most 100.
func (r *Reader) Notices() []Notice { return r.notices }

// Secrets are the decryption secrets blocks met so far.
func (r *Reader) Secrets() []Secret { return r.secrets }

// Name is the path the reader was opened with, empty for [Open].
func (r *Reader) Name() string { return r.name }

// Close gives the file back. Packets delivered before are void.
func (r *Reader) Close() {
	for _, f := range r.close {
		f()
	}
	r.close = nil
	r.ended = true
}

// notice records a fault at file offset at.
func (r *Reader) notice(kind NoticeKind, at, lost int64, what string) {
	if len(r.notices) < maxNotices {
		r.notices = append(r.notices, Notice{Kind: kind, File: r.file, Offset: at, Lost: lost, Frame: r.frame, What: what})
	}
}

// end finishes the file: missing is true when a record was begun.
func (r *Reader) end(missing bool, what string) error {
	failed := r.w.failed()
	if failed != nil && r.comp == "" {
		return failed
	}
	switch {
	case r.told:
	case failed != nil:
		r.notice(Truncated, r.w.at(), 0, "the "+r.comp+" data is damaged")
	case missing || r.w.err == io.ErrUnexpectedEOF:
		r.notice(Truncated, r.w.at(), 0, what)
	}
	r.told = true
	return io.EOF
}

// rest reads on from a window whose first bytes were only looked at.
type rest struct{ w *window }

func (s rest) Read(p []byte) (int, error) {
	if !s.w.need(1) {
		return 0, s.w.err
	}
	n := copy(p, s.w.view())
	s.w.lo += n
	return n, nil
}

// counted tells how far reading has come, and that it may wait.
type counted struct {
	r     io.Reader
	n     int64
	total int64
	o     OpenOptions
}

func (c *counted) Read(p []byte) (int, error) {
	if c.o.Idle != nil {
		c.o.Idle()
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	if c.o.Progress != nil && n > 0 {
		if c.total > 0 {
			c.total = max(c.total, c.n) // a followed file grows
		}
		c.o.Progress(c.n, c.total)
	}
	return n, err
}
