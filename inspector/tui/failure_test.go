package tui

import (
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
)

// A capture with a failed login says at once what failed, and two keys lead to
// the step and its reason.
func TestFailedLoginIsSeenAtOnce(t *testing.T) {
	for _, w := range []int{80, 160} {
		th := perform(t, Options{Source: transcripts(t, "scram"), NoColor: true}, w, 24)
		th.has("✗ #6 refuses the login: not-authorized").has("F see it").has("1 failure")
		th.press("F").has("▶ ✗ #6     failure").has("The server refuses the login by PLAIN")
		th.press("Enter").has("[1 Explain]").has("The name or the secret is wrong.")
		if th.selected() != 6 {
			t.Errorf("at #%d", th.selected())
		}
		th.press("2").has("<not-authorized/>")
		marked := ""
		for _, l := range th.u.detail.page().(*textPage).lines {
			for _, s := range l.spans {
				if s.isMarked() {
					marked += s.text
				}
			}
		}
		if marked != "<not-authorized/>" {
			t.Errorf("marked is %q", marked)
		}
	}
}

// An error in a stanza is everyday life: what ends a stream or a login is told
// of first, though it comes later.
func TestFailuresOfStanzasComeSecond(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "broken"), NoColor: true}, 80, 24)
	c := th.u.cap
	if got := c.firstFailure(); c.store.Row(got).Kind() != decode.KindStreamError {
		t.Errorf("row %d", got)
	}
	th.press("s F").lacks("▶ ✗ #15") // who has moved stays near
}

// } tells of a failure like of a finding, and marks the place in the tab that is
// open.
func TestNextFindingMarksItsPlace(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "broken"), NoColor: true}, 100, 40)
	th.press("2")
	o := th.u.cap.findings(th.u.least)
	marks, failures := 0, 0
	for i := 0; i < o.len(); i++ {
		f := *o.at(i)
		if i > 0 && o.seq(i-1) == f.Seq {
			continue
		}
		th.press("}").has(" of " + thousands(o.len()) + " ")
		if th.selected() != int(f.Seq) {
			t.Fatalf("at #%d, not #%d", th.selected(), f.Seq)
		}
		if f.Rule == "" {
			failures++
			th.has(wire(f.Text))
		}
		if f.Span.Len() > 0 && f.In == lint.InText {
			marks++
			if th.u.detail.page().marked() < 0 {
				t.Errorf("#%d: nothing is marked\n%s", f.Seq, th.screen())
			}
		}
	}
	if marks < 2 || failures != 1 {
		t.Errorf("%d marks, %d failures", marks, failures)
	}
}

// / lists those findings alone that hold a text; Enter goes on in them.
func TestFindInFindings(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "broken", "plain"), NoColor: true}, 80, 24)
	all := th.u.cap.findings(th.u.least).len()
	th.press("F / p l A i n")
	l := th.u.over.(*foundList)
	if n := l.len(); n < 2 || n >= all {
		t.Fatalf("%d of %d", n, all)
	}
	for i := range l.len() {
		if f := l.at(i); !strings.Contains(strings.ToLower(f.Rule+f.Text+f.Advice), "plain") {
			t.Errorf("%s: %s", f.Rule, f.Text)
		}
	}
	th.has("find plAin").has(thousands(l.len()) + " of " + thousands(all))
	th.press("Enter j")
	want := l.at(1).Seq
	th.press("Enter")
	if th.selected() != int(want) {
		t.Errorf("at #%d, not #%d", th.selected(), want)
	}
	th.press("F / n o t - w e l l Enter e").has("errors only").has("3 of ")
	th.press("/ x").has("None of these").press("Enter Enter").has("nothing to go to; Esc shows all").press("Esc")
	th.press("/").write("break the rules").has("1 of ").press("Esc") // stands in the explanation alone
	if l := th.u.over.(*foundList); l.len() != th.u.cap.findings(th.u.least).len() {
		t.Error("Esc does not show all again")
	}
	th.press("/ Esc F")
	if th.u.over != nil {
		t.Error("F does not close the list")
	}
	th.press("F")
	th.u.over.paste("SCRAM\x1b")
	th.tick()
	th.press("Esc x").has("x does nothing in this list")
}

// Whether a login fits the password stands above its bytes, the calculation
// below them, on the smallest screen.
func TestVerdictStandsFirst(t *testing.T) {
	for _, c := range []struct{ password, want string }{
		{"user@example.com=pencil", "✓ Verified"},
		{"user@example.com=pencils", "✗ Does not fit the password"},
		{"other@example.com=pencil", "? Not judged: no password of this user"},
	} {
		var secrets inspector.Secrets
		if err := secrets.Add(c.password); err != nil {
			t.Fatal(err)
		}
		th := perform(t, Options{Source: transcripts(t, "scram"), NoColor: true, Verify: secrets.Verify}, 80, 24)
		th.press("s s s s s s s s 3").has(c.want)
		page := th.u.detail.page().plain()
		if strings.Index(page, c.want) > strings.Index(page, "Base64") || strings.Index(page, "The calculation") < strings.Index(page, "Fields") {
			t.Errorf("%s:\n%s", c.password, page)
		}
	}
}

// Lost bytes are no failure of a conversation: they are called what they are,
// and what failed is told of first.
func TestLostBytesComeSecond(t *testing.T) {
	src := transcripts(t, "plain")
	n := decode.Seq(src.Store.Len())
	src.Store.Append(&decode.Event{Seq: n + 1, Conn: 1, Kind: decode.KindGap, Lost: 66})
	th := perform(t, Options{Source: src, NoColor: true}, 80, 24)
	th.has("F see it").press("F").has("lost bytes").press("Esc")
	c := th.u.cap
	if got := c.store.Row(c.firstFailure()).Kind(); got != decode.KindGap {
		t.Errorf("the first failure is %s", got)
	}
	src.Store.Append(&decode.Event{Seq: n + 2, Conn: 1, Kind: decode.KindStreamError, Condition: "reset"})
	th.tick()
	if got := c.store.Row(c.firstFailure()).Kind(); got != decode.KindStreamError {
		t.Errorf("the first failure is %s", got)
	}
}

// Who gives keys where nothing is hidden is told so.
func TestKeysWhereNothingIsHidden(t *testing.T) {
	src := transcripts(t, "plain")
	src.Keylog = func(string) (*Source, error) { return nil, errTest }
	th := perform(t, Options{Source: src, NoColor: true}, 80, 24)
	th.press("K").has("nothing here is hidden by TLS: keys change nothing")
}

// A long search in the list goes on between keys, and each slice of it is drawn.
func TestFindInManyFindings(t *testing.T) {
	src := manyEvents(t, 20)
	for i := range 3000 {
		src.Store.Append(&decode.Event{Seq: decode.Seq(1000 + i), Conn: 1, Kind: decode.KindStreamError, Condition: "reset"})
	}
	th := perform(t, Options{Source: src, NoColor: true}, 80, 24)
	th.press("F")
	l := th.u.over.(*foundList)
	l.typing = true
	l.typed.set("stream")
	l.hits.begin(l.findings(), "stream")
	slices := 0
	for !l.hits.done {
		before := l.hits.next
		if changed := th.u.tick(); !changed && l.hits.next != before {
			t.Fatalf("%d entries were looked at and nothing is drawn", l.hits.next)
		}
		slices++
	}
	if n := l.len(); n < 3000 {
		t.Errorf("%d hits in %d slices", n, slices)
	}
}
