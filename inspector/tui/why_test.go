package tui

import (
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/why"
	"xmppscope/inspector"
)

// ask asks a question about the conversation of the selected event.
func (th *theatre) ask(question, word string) *reader {
	th.t.Helper()
	th.u.inquire(why.Lookup(question), word)
	th.tick()
	r, ok := th.u.over.(*reader)
	if !ok || r.page == nil {
		th.t.Fatalf("no answer to %s", question)
	}
	return r
}

func TestWhyAnswers(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "scram", "session"), NoColor: true}, 100, 40)
	r := th.ask("login", "")
	th.has("✓ Yes. user@example.com").has("conversation 1")
	var leads []decode.Seq
	for i := range r.page.lines {
		if l := &r.page.lines[i]; l.jump != 0 {
			leads = append(leads, l.jump)
		}
	}
	if len(leads) < 4 {
		t.Fatalf("the answer leads to %v", leads)
	}
	th.press("Tab Enter")
	if got := th.u.cap.store.Row(th.u.cap.row()).Seq(); got != leads[0] || th.u.over != nil {
		t.Errorf("at %d, not %d", got, leads[0])
	}
	th.has("w asks again").press("w").has("▶ login").press("Enter").has("✓ Yes. user@example.com").press("Esc End")
	th.ask("starttls", "")
	th.has("✗ No.").has("conversation 2")
}

// A question with a word asks for it, and the selected event suggests one.
func TestWhyAsksForItsWord(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "session"), NoColor: true}, 100, 40)
	row, _ := th.u.cap.store.Find(22)
	th.u.goTo(row)
	th.press("w i q Enter").has("iq ID  v")
	th.press("Enter").has("why iq v, conversation 1").press("Esc")
	th.press("w i q Enter Esc").has("Why not? Ask about conversation 1").press("Esc")
	if th.u.over != nil {
		t.Error("Esc does not lead back to the list")
	}
}

// With a password the answer is worked out away from the screen.
func TestWhyWithAPassword(t *testing.T) {
	var secrets inspector.Secrets
	if err := secrets.Add("user@example.com=pencil"); err != nil {
		t.Fatal(err)
	}
	th := perform(t, Options{Source: transcripts(t, "scram"), NoColor: true, Verify: secrets.Verify}, 100, 40)
	th.ask("login", "")
	th.has("✓ Yes. user@example.com").lacks("Checking the login")
	th.press("Esc")
	th.ask("login", "")
	th.has("✓ Yes. user@example.com").lacks("pencil")
}

// Events are gathered in slices, all of a small capture and those of one
// conversation of a large one, and only once for several questions.
func TestWhyGathers(t *testing.T) {
	th := perform(t, Options{Source: manyEvents(t, 3000), NoColor: true}, 100, 40)
	in := th.u.cap.inquiry(1, false)
	slices := 1
	for in.gather(th.u.cap, 0) {
		slices++
	}
	if slices < 10 || !in.all {
		t.Errorf("%d slices, all %v", slices, in.all)
	}
	if th.u.cap.inquiry(1, false) != in {
		t.Error("the events are gathered again")
	}
	th.u.cap.store.Append(&decode.Event{Seq: 9999, Conn: 2})
	if th.u.cap.inquiry(1, false) == in {
		t.Error("a new event is not gathered")
	}
}

func TestWhyOfEverything(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "broken", "tls12", "websocket", "bosh"), NoColor: true}, 80, 24)
	for _, conn := range []decode.ConnID{1, 2, 3, 4} {
		th.u.goTo(th.u.cap.firstRow(conn))
		for _, q := range why.Questions() {
			r := th.ask(q.Name, "")
			if text := r.page.plain(); !strings.Contains(text, "Yes. ") && !strings.Contains(text, "No. ") && !strings.Contains(text, "cannot be known") {
				t.Errorf("conversation %d, %s: %s", conn, q.Name, text)
			}
			th.press("Esc")
		}
	}
}

func TestWhyOfNothing(t *testing.T) {
	store := inspector.NewStore(inspector.StoreOptions{})
	th := perform(t, Options{Source: &Source{Title: "empty", Store: store}, NoColor: true}, 80, 24)
	th.press("w").has("nothing is selected").press("F Enter Esc { }")
}
