package captures

import (
	"xmppscope/decode"

	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"xmppscope/captures/synth"
)

// record is a Handler that writes down what it is told, one line a call:
//
//	C 0 #4 "hello"      bytes, from which offset, in which frame
//	C 5 gap 10          missing bytes
//	C 5 differs 2       a conflict
//	C 15 closed         the end
type record struct {
	lines []string
	flows []*Flow
	many  bool // more than one connection is expected: lines start with its number
	sent  map[*Flow]*[2][]byte
	gaps  int
}

func newRecord() *record { return &record{sent: map[*Flow]*[2][]byte{}} }

func (r *record) add(f *Flow, dir int, format string, args ...any) {
	who := "CS"[dir : dir+1]
	if r.many {
		who = fmt.Sprint(f.ID, who)
	}
	r.lines = append(r.lines, who+" "+fmt.Sprintf(format, args...))
}

func (r *record) Connect(f *Flow) {
	r.flows = append(r.flows, f)
	r.sent[f] = &[2][]byte{}
}

func (r *record) Data(f *Flow, dir int, c Chunk) {
	r.add(f, dir, "%d #%d %q", c.Off, c.Frame, c.Bytes)
	r.sent[f][dir] = append(r.sent[f][dir], c.Bytes...)
}

func (r *record) Gap(f *Flow, dir int, g Gap) {
	word := "gap"
	if g.Cause == GapCut {
		word = "cut"
	}
	r.add(f, dir, "%d %s %d", g.Off, word, g.N)
	r.sent[f][dir] = append(r.sent[f][dir], bytes.Repeat([]byte{'?'}, int(min(g.N, 1000)))...)
	r.gaps++
}

func (*record) Marks(*Flow, Mark, []decode.Mark) {}

func (r *record) Conflict(f *Flow, dir int, c Conflict) { r.add(f, dir, "%d differs %d", c.Off, c.N) }

func (r *record) End(f *Flow, dir int, e End) {
	if e.Cause != EndCapture {
		r.add(f, dir, "%d %v", e.Off, e.Cause)
	}
}

// play runs a whole capture through a new assembler.
func play(t testing.TB, file []byte, r *record) (*Reader, *Assembler) {
	t.Helper()
	src, err := Open(bytes.NewReader(file), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a := NewAssembler(r, AssemblerOptions{})
	run(t, src, a)
	return src, a
}

func run(t testing.TB, src Source, a *Assembler) {
	t.Helper()
	var p Packet
	for {
		err := src.Next(&p)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		a.Packet(&p)
	}
	a.Finish()
}

// compareLines fails with both sides when they differ.
func compareLines(t *testing.T, got []string, want string) {
	t.Helper()
	var lines []string
	for _, l := range strings.Split(want, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, l)
		}
	}
	if strings.Join(got, "\n") != strings.Join(lines, "\n") {
		t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(lines, "\n\t"))
	}
}

func pcapOf(frames []synth.Frame) []byte { return synth.File{}.Bytes(frames) }
