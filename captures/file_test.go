package captures

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"xmppscope/captures/synth"
)

const helloWanted = `C 0 #4 "hello"`

func hello() []synth.Frame { return synth.NewSession().Handshake().Send(0, "hello").Frames }

func TestFileFormats(t *testing.T) {
	for _, o := range []synth.File{
		{}, {BigEndian: true}, {Nano: true}, {Nano: true, BigEndian: true}, {Modified: true},
		{NG: true}, {NG: true, BigEndian: true}, {NG: true, Nano: true},
	} {
		frames := hello()
		src, err := Open(bytes.NewReader(o.Bytes(frames)), OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		var p Packet
		for i := range frames {
			if err := src.Next(&p); err != nil {
				t.Fatalf("%+v: frame %d: %v", o, i+1, err)
			}
			if p.Time != frames[i].Time || p.Frame != uint32(i+1) || int(p.OrigLen) != len(p.Data) {
				t.Errorf("%+v: frame %d has time %d, length %d of %d", o, p.Frame, p.Time, len(p.Data), p.OrigLen)
			}
		}
		if err := src.Next(&p); err != io.EOF || len(src.Notices()) > 0 {
			t.Errorf("%+v: end is %v, notices %v", o, err, src.Notices())
		}
	}
}

func zipped(t testing.TB, b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	w.Close()
	return out.Bytes()
}

func zstdded(t testing.TB, b []byte) []byte {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	return w.EncodeAll(b, nil)
}

func TestCompression(t *testing.T) {
	plain := pcapOf(hello())
	for name, file := range map[string][]byte{
		"gzip": zipped(t, plain), "zstd": zstdded(t, plain), "gzip in gzip": zipped(t, zipped(t, plain)),
		"zstd in gzip": zipped(t, zstdded(t, plain)), "pcapng in zstd": zstdded(t, synth.File{NG: true}.Bytes(hello())),
		"two gzip members": append(zipped(t, plain[:100]), zipped(t, plain[100:])...),
	} {
		r := newRecord()
		src, err := Open(iotest.HalfReader(bytes.NewReader(file)), OpenOptions{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		run(t, src, NewAssembler(r, AssemblerOptions{}))
		src.Close()
		compareLines(t, r.lines, helloWanted)
	}
	_, err := Open(bytes.NewReader(zipped(t, zipped(t, zipped(t, plain)))), OpenOptions{})
	if !errors.Is(err, ErrNested) {
		t.Errorf("three layers: %v", err)
	}
}

// Bytes may come one by one; nothing waits for more than it needs.
func TestSlowReaders(t *testing.T) {
	for _, o := range []synth.File{{}, {NG: true}} {
		r := newRecord()
		src, err := Open(iotest.OneByteReader(bytes.NewReader(o.Bytes(hello()))), OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		run(t, src, NewAssembler(r, AssemblerOptions{}))
		compareLines(t, r.lines, helloWanted)
	}
}

func TestUnreadable(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		path string
		want error
		text string
	}{
		{filepath.Join(dir, "none.pcap"), ErrUnreadable, "none.pcap: cannot be read: no such file or directory"},
		{dir, ErrDirectory, ": is a directory"},
		{write("empty", ""), ErrEmpty, "empty: the file is empty"},
		{write("short", "\xd4\xc3"), ErrNotCapture, "short: not a capture: starts with d4 c3"},
		{write("text", "hello there"), ErrNotCapture, "not a capture: text"},
		{write("xml", " <?xml version='1.0'?>"), ErrNotCapture, "not a capture: XML or HTML text"},
		{write("zip", "PK\x03\x04aaaaaaaa"), ErrNotCapture, "not a capture: a zip archive"},
		{write("void.gz", string(zipped(t, nil))), ErrEmpty, "the file is empty"},
		{write("text.gz", string(zipped(t, []byte("hello")))), ErrNotCapture, "not a capture: text"},
		{write("bad.gz", "\x1f\x8bxxxxxxxx"), ErrNotCapture, "damaged gzip"},
		{write("bad.zst", "\x28\xb5\x2f\xfd\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"), ErrNotCapture, "damaged zstd"},
	} {
		_, err := OpenFile(c.path, OpenOptions{})
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %q, want %q of kind %v", filepath.Base(c.path), err, c.text, c.want)
		}
	}
}

// A reader that fails is the caller's error, after the packets before it.
func TestFailingReader(t *testing.T) {
	broken := errors.New("the disk is gone")
	file := pcapOf(hello())
	src, err := Open(io.MultiReader(bytes.NewReader(file), iotest.ErrReader(broken)), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var p Packet
	n := 0
	for err = src.Next(&p); err == nil; err = src.Next(&p) {
		n++
	}
	if !errors.Is(err, broken) || n != len(hello()) {
		t.Errorf("%d packets, then %v", n, err)
	}
}

// The file ends in the middle of its last frame: what is there is used.
func TestTruncation(t *testing.T) {
	for _, o := range []synth.File{{}, {NG: true}} {
		file := o.Bytes(synth.NewSession().Handshake().Send(0, "hello").At(0, 0, ack, "cut here").Frames)
		cut := 4
		if o.NG {
			cut += 6 // padding and the trailing length
		}
		for name, b := range map[string][]byte{"plain": file[:len(file)-cut], "gzip": zipped(t, file[:len(file)-cut])} {
			r := newRecord()
			src, _ := play(t, b, r)
			compareLines(t, r.lines, `
				C 0 #4 "hello"
				C 5 #6 "cut "
				C 9 cut 4`)
			if n := src.Notices(); len(n) != 1 || n[0].Kind != Truncated || n[0].Frame != 5 {
				t.Errorf("pcapng %v, %s: notices %v", o.NG, name, n)
			}
		}
	}
}

// Notices name the byte of the file, however often the window has moved on.
func TestNoticesNameTheByte(t *testing.T) {
	s := synth.NewSession().Handshake()
	for range 3000 {
		s.Send(0, string(randomText(newRand(1), 1000)))
	}
	file := pcapOf(s.Frames)
	last := int64(len(file) - 16 - len(s.Frames[len(s.Frames)-1].IP) - 14)
	src, _ := play(t, file[:len(file)-3], newRecord())
	if n := src.Notices(); len(n) != 1 || n[0].Offset < last || n[0].Offset > int64(len(file)) {
		t.Errorf("notices %v, the last record starts at %d of %d", n, last, len(file))
	}
	noise := int64(len(file) / 2)
	copy(file[noise:], randomText(newRand(2), 3000))
	src, _ = play(t, file, newRecord())
	if n := src.Notices(); len(n) == 0 || n[0].Offset < noise-1100 || n[0].Offset > noise+3000 || n[0].Offset+n[0].Lost > noise+5000 {
		t.Errorf("notices %v, noise at %d", n, noise)
	}
}

func TestTruncatedCompression(t *testing.T) {
	s := synth.NewSession().Handshake()
	for range 2000 {
		s.Send(0, string(randomText(newRand(1), 200)))
	}
	for name, b := range map[string][]byte{"gzip": zipped(t, pcapOf(s.Frames)), "zstd": zstdded(t, pcapOf(s.Frames))} {
		r := newRecord()
		src, a := play(t, b[:len(b)*3/4], r)
		if n := src.Notices(); len(n) != 1 || n[0].Kind != Truncated {
			t.Errorf("%s: notices %v", name, n)
		}
		if a.Tally().Packets < 10 {
			t.Errorf("%s: only %d packets", name, a.Tally().Packets)
		}
	}
}

// A hundred packets, the middle of the file overwritten: the rest is found again.
func TestDamage(t *testing.T) {
	s := synth.NewSession().Handshake()
	for range 100 {
		s.Send(0, "0123456789")
	}
	for _, o := range []synth.File{{}, {BigEndian: true, Nano: true}, {NG: true}, {NG: true, BigEndian: true}} {
		whole := o.Bytes(s.Frames)
		for name, harm := range map[string]func(b []byte) []byte{
			"noise":   func(b []byte) []byte { copy(b[5000:], randomText(newRand(2), 300)); return b },
			"zeros":   func(b []byte) []byte { clear(b[5000:5300]); return b },
			"missing": func(b []byte) []byte { return append(b[:5001], b[5400:]...) },
			"ones":    func(b []byte) []byte { copy(b[5000:], bytes.Repeat([]byte{255}, 300)); return b },
		} {
			r := newRecord()
			src, a := play(t, harm(bytes.Clone(whole)), r)
			n := src.Notices()
			if len(n) == 0 || n[0].Kind != Damaged {
				t.Errorf("pcapng %v, %s: notices %v", o.NG, name, n)
			}
			if got := a.Tally().Packets; got < 195 {
				t.Errorf("pcapng %v, %s: only %d of 203 packets; %v", o.NG, name, got, n)
			}
			stream := string(r.sent[r.flows[0]][0])
			if len(stream) != 1000 || !strings.HasSuffix(stream, "01234567890123456789") {
				t.Errorf("pcapng %v, %s: stream of %d bytes ends %q", o.NG, name, len(stream), stream[max(0, len(stream)-20):])
			}
		}
	}
}

// zeros gives zeros for ever, and calls off once it has given many.
type zeros struct {
	given, most int
	off         func()
}

func (z *zeros) Read(p []byte) (int, error) {
	clear(p)
	if z.given += len(p); z.given > z.most {
		z.off()
	}
	return len(p), nil
}

// TestDamageWithoutEnd: a search for what can be read goes on through any number of
// bytes, finds what stands behind them, and ends when it is told to.
func TestDamageWithoutEnd(t *testing.T) {
	for _, o := range []synth.File{{}, {NG: true}} {
		head := o.Bytes(hello())
		ctx, cancel := context.WithCancel(context.Background())
		src, err := Open(io.MultiReader(bytes.NewReader(head), &zeros{most: 8 * resyncAhead, off: cancel}), OpenOptions{Stop: ctx})
		if err != nil {
			t.Fatal(err)
		}
		var p Packet
		n := 0
		for err = src.Next(&p); err == nil; err = src.Next(&p) {
			n++
		}
		if err != io.EOF || n != len(hello()) || len(src.Notices()) == 0 {
			t.Errorf("pcapng %v: %d packets, %v, %v", o.NG, n, err, src.Notices())
		}
		gap := make([]byte, 5*resyncAhead/2)
		r := newRecord()
		_, a := play(t, slices.Concat(head, gap, head[len(o.Bytes(nil)):]), r)
		if got, want := a.Tally().Packets, 2*len(hello()); int(got) != want {
			t.Errorf("pcapng %v: %d packets, want %d", o.NG, got, want)
		}
	}
}

func TestSecrets(t *testing.T) {
	o := synth.File{NG: true, Secrets: "CLIENT_RANDOM 00 11\n"}
	file := o.Bytes(hello())
	file = o.Block(file, 10, []byte("KSLT\x04\x00\x00\x00late"))
	file = o.Block(file, 10, []byte("KSLT\xff\xff\xff\x7fmore"))
	src, _ := play(t, file, newRecord())
	s := src.Secrets()
	if len(s) != 3 || s[0].Type != SecretTLS || string(s[0].Data) != o.Secrets || string(s[1].Data) != "late" || string(s[2].Data) != "more" {
		t.Errorf("secrets %+v", s)
	}
}

// Sections with their own byte order and interfaces, unknown blocks between.
func TestSections(t *testing.T) {
	frames := hello()
	a := synth.File{NG: true, Link: synth.Raw}
	b := synth.File{NG: true, BigEndian: true, Nano: true, Link: synth.SLL}
	file := a.Bytes(frames[:3])
	file = a.Block(file, 0xbad, make([]byte, 100))
	file = a.Block(file, 77, make([]byte, 8))
	file = append(file, b.Bytes(frames[3:])...)
	r := newRecord()
	src, _ := play(t, file, r)
	compareLines(t, r.lines, helloWanted)
	if len(src.Notices()) > 0 {
		t.Errorf("notices %v", src.Notices())
	}
}

func TestTimeResolution(t *testing.T) {
	for _, c := range []struct {
		resol  byte
		offset int64
		ticks  uint64
		want   int64
	}{
		{6, 0, 1_700_000_000_000_000, 1_700_000_000_000_000_000},
		{9, 0, 1_700_000_000_000_000_001, 1_700_000_000_000_000_001},
		{3, 0, 1_700_000_000_001, 1_700_000_000_001_000_000},
		{0, 0, 1_700_000_000, 1_700_000_000_000_000_000},
		{12, 0, 1_700_000_000_123, 1_700_000_000},
		{0x80 | 1, 0, 3, 1_500_000_000},
		{0x80 | 30, 0, 1 << 30, 1_000_000_000},
		{6, 3600, 5, 3600_000_005_000},
		{6, -1, 5_000_000, 4_000_000_000},
		{0, 0, 1 << 63, 1<<63 - 1},
		{6, 1 << 62, 5, 1<<63 - 1},
	} {
		mul, div := resolution(c.resol)
		i := iface{mul: mul, div: div, offset: c.offset}
		if got := i.nanos(c.ticks); got != c.want {
			t.Errorf("resolution %#x, offset %d: %d ticks are %d, want %d", c.resol, c.offset, c.ticks, got, c.want)
		}
	}
}

// A followed file is read to its end and waited for; the context ends it.
func TestFollow(t *testing.T) {
	for _, o := range []synth.File{{}, {NG: true}} {
		file := o.Bytes(hello())
		path := filepath.Join(t.TempDir(), "growing")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		go func() {
			for at := 0; at < len(file); at += 100 {
				f.Write(file[at:min(at+100, len(file))])
				time.Sleep(time.Millisecond)
			}
		}()
		src, err := OpenFile(path, OpenOptions{Follow: true, Stop: ctx})
		if err != nil {
			t.Fatal(err)
		}
		var p Packet
		for range hello() {
			if err := src.Next(&p); err != nil {
				t.Fatal(err)
			}
		}
		stop()
		if err := src.Next(&p); err != io.EOF {
			t.Errorf("after the end: %v", err)
		}
		src.Close()
	}
}

func TestProgress(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.pcap")
	file := pcapOf(hello())
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	var read, total int64
	src, err := OpenFile(path, OpenOptions{Progress: func(r, n int64) { read, total = r, n }})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	run(t, src, NewAssembler(newRecord(), AssemblerOptions{}))
	if read != int64(len(file)) || total != read {
		t.Errorf("progress says %d of %d, the file has %d", read, total, len(file))
	}
}

func addrPort(host string, port uint16) netip.AddrPort {
	return netip.AddrPortFrom(netip.MustParseAddr(host), port)
}
