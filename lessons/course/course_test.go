package course

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"xmppscope/captures"
	"xmppscope/captures/samples"
	"xmppscope/inspector"
)

// recorded reads a sample whole.
func recorded(_ *Lesson, c *Capture) (*inspector.Store, error) {
	s := inspector.NewStore(inspector.StoreOptions{})
	in := captures.Input{Name: c.Sample, Size: -1, Open: func(context.Context) (io.ReadCloser, error) {
		f, _, err := samples.Open(c.Sample)
		return f, err
	}}
	for i, err := range captures.Read(context.Background(), []captures.Input{in}, captures.Options{}) {
		if err != nil {
			return nil, err
		}
		if i.Event != nil {
			s.Append(i.Event)
		}
	}
	return s, nil
}

func lessonOf(t *testing.T) *Lesson {
	t.Helper()
	all, err := ParseAll(os.DirFS("testdata"))
	if err != nil || len(all) != 1 {
		t.Fatal(len(all), err)
	}
	return all[0]
}

// A sound lesson is proven, and every way to break it is told.
func TestProve(t *testing.T) {
	p := &Prover{Open: recorded}
	l := lessonOf(t)
	for _, problem := range p.Prove(t.Context(), l) {
		t.Error(problem)
	}
	source, err := os.ReadFile("testdata/00-test/lesson.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, now, want string }{
		{`minutes = 1`, `minutes = 0`, "minutes"},
		{`refs = ["RFC 6120 §6.4.2"]`, `refs = []`, "refs"},
		{`wrong = "That nobody tests lessons."`, ``, "misconception"},
		{`answer = 1`, `answer = 3`, "a number from 1 to 2"},
		{`span = "AG1iZWQAbWlycm9y"`, `span = "AG1iZWQAbWlycm9z"`, "no bytes"},
		{`event = 'step == "sasl-auth"'`, `event = 'name == "nothing"'`, "no event fits"},
		{`event = 'step == "sasl-auth"'`, `event = 'stop == "sasl-auth"'`, "event:"},
		{`hints = ["a", "b", "c"]`, `hints = ["a"]`, "has 1 hints"},
		{`sample = "plain-login"`, `sample = "no-such"`, "capture login"},
		{`kind = "order"`, `kind = "ordre"`, "no kind of step"},
		{`kind = "order"`, "kind = \"order\"\ncolour = 3", "colour is no setting"},
		{`items = [`, `items = `, "line "},
		{`](https://xmpp.org)`, `](http://xmpp.org)`, "a link leads to"},
		{`model = "Base64 makes bytes printable; it hides nothing."`, `model = "Base64 makes letters of bytes."`, "lacks a word"},
		{`choices = ["<success/>", "<proceed/>"]`, `choices = ["<success/>", "<success/>"]`, "stands there twice"},
		{"Ask for a resource.\n", "", "says nothing"},
		{"kind = \"predict\"\nxml = ", "kind = \"predict\"\nevent = 'name == \"iq\" and dir == \"initiator\"'\nxml = ", "is the answer itself"},
		{"+++\n\nThis", "---\n\nThis", "does not end"},
	} {
		broken := strings.Replace(string(source), c.old, c.now, 1)
		if broken == string(source) {
			t.Fatalf("%q is not in the lesson", c.old)
		}
		said := ""
		l, err := Parse("broken", fstest.MapFS{FileName: {Data: []byte(broken)}})
		if err != nil {
			said = err.Error()
		} else {
			for _, problem := range p.Prove(t.Context(), l) {
				said += problem.String() + "\n"
			}
		}
		if !strings.Contains(said, c.want) {
			t.Errorf("%q: says %q, want %q", c.now, said, c.want)
		}
	}
}

