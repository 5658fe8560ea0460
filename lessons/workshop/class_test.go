package workshop

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rivo/uniseg"

	"xmppscope/lessons/course"
)

// A student answers, the teacher sees it; nothing that a page gets has an answer
// in it before it was given.
func TestAnswersStayInTheClass(t *testing.T) {
	r := hold(t)
	s := r.join("Yorick")
	l, _ := r.class.Lesson()
	for i := range l.Steps {
		v, err := s.Go(t.Context(), "step", i+1)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(v)
		for _, secret := range map[string][]string{
			"what-comes-next": {"Yes.", "And so it was"}, "write-the-request": {"iq"}, "take-it-apart": {"mirror"},
			"one-text": {"bWlycm9y\""}, "say-it": {"makes bytes printable"}, "do-it": {"wrong", "0mbed"},
		}[l.Steps[i].ID] {
			if strings.Contains(string(text), secret) {
				t.Errorf("%s: %q is told before it was answered: %s", l.Steps[i].ID, secret, text)
			}
		}
		if l.Steps[i].Kind == "find" && v.Focus != nil {
			t.Errorf("%s: the event that is looked for is told: %+v", v.Title, v.Focus)
		}
	}
	for _, id := range []string{"what-comes-next", "write-the-request", "take-it-apart", "one-text", "find-it", "put-in-order", "say-it"} {
		r.right(s, id)
	}
	if row := r.row("Yorick"); row.Done != 7 || row.AllTries != 7 || row.Marks != ".#######." || row.Here {
		t.Errorf("%+v", row)
	}
	// A wrong answer is told what is wrong, and counted.
	if _, err := s.Go(t.Context(), "step", r.step("take-it-apart")); err != nil {
		t.Fatal(err)
	}
	v, err := s.Answer(t.Context(), course.Answer{Fields: map[string]string{"authcid": "Mbed"}})
	if err != nil || v.Last == nil || !strings.Contains(strings.Join(v.Last.Missing, " "), "upper and lower case") || v.Tries != 2 {
		t.Error(err, v.Last, v.Tries)
	}
}

// What was found wrong with an event is told with it: lessons ask for it.
func TestFindingsAreTold(t *testing.T) {
	r := hold(t)
	s := r.join("Yorick")
	rows, err := s.Rows(t.Context(), "teacher", 0, 200)
	if err != nil {
		t.Fatal(err)
	}
	told := ""
	for _, l := range rows.Lines {
		d, err := s.Event(t.Context(), "teacher", l.Row)
		if err != nil {
			t.Fatal(err)
		}
		told += strings.Join(d.Findings, "\n")
		if d.Hidden && d.Findings != nil {
			t.Error("more is told of an event that is hidden: ", d.Findings)
		}
	}
	if !strings.Contains(told, "sasl-plain-offered-clear: ") {
		t.Error(told)
	}
}

// Where a step asks what comes next, its recording ends there until it was said.
func TestWhatComesNextIsNotShown(t *testing.T) {
	r := hold(t)
	s := r.join("Yorick")
	if err := r.class.Everybody(r.step("what-comes-next")); err != nil {
		t.Fatal(err)
	}
	v, err := s.Step(t.Context())
	if err != nil || v.Focus == nil {
		t.Fatal(err, v)
	}
	for _, of := range []string{"own", "teacher"} {
		rows, err := s.Rows(t.Context(), of, 0, 200)
		if err != nil || rows.Len != v.Focus.Row+1 || len(rows.Lines) != rows.Len {
			t.Error(of, err, rows.Len, v.Focus.Row)
		}
		if _, err := s.Event(t.Context(), of, v.Focus.Row+1); err == nil {
			t.Error(of, "the event after it is told")
		}
		if e, err := s.Event(t.Context(), of, v.Focus.Row); err != nil || e.Expect != "" {
			t.Error(of, "it is told what to expect: ", err, e.Expect)
		}
	}
	// The teacher may show it all the same.
	_, store, _ := r.class.Shown()
	if !r.class.Point(store.Row(v.Focus.Row+1).Seq(), 0, 0) {
		t.Fatal("no such event")
	}
	if _, err := s.Event(t.Context(), "teacher", v.Focus.Row+1); err != nil {
		t.Error(err)
	}
	r.right(s, "what-comes-next")
	if e, err := s.Event(t.Context(), "own", v.Focus.Row); err != nil || e.Expect == "" {
		t.Error("it is not told what was to be expected: ", err)
	}
	if rows, err := s.Rows(t.Context(), "own", 0, 200); err != nil || rows.Len != store.Len() {
		t.Error(err, rows.Len)
	}
}

