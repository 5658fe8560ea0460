package captures

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"xmppscope/decode"
)

// What is written is read again: packets, times, ways, secrets.
func TestWriterIsReadAgain(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b, []byte("CLIENT_RANDOM 00 11\n"))
	packets := []Packet{
		{Data: []byte("one"), Time: 1_700_000_000_123_456_789, OrigLen: 9, Link: 1, Way: WayIn},
		{Data: []byte("three"), Time: 1_700_000_001_000_000_001, Link: 276},
		{Data: nil, Time: 1_700_000_002_000_000_000, Link: 1, Way: WayOut},
	}
	for i := range packets {
		if err := w.Packet(&packets[i], "a comment with \x1b[31m and \u202e in it"); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if bytes.ContainsAny(b.Bytes()[100:], "\x1b") && bytes.Contains(b.Bytes(), []byte("\x1b[31m")) {
		t.Error("an escape sequence is in a comment")
	}
	r, err := Open(&b, OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var p Packet
	for i := range packets {
		if err := r.Next(&p); err != nil {
			t.Fatal(err)
		}
		want := &packets[i]
		if !bytes.Equal(p.Data, want.Data) || p.Time != want.Time || p.Link != want.Link || p.Way != want.Way || p.OrigLen != max(want.OrigLen, uint32(len(want.Data))) {
			t.Errorf("packet %d is %+v, want %+v", i, p, want)
		}
	}
	if err := r.Next(&p); err != io.EOF || len(r.Notices()) > 0 {
		t.Errorf("%v %v", err, r.Notices())
	}
	if s := r.Secrets(); len(s) != 1 || string(s[0].Data) != "CLIENT_RANDOM 00 11\n" || s[0].Type != SecretTLS {
		t.Errorf("secrets %v", s)
	}
}

func TestLongCommentsAreCut(t *testing.T) {
	if got := clean(strings.Repeat("ä", 40000)); len(got) > maxComment || !strings.HasSuffix(got, "ä") {
		t.Fatalf("%d bytes", len(got))
	}
}

// The plaintext of a decrypted capture, written as TCP, gives the same stanzas.
func TestPlaintextGivesTheSameStanzas(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b, nil)
	p := NewPlainWriter(w, nil)
	o := Options{Begin: func(c decode.Conversation) { p.Begin(&c) }}
	list := func(events []decode.Event) (all []string) {
		for i := range events {
			if e := &events[i]; e.Kind == decode.KindStanza {
				all = append(all, e.Dir.String()+string(e.Wire))
			}
		}
		return all
	}
	want := map[string][]string{}
	for _, f := range readAll(t, Options{}, sampleInput("starttls")) {
		if f.sum.Decrypted {
			want[f.sum.Initiator] = list(f.events)
		}
	}
	for item, err := range Read(t.Context(), []Input{sampleInput("starttls")}, o) {
		if err != nil {
			t.Fatal(err)
		}
		if item.Event != nil {
			err = p.Event(item.Event, "x")
		} else {
			err = p.End(item.Conversation)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	again := readAll(t, Options{}, bytesInput(b.Bytes()))
	found := 0
	for _, f := range again {
		if all, ok := want[f.sum.Initiator]; ok {
			found++
			if got := list(f.events); strings.Join(got, "\n") != strings.Join(all, "\n") || len(got) == 0 {
				t.Errorf("%d stanzas, want %d", len(got), len(all))
			}
			if f.sum.Encrypted {
				t.Error("the plaintext says that it is encrypted")
			}
		}
	}
	if found == 0 || found != len(want) {
		t.Errorf("%d conversations, want %d", found, len(want))
	}
}

// tshark opens what is written, decrypts it with the keys inside and shows the
// comments.
func TestTsharkOpensWhatIsWritten(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed")
	}
	var s Selection
	k := &Keyring{}
	for _, f := range readAll(t, Options{Keys: k}, sampleInput("starttls")) {
		if !f.sum.Decrypted {
			continue
		}
		for i := range f.events {
			s.Take(f.events[i].Frames...)
		}
		s.Note(f.events[0].Frames[0], 1, "the first frame")
		for i := range f.sum.Randoms {
			s.Secrets = append(s.Secrets, k.Lines(&f.sum.Randoms[i])...)
		}
	}
	path := t.TempDir() + "/out.pcapng"
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	n, err := s.Copy(t.Context(), sampleInput("starttls"), out)
	if err != nil || n == 0 {
		t.Fatal(n, err)
	}
	out.Close()
	for _, c := range [][2]string{{"xmpp.message or xmpp.presence or xmpp.iq", "some"}, {"frame.comment == \"1 the first frame\"", "one"}} {
		text, err := exec.Command("tshark", "-r", path, "-Y", c[0], "-T", "fields", "-e", "frame.number").Output()
		if err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(string(text), "\n"); lines == 0 || c[1] == "one" && lines != 1 {
			t.Errorf("%s: %d frames", c[0], lines)
		}
	}
}
