package captures

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"xmppscope/decode"
)

// rewritten is a capture with a remark at every third event that has a place,
// and what was written there by event.
func rewritten(t *testing.T, in Input) (file []byte, wrote map[string]string) {
	t.Helper()
	wrote = map[string]string{}
	s := Selection{Everything: true}
	n := 0
	for i, err := range Read(context.Background(), []Input{in}, Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		if i.Event == nil {
			continue
		}
		p, ok := decode.PlaceOf(i.Event)
		if n++; !ok || n%3 != 0 {
			continue
		}
		note := fmt.Sprintf("note ü\u202e on %d", i.Event.Seq)
		s.Remark(Remark{Event: p, Note: note, Marked: n%2 == 0})
		wrote[fmt.Sprint(p)] = note
	}
	s.Remark(Remark{Actor: "juliet@localhost", Name: "Juliet", Rank: 2})
	var out bytes.Buffer
	if _, err := s.Copy(t.Context(), in, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), wrote
}

// Law of remarks: what was written at an event is found at the same event when
// the file is opened again, and the events are the same.
func TestRemarksAreFoundAgain(t *testing.T) {
	var live bytes.Buffer
	tap := NewTap(TapOptions{Record: &live})
	played(tap)
	tap.Close()
	inputs := []Input{fileOf(live.Bytes())}
	for _, name := range []string{"starttls", "plain-login", "bosh", "websocket"} {
		inputs = append(inputs, sampleInput(name))
	}
	for i, in := range inputs {
		file, wrote := rewritten(t, in)
		got, actors := map[string]string{}, 0
		places := map[string]int{}
		o := Options{Remark: func(r Remark) {
			if r.Actor != "" {
				actors++
				return
			}
			got[fmt.Sprint(r.Event)] = r.Note
		}}
		var told []string
		for i, err := range Read(context.Background(), []Input{fileOf(file)}, o) {
			if err != nil {
				t.Fatal(err)
			}
			if i.Event == nil {
				told = append(told, i.Conversation.Outcome.String())
				continue
			}
			told = append(told, fmt.Sprintf("%d %s %s %.40q", i.Event.Seq, i.Event.Origin, i.Event.Step, i.Event.Wire))
			if p, ok := decode.PlaceOf(i.Event); ok {
				places[fmt.Sprint(p)]++
			}
		}
		if len(wrote) < 3 || len(got) != len(wrote) || actors != 1 {
			t.Errorf("%s: %d remarks written, %d read, %d actors", in.Name, len(wrote), len(got), actors)
		}
		for p, note := range wrote {
			if got[p] != note || places[p] != 1 {
				t.Errorf("%s: %s: %q, want %q; %d events there", in.Name, p, got[p], note, places[p])
			}
		}
		var before []string
		for i, err := range Read(context.Background(), []Input{in}, Options{}) {
			if err != nil {
				t.Fatal(err)
			}
			if i.Event == nil {
				before = append(before, i.Conversation.Outcome.String())
			} else {
				before = append(before, fmt.Sprintf("%d %s %s %.40q", i.Event.Seq, i.Event.Origin, i.Event.Step, i.Event.Wire))
			}
		}
		if strings.Join(before, "\n") != strings.Join(told, "\n") {
			t.Errorf("%d %s: events differ:\n%s\nwere\n%s", i, in.Name, strings.Join(told, "\n"), strings.Join(before, "\n"))
		}
	}
}

// Other programs show a remark as text.
func TestTsharkShowsRemarks(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed")
	}
	file, _ := rewritten(t, sampleInput("plain-login"))
	path := t.TempDir() + "/out.pcapng"
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command("tshark", "-r", path, "-Y", "frame.comment contains \"note ü\"", "-T", "fields", "-e", "frame.number").Output()
	if err != nil || strings.Count(string(text), "\n") < 3 {
		t.Errorf("%v\n%s", err, text)
	}
}

// Remarks of a file that another program wrote are a comment like any other.
func TestRemarksOfAnotherProgramAreNone(t *testing.T) {
	file, _ := rewritten(t, sampleInput("plain-login"))
	file = bytes.Replace(file, []byte(writerName+"\x00"), []byte("someother\x00"), 1)
	for _, err := range Read(context.Background(), []Input{fileOf(file)}, Options{Remark: func(r Remark) { t.Error(r) }}) {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// What came through a pipe is in the journal, keys and all.
func TestAJournalIsTheCapture(t *testing.T) {
	var file bytes.Buffer
	j := NewJournal(&file)
	list := func(in Input) (all []string) {
		for i, err := range Read(context.Background(), []Input{in}, Options{}) {
			if err != nil {
				t.Fatal(err)
			}
			if i.Event != nil {
				all = append(all, fmt.Sprintf("%d %s %.40q %v", i.Event.Seq, i.Event.Step, i.Event.Wire, i.Event.Frames))
			}
		}
		return all
	}
	read := list(j.Input(sampleInput("starttls")))
	if err := j.Flush(); err != nil {
		t.Fatal(err)
	}
	if again := list(fileOf(file.Bytes())); strings.Join(read, "\n") != strings.Join(again, "\n") || len(again) < 10 {
		t.Errorf("read\n%s\nfrom the journal\n%s", strings.Join(read, "\n"), strings.Join(again, "\n"))
	}
}