// The teacher's cursor is mirrored, and passwords only where the teacher says so.
func TestMirror(t *testing.T) {
	r := hold(t)
	s := r.join("Yorick")
	_, store, at := r.class.Shown()
	if at.Row < 0 || at.End <= at.Start {
		t.Fatal("the step does not point", at)
	}
	d, err := s.Event(t.Context(), "teacher", at.Row)
	if err != nil {
		t.Fatal(err)
	}
	all, _ := json.Marshal(d)
	text := textOf(d)
	e, err := store.Event(at.Row)
	if err != nil {
		t.Fatal(err)
	}
	if !d.Hidden || strings.Contains(string(all), "AG1iZWQAbWlycm9y") || strings.Contains(string(all), "mirror") || len(text) != len(e.Wire) || text[at.Start] != star || !strings.HasPrefix(text, "<auth") {
		t.Errorf("%s", all)
	}
	r.class.SetSecrets(true)
	if d, err = s.Event(t.Context(), "teacher", at.Row); err != nil || d.Hidden || textOf(d) != string(e.Wire) {
		t.Errorf("%v %+v", err, d)
	}
	states := make(chan State, 100)
	go func() {
		_ = s.Live(t.Context(), func(s State) { states <- s }, func(string) {})
	}()
	if !r.class.Point(e.Seq, 2, 5) {
		t.Fatal("no such event")
	}
	for end := time.After(time.Minute); ; {
		select {
		case now := <-states:
			if now.Teacher.Cursor == (Span{at.Row, 2, 5}) && now.Secrets {
				return
			}
		case <-end:
			t.Fatal("the cursor was not mirrored")
		}
	}
}

func textOf(d Detail) string {
	var b strings.Builder
	for _, p := range d.Text {
		b.WriteString(p.S)
	}
	return b.String()
}

// Words of the glossary can be looked up, and what is none is told.
func TestTerms(t *testing.T) {
	r := hold(t)
	s := r.join("Yorick")
	me := []string{"Authorization", "Bearer " + s.Code}
	for word, want := range map[string]string{"stanza": "message, presence or iq", "stanzza": "does not know", "%1b%5b31m": "does not know", strings.Repeat("x", 300): "o word is so long", "": "does not know"} {
		if _, text := r.raw("GET", "/api/term?word="+word, "", me...); !strings.Contains(text, want) || strings.Contains(text, "\x1b") {
			t.Errorf("%q: %s", word, text)
		}
	}
	if got := runs([]course.Run{{Text: "stream", Link: "term:"}, {Text: "x", Link: "javascript:alert(1)"}}); got[0].Term != "stream" || got[1].Link+got[1].Term != "" {
		t.Error(got)
	}
}