// What is said about wrong answers names what is still missing.
func TestAnswers(t *testing.T) {
	l := lessonOf(t)
	store, err := recorded(l, &l.Captures[0])
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	at := &Place{Store: store, Row: -1}
	auth, _, _ := l.Steps[0].Locate(store)
	seq := store.Row(auth).Seq()
	for _, c := range []struct {
		step string
		a    Answer
		want string // "" for done
	}{
		{"what-comes-next", Answer{Choice: 2}, "answers <starttls/>"},
		{"what-comes-next", Answer{Choice: 1}, ""},
		{"what-comes-next", Answer{Choice: -1}, "choose one"},
		{"write-the-request", Answer{Text: "<iq id='1' type='set'><b:bind xmlns:b='urn:ietf:params:xml:ns:xmpp-bind'>\n<b:resource>board</b:resource></b:bind></iq>"}, ""},
		{"write-the-request", Answer{Text: "<iq id='1' type='get'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"}, "attribute type of <iq/> has another value; <resource/> is missing in <bind/>"},
		{"write-the-request", Answer{Text: "<iq type='set'><bind>"}, "not well-formed"},
		{"write-the-request", Answer{Text: "<message/>"}, "the element is not <message/>"},
		{"write-the-request", Answer{Text: strings.Repeat("<a>", 1<<20)}, "at most"},
		{"take-it-apart", Answer{Fields: map[string]string{"authzid": "", "authcid": "mbed", "passwd": "mirror"}}, ""},
		{"take-it-apart", Answer{Fields: map[string]string{"authzid": "", "authcid": "Mbed", "passwd": "bWlycm9y"}}, "1 of 3 are right. authcid: nearly: upper and lower case count; passwd: this is the base64 of it"},
		{"take-it-apart", Answer{Fields: map[string]string{"authzid": "mbed", "passwd": "mirror"}}, "1 of 3 are right. authzid: this is right for another field; authcid"},
		{"take-it-apart", Answer{}, "1 of 3 are right. authcid; passwd"},
		{"one-text", Answer{Text: " bWlycm9y "}, ""},
		{"one-text", Answer{Text: "mirror"}, "before it is written in base64"},
		{"find-it", Answer{Seq: seq, Start: 70, End: 80}, ""},
		{"find-it", Answer{Seq: seq}, "choose the bytes"},
		{"find-it", Answer{Seq: seq, Start: 1, End: 2}, "the bytes are others"},
		{"find-it", Answer{Seq: seq - 1}, "further down"},
		{"find-it", Answer{Seq: seq + 1}, "further up"},
		{"put-in-order", Answer{Order: []int{1, 1, 1, 1}}, "comes first"},
		{"say-it", Answer{Text: "It makes the bytes printable."}, ""},
		{"say-it", Answer{Text: "Hm."}, "a sentence or two"},
		{"do-it", Answer{}, "The right password got through."},
	} {
		v := l.Steps[l.Step(c.step)].Task.Check(c.a, at)
		said := v.Said
		for i, m := range v.Missing {
			if i > 0 {
				said += ";"
			}
			said += " " + m
		}
		if v.Done != (c.want == "") || !strings.Contains(said, c.want) {
			t.Errorf("%s %+v: done %v, says %q, want %q", c.step, c.a, v.Done, said, c.want)
		}
	}
}

// A walk goes on where it was left, gives stronger hints, and loses nothing where
// progress cannot be kept.
func TestWalk(t *testing.T) {
	l := lessonOf(t)
	store, _ := recorded(l, &l.Captures[0])
	defer store.Close()
	at := &Place{Store: store, Row: -1}
	path := filepath.Join(t.TempDir(), "state", "progress.json")
	p := LoadProgress(path)
	w := Begin(l, p)
	w.now = func() time.Time { return time.Unix(1, 0) }
	if !w.Next() || w.At() != 1 || w.Next() {
		t.Fatal("a step to read is left by going on, a task is not", w.At())
	}
	for n, want := range []string{"a", "b", "c", "c"} {
		if text, k := w.Hint(); text != want || k != min(n+1, 3) {
			t.Error(text, k)
		}
	}
	if v := w.Answer(Answer{Choice: 2}, at); v.Done || w.Next() {
		t.Error("a wrong answer goes on")
	}
	if v := w.Answer(w.Solve(at), at); !v.Done || !w.Next() {
		t.Error("the solution does not go on")
	}
	if !w.Skip() || w.At() != 3 {
		t.Error(w.At())
	}
	for _, i := range []int{-1, len(l.Steps)} {
		if w.Goto(i) || w.At() != 3 {
			t.Error("goes to step", i, "which is none")
		}
	}
	again := LoadProgress(path)
	if b := Begin(l, again); b.At() != 3 || b.Finished() {
		t.Error("goes on at", b.At())
	}
	if done, total := again.Count(l); done != 2 || total != len(l.Steps) {
		t.Error(done, total)
	}
	if s := again.Of(l.ID).Step("what-comes-next"); s.Tries != 2 || s.Hints != 3 || !s.Shown || !s.Done {
		t.Errorf("%+v", s)
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Error(st, err)
	}
	w.Reset()
	if w.At() != 0 || w.Finished() {
		t.Error("is not reset")
	}
	if err := os.WriteFile(path, []byte("{no"), 0o600); err != nil {
		t.Fatal(err)
	}
	if p := LoadProgress(path); p.Failed != nil || len(p.Lessons) != 0 {
		t.Error(p.Failed)
	}
	if _, err := os.Stat(path + ".unreadable"); err != nil {
		t.Error("what could not be read is lost")
	}
	full := &Progress{path: "/dev/null/x", Lessons: map[string]*LessonProgress{}}
	if b := Begin(l, full); !b.Next() || full.Failed == nil {
		t.Error("a disk that cannot be written stops the lesson, or is not told")
	}
}

// Text is read as blocks, and HTML in it is text.
func TestMarkdown(t *testing.T) {
	all := Markdown([]byte("# A <b>b</b>\n\n- one **two**\n- `three`\n\n> Try: it\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```xml\n<iq/>\n```\n\n---\n<script>alert(1)</script>\n"))
	var kinds []BlockKind
	for _, b := range all {
		kinds = append(kinds, b.Kind)
	}
	want := []BlockKind{Heading, List, Quote, Table, Code, Rule, Para}
	if len(kinds) != len(want) {
		t.Fatalf("%+v", all)
	}
	for i := range want {
		if kinds[i] != want[i] {
			t.Errorf("%d: %d, want %d", i, kinds[i], want[i])
		}
	}
	if s := PlainText(all); !strings.Contains(s, "A <b>b</b>") || !strings.Contains(s, "one two") || !strings.Contains(s, "<iq/>") || !strings.Contains(s, "<script>") {
		t.Error(s)
	}
}
