package why

import (
	"bytes"
	"encoding/base64"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/decode/sasl"
	"xmppscope/decode/transcript"
)

var update = flag.Bool("update", false, "write the goldens")

// A file of testdata holds transcripts, each under a line "== title". Lines
// "ask VERDICT QUESTION [WORD] [@CONN]" say what is asked and what the verdict
// has to be; the whole answers stand in the golden file. A line "include NAME"
// stands for the lines of testdata/NAME.inc.
type example struct {
	file, title, script string
	asks                []asked
}

type asked struct {
	verdict, question, word string
	conn                    decode.ConnID
}

func examples(t testing.TB) (all []example) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split("\n"+string(text), "\n== ")[1:] {
			title, script, _ := strings.Cut(part, "\n")
			x := example{file: strings.TrimSuffix(filepath.Base(f), ".txt"), title: title}
			x.script = x.lines(t, script)
			if len(x.asks) == 0 {
				t.Errorf("%s/%s asks nothing", x.file, title)
			}
			all = append(all, x)
		}
	}
	return all
}

func (x *example) lines(t testing.TB, script string) string {
	var out []string
	for _, l := range strings.Split(script, "\n") {
		if ask, ok := strings.CutPrefix(l, "ask "); ok {
			x.asks = append(x.asks, asking(ask))
			l = "#"
		}
		if name, ok := strings.CutPrefix(l, "include "); ok {
			part, err := os.ReadFile("testdata/" + name + ".inc")
			if err != nil {
				t.Fatal(err)
			}
			l = x.lines(t, string(part))
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

func asking(line string) asked {
	a := asked{conn: 1}
	words := strings.Fields(line)
	if n := len(words) - 1; strings.HasPrefix(words[n], "@") {
		conn, _ := strconv.Atoi(words[n][1:])
		a.conn, words = decode.ConnID(conn), words[:n]
	}
	a.verdict, a.question = words[0], words[1]
	if len(words) > 2 {
		a.word = words[2]
	}
	return a
}

// collect plays a transcript into a collector.
func (x *example) collect(t testing.TB) (*Collector, *transcript.Script) {
	t.Helper()
	s, err := transcript.Parse(x.script)
	if err != nil {
		t.Fatalf("%s/%s: %v", x.file, x.title, err)
	}
	p, err := s.Play(decode.Options{})
	if err != nil {
		t.Fatalf("%s/%s: %v", x.file, x.title, err)
	}
	var verify func(*decode.Event) (sasl.Verdict, bool)
	if len(s.Passwords) > 0 {
		verify = func(e *decode.Event) (sasl.Verdict, bool) {
			_, password, _ := strings.Cut(s.Passwords[0], "=")
			return sasl.Verify(e.SASL, &sasl.Secret{Password: password}), true
		}
	}
	c, g := New(Options{Verify: verify}), lint.New(lint.Options{Verify: verify})
	for i := range p.Events {
		c.Event(&p.Events[i], g.Event(&p.Events[i]))
	}
	for i := range p.Conversations {
		c.End(&p.Conversations[i], g.End(&p.Conversations[i]))
	}
	return c, s
}

func write(b *bytes.Buffer, a *Answer) {
	fmt.Fprintf(b, "%s %s: %s\n  %s\n", a.Question, a.Word, a.Verdict, a.Text)
	for _, f := range a.Facts {
		fmt.Fprintf(b, "  - %s %v %s\n", f.Text, f.Seq, f.Ref)
	}
	for _, tell := range a.Tell {
		fmt.Fprintf(b, "  > %s\n", tell)
	}
}

func TestExamples(t *testing.T) {
	out := map[string]*bytes.Buffer{}
	for _, x := range examples(t) {
		if out[x.file] == nil {
			out[x.file] = new(bytes.Buffer)
		}
		fmt.Fprintf(out[x.file], "== %s\n", x.title)
		c, s := x.collect(t)
		for _, ask := range x.asks {
			q := Lookup(ask.question)
			if q == nil {
				t.Fatalf("%s/%s: no question %s", x.file, x.title, ask.question)
			}
			a := c.Answer(ask.conn, q, ask.word)
			if a.Verdict.String() != ask.verdict {
				t.Errorf("%s/%s: %s is %s, want %s: %s", x.file, x.title, ask.question, a.Verdict, ask.verdict, a.Text)
			}
			sound(t, &x, &a, s.Passwords)
			write(out[x.file], &a)
		}
	}
	for name, b := range out {
		golden(t, "testdata/"+name+".golden", b.Bytes())
	}
}

// sound checks what holds for every answer.
func sound(t *testing.T, x *example, a *Answer, passwords []string) {
	t.Helper()
	where := x.file + "/" + x.title + ", " + a.Question
	texts := append([]string{a.Text}, a.Tell...)
	for _, f := range a.Facts {
		texts = append(texts, f.Text)
		if !f.Ref.IsZero() && !f.Ref.Known() {
			t.Errorf("%s: %s is no document that is known", where, f.Ref)
		}
		if len(f.Seq) > 0 && slices.Min(f.Seq) == 0 {
			t.Errorf("%s: no event: %s", where, f.Text)
		}
	}
	for _, text := range texts {
		if !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, ".)") || strings.Contains(text, "..") && !strings.Contains(text, "…") || strings.Contains(text, "  ") {
			t.Errorf("%s: no sentence: %s", where, text)
		}
		for _, pair := range passwords {
			_, password, _ := strings.Cut(pair, "=")
			for _, form := range []string{password, base64.StdEncoding.EncodeToString([]byte(password))} {
				if strings.Contains(text, form) {
					t.Errorf("%s tells the password: %s", where, text)
				}
			}
		}
	}
	if a.Verdict == Unknown && len(a.Tell) == 0 {
		t.Errorf("%s: cannot be known, and nothing would tell: %s", where, a.Text)
	}
	if len(a.Facts) == 0 {
		t.Errorf("%s: no facts: %s", where, a.Text)
	}
}

func golden(t *testing.T, path string, have []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, have, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Errorf("%s is not what the questions answer; see the difference with -update and git diff", path)
	}
}

// TestEveryQuestionInEveryVerdict: the transcripts show each question answered
// with yes, with no, and with what cannot be known.
func TestEveryQuestionInEveryVerdict(t *testing.T) {
	seen := map[string]bool{}
	for _, x := range examples(t) {
		for _, a := range x.asks {
			seen[Lookup(a.question).Name+" "+a.verdict] = true
		}
	}
	for _, q := range Questions() {
		for _, v := range verdictNames {
			if !seen[q.Name+" "+v] {
				t.Errorf("no transcript asks %s and is answered %s", q.Name, v)
			}
		}
	}
}

func TestTable(t *testing.T) {
	names := map[string]bool{}
	for _, q := range Questions() {
		for _, n := range append([]string{q.Name}, q.Also...) {
			if names[n] {
				t.Errorf("%s stands there twice", n)
			}
			names[n] = true
			if Lookup(strings.ToUpper(n)) == nil {
				t.Errorf("%s is not found", n)
			}
		}
		if q.Doc == "" || !strings.HasSuffix(q.Ask, "?") || q.answer == nil {
			t.Errorf("%s is not whole", q.Name)
		}
	}
	if Lookup("starttl") != nil {
		t.Error("a misspelt name is found")
	}
}

// TestAllQuestionsOnEverything: every question to every transcript gives a whole
// answer, also of only the first events of it.
func TestAllQuestionsOnEverything(t *testing.T) {
	for _, x := range examples(t) {
		s, err := transcript.Parse(x.script)
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Play(decode.Options{})
		if err != nil {
			t.Fatal(err)
		}
		c := New(Options{})
		ask := func(conn decode.ConnID) {
			for _, q := range Questions() {
				for _, word := range []string{"", "juliet@capulet.example"} {
					if a := c.Answer(conn, &q, word); a.Text == "" {
						t.Fatalf("%s/%s: %s has no answer", x.file, x.title, q.Name)
					}
					if q.Word == "" {
						break
					}
				}
			}
		}
		for i := range p.Events {
			c.Event(&p.Events[i], nil)
			ask(p.Events[i].Conn)
		}
		ask(99)
	}
}

// TestBounded: a conversation that never ends is forgotten in its middle.
func TestBounded(t *testing.T) {
	c := New(Options{})
	s := &decode.State{Profile: decode.ProfileC2S}
	e := decode.Event{Conn: 1, Kind: decode.KindStanza, Step: decode.StepExchange, State: s, After: s}
	for _, name := range []string{"message", "presence", "iq"} {
		for i := range 20_000 {
			e.Seq++
			e.Name.Space, e.Name.Local = "jabber:client", name
			e.Type = map[string]string{"iq": "get"}[name]
			e.To, e.ID = "a@b", strconv.Itoa(i)
			c.Event(&e, []lint.Finding{{Rule: "x", Conn: 1}})
		}
	}
	if n := c.talks[1].size(); n > 4*(maxFirst+2*maxLast)+2*maxOpen {
		t.Errorf("%d moments are kept", n)
	}
	for i := range decode.ConnID(maxTalks + 100) {
		e.Conn = i + 2
		c.Event(&e, nil)
	}
	if len(c.talks) > maxTalks || c.kept > maxMoments {
		t.Errorf("%d conversations, %d moments", len(c.talks), c.kept)
	}
	// Of what was forgotten nothing is claimed, even where it goes on.
	for i := range decode.ConnID(maxTalks) {
		c.End(&decode.Conversation{Conn: i + 1}, nil)
	}
	e.Conn = 2
	c.Event(&e, nil)
	for conn := range decode.ConnID(2) {
		if a := c.Answer(conn+1, Lookup("login"), ""); a.Verdict != Unknown || !strings.Contains(a.Text, "forgotten") {
			t.Errorf("conversation %d: %+v", conn+1, a)
		}
	}
	if len(c.talks) > maxTalks {
		t.Errorf("%d conversations", len(c.talks))
	}
}