// Everybody goes to a step; each may go on alone.
func TestEverybody(t *testing.T) {
	r := hold(t)
	a, b := r.join("Anna"), r.join("Bert")
	if v, err := a.Go(t.Context(), "next", 0); err != nil || v.Step != 2 {
		t.Fatal(v.Step, err)
	}
	if _, err := a.Go(t.Context(), "next", 0); err == nil || !strings.Contains(err.Error(), "or skip it") {
		t.Error(err)
	}
	if v, err := a.Go(t.Context(), "skip", 0); err != nil || v.Step != 3 {
		t.Error(v.Step, err)
	}
	if said, err := r.class.Do(Verb{Do: "step", N: 7}); err != nil || said != "Everybody is at step 7." {
		t.Error(said, err)
	}
	for _, s := range []*Client{a, b} {
		if v, err := s.Step(t.Context()); err != nil || v.Step != 7 {
			t.Error(s.Name, v.Step, err)
		}
	}
	if r.row("Anna").Marks != "#-......." {
		t.Error(r.row("Anna"))
	}
	for _, bad := range []Verb{{Do: "step", N: 10}, {Do: "step"}, {Do: "lesson", Name: "01"}, {Do: "kick", Name: "Zoe"}, {Do: "show", Seq: 9999}, {Do: "dance"}} {
		if _, err := r.class.Do(bad); err == nil {
			t.Errorf("%+v was done", bad)
		}
	}
	// Hints are counted, and after the third the answer can be shown, without
	// passwords.
	if _, err := a.Go(t.Context(), "step", r.step("take-it-apart")); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Solve(t.Context()); err == nil {
		t.Error("the answer is shown before the hints")
	}
	for range 3 {
		if _, err := a.Hint(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	answer, err := a.Solve(t.Context())
	if err != nil || answer.Fields["authcid"] != "mbed" || strings.Contains(answer.Fields["passwd"], "mirror") {
		t.Error(err, answer)
	}
	if row := r.row("Anna"); row.Hints != 3 || row.Shown != 1 {
		t.Errorf("%+v", row)
	}
	table := r.class.Table()
	text := table.Text()
	if !strings.Contains(text, "Anna") || !strings.Contains(text, "#-.......  1 shown") {
		t.Error(text)
	}
}

// The table stands on a terminal of 80 columns, whatever people are called.
func TestTableFits(t *testing.T) {
	table := Table{Titles: make([]string, 18)}
	for _, name := range []string{"Bo", "王小明 学生", strings.Repeat("王", 40), "Élise-Marguerite de la Tour d'Auvergne-La"} {
		table.Students = append(table.Students, TableRow{Name: name, Step: 18, Done: 17, Marks: strings.Repeat("#", 18), Tries: 3, AllTries: 41, AllHints: 12, Finished: true})
	}
	lines := strings.Split(strings.TrimRight(table.Text(), "\n"), "\n")
	at := -1
	for i, l := range lines {
		if w := uniseg.StringWidth(l); w > 80 {
			t.Errorf("%d columns: %s", w, l)
		}
		if way := uniseg.StringWidth(l[:strings.Index(l+"way", map[bool]string{true: "way", false: "####"}[i == 0])]); at < 0 {
			at = way
		} else if way != at {
			t.Errorf("the columns do not stand below each other: %s", l)
		}
	}
	if !strings.Contains(lines[2], "王小明 学生") || !strings.Contains(lines[3], "王…") {
		t.Error(strings.Join(lines, "\n"))
	}
	table.Students = table.Students[:0]
	for _, name := range []string{"Bo", "Élise-Marguerite de la Tour d'Auvergne-L"} {
		table.Students = append(table.Students, TableRow{Name: name, Step: 1, Marks: ".."})
	}
	if !strings.Contains(table.Text(), "Auvergne-L") {
		t.Error("a name is cut where there is room: ", table.Text())
	}
}

// Who drops comes back with what was done, by cookie or by name and code, and
// nobody else does under that name.
func TestRejoin(t *testing.T) {
	r := hold(t)
	s := r.join("Yorick")
	r.right(s, "one-text")
	s.Close()
	if _, err := Join(t.Context(), r.addr, r.class.Token(), "yorick", "aaaa-bbbb-cccc-dddd"); err == nil || !strings.Contains(err.Error(), "somebody called Yorick") {
		t.Error(err)
	}
	again, err := Join(t.Context(), r.addr, r.class.Token(), " Yorick ", strings.ToUpper(s.Code))
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if v, err := again.Step(t.Context()); err != nil || !v.Done || v.Title != "One text" {
		t.Error(v, err)
	}
	if status, text := r.raw("GET", "/api/step", "", "Cookie", r.class.studentKey()+"="+s.Code); status != 200 || !strings.Contains(text, "One text") {
		t.Error(status, text)
	}
	if n := len(r.class.Table().Students); n != 1 {
		t.Error(n, "students")
	}
	if r.class.Kick("YORICK") != 1 {
		t.Error("not sent out")
	}
	if _, err := again.Step(t.Context()); err == nil || !strings.Contains(err.Error(), "sent you out") {
		t.Error(err)
	}
}

// Fifty students at once: each is told, each answers, and all of them are where
// the teacher wants them, though connections drop.
func TestFifty(t *testing.T) {
	r := hold(t)
	const many = 50
	var wg sync.WaitGroup
	arrived, moving := make(chan string, many), make(chan string, many)
	begun := time.Now()
	for i := range many {
		wg.Go(func() {
			s, err := Join(t.Context(), r.addr, r.class.Token(), "student "+string(rune('A'+i/26))+string(rune('a'+i%26)), "")
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			seven := make(chan struct{})
			once := sync.OnceFunc(func() { close(seven) })
			ended := make(chan error, 1)
			if seat, err := Sit(t.Context(), s); i%3 == 0 && err == nil { // at a screen of their own
				seat.Watch(func() {
					if seat.Now().At == 6 {
						once()
					}
				})
				go func() { ended <- seat.Attend(t.Context()) }()
				until(t, "the recording is mirrored to "+s.Name, func() bool { x := seat.Now().Teacher; return x.Store != nil && x.Store.Len() == x.Len && x.Len > 0 })
			} else {
				go func() {
					ended <- s.Live(t.Context(), func(now State) {
						if now.You.Step == 7 {
							once()
						}
					}, func(string) {})
				}()
				if _, err := s.Rows(t.Context(), "teacher", 0, 200); err != nil {
					t.Error(err)
				}
			}
			if _, err := s.Go(t.Context(), "next", 0); err != nil {
				t.Error(err)
			}
			if v, err := s.Answer(t.Context(), course.Answer{Choice: 1 + i%2}); err != nil || v.Done != (i%2 == 0) {
				t.Error(err, v.Done)
			}
			arrived <- s.Name
			select {
			case <-seven:
			case err := <-ended:
				t.Error(s.Name, "never heard of step 7: ", err)
				ended <- nil
			}
			moving <- s.Name
			if err := <-ended; err != nil {
				t.Error(s.Name, err)
			}
		})
	}
	for range many {
		select {
		case <-arrived:
		case <-time.After(60 * time.Second):
			t.Fatal("not all arrived")
		}
	}
	r.cut() // the network fails for some
	until(t, "all listen", func() bool {
		n := 0
		for _, s := range r.class.Table().Students {
			if s.Here {
				n++
			}
		}
		return n == many
	})
	t.Logf("%d students joined and answered in %v", many, time.Since(begun).Round(time.Millisecond))
	moved := time.Now()
	if err := r.class.Everybody(7); err != nil {
		t.Fatal(err)
	}
	done := 0
	for _, s := range r.class.Table().Students {
		if s.Step != 7 || s.AllTries != 1 {
			t.Errorf("%+v", s)
		}
		done += s.Done
	}
	if done != many+many/2 {
		t.Error(done, "steps are done")
	}
	for range many {
		select {
		case <-moving:
		case <-time.After(60 * time.Second):
			t.Fatal("not all were told where the teacher is")
		}
	}
	t.Logf("all were told within %v", time.Since(moved).Round(time.Millisecond))
	r.class.Close() // each is told that it is over
	wg.Wait()
}
