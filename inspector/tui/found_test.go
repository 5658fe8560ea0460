package tui

import (
	"strings"
	"testing"

	"xmppscope/decode/lint"
	"xmppscope/inspector"
)

// The list shows every finding, its levels can be chosen, and Enter on each
// goes to its event and to the tab that shows what it is about.
func TestFindingsLeadToTheirBytes(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "broken"), NoColor: true}, 100, 40)
	all := th.u.cap.store.Found().From(0)
	seen := map[tab]bool{}
	for i := range th.u.cap.findings(inspector.LevelNote).order {
		th.press("F g")
		for range i {
			th.press("j")
		}
		f := *th.u.cap.findings(inspector.LevelNote).at(i)
		th.has(th.u.cap.nameOf(&f)).press("Enter")
		d := th.u.detail
		if d.event == nil || d.event.Seq != f.Seq {
			t.Fatalf("%s: at %v, not %d", f.Rule, d.event, f.Seq)
		}
		seen[d.tab] = true
		row := d.page().marked()
		if f.Rule == "" && d.tab != tabExplain {
			t.Errorf("failure %d: tab %d", f.Seq, d.tab+1)
		}
		if f.Rule != "" && f.Span.Len() > 0 && row < 0 {
			t.Errorf("%s: nothing is marked in tab %d\n%s", f.Rule, d.tab+1, th.screen())
		}
		if row >= 0 && d.cursors[d.tab] != row {
			t.Errorf("%s: the cursor is in row %d, not %d", f.Rule, d.cursors[d.tab], row)
		}
		if d.tab == tabXML && f.In == lint.InText {
			marked := ""
			for _, l := range d.page().(*textPage).lines {
				for i, s := range l.spans {
					if s.isMarked() && l.offsets[i] >= 0 {
						marked += s.text
					}
				}
			}
			want := wire(string(f.Span.Of(d.event.Text())))
			if strings.Join(strings.Fields(marked), "") != strings.Join(strings.Fields(want), "") {
				t.Errorf("%s: marked is %q, not %q", f.Rule, marked, want)
			}
		}
	}
	for _, want := range []tab{tabExplain, tabXML, tabSASL} {
		if !seen[want] {
			t.Errorf("no finding leads to tab %d", want+1)
		}
	}
	if len(all) < 5 {
		t.Errorf("only %d findings", len(all))
	}
}

// The other tabs show the same bytes: from the XML, h leads to them.
func TestFindingStaysMarked(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "broken"), NoColor: true}, 100, 24)
	th.press("F G k Enter").has("[2 XML").press("h").has("Marked: byte")
	d := th.u.detail
	if row := d.page().marked(); row < 0 || d.cursors[d.tab] != row {
		t.Errorf("the cursor is in row %d, not %d", d.cursors[d.tab], row)
	}
}

// A finding about login data leads from the explanation to its field.
func TestFindingLeadsToItsField(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "broken"), NoColor: true}, 100, 60)
	th.press("s s s s Tab")
	d := th.u.detail
	p := d.page().(*textPage)
	for i := range p.rows {
		if p.at(i).found != nil {
			d.cursors[d.tab] = i
		}
	}
	th.press("Enter").has("[3 SASL")
	if got := d.page().at(d.cursors[d.tab]).plain(); !strings.Contains(got, "authcid") {
		t.Errorf("the cursor is on %q", got)
	}
}

func TestFindingsByLevel(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "broken"), NoColor: true}, 100, 40)
	found := th.u.cap.store.Found()
	th.press("F a")
	const failures = 1 // which every level lists
	if n := th.u.cap.findings(th.u.least).len(); n != found.Len()+failures {
		t.Errorf("all are %d of %d", n, found.Len())
	}
	th.press("w").has("without notes")
	if n := th.u.cap.findings(th.u.least).len(); n != found.Count(inspector.LevelError)+found.Count(inspector.LevelWarning)+failures {
		t.Errorf("%d errors and warnings", n)
	}
	th.press("e").has("errors only")
	if n := th.u.cap.findings(th.u.least).len(); n != found.Count(inspector.LevelError)+failures {
		t.Errorf("%d errors", n)
	}
	th.press("Esc")
	if th.u.over != nil {
		t.Error("Esc does not close the list")
	}
}

// } and { visit every event that something is found about, forward and back.
func TestNextFinding(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "broken"), NoColor: true}, 100, 40)
	visit := func(key string) (rows []int) {
		for last := -1; len(rows) < 100; {
			th.press(key)
			row := th.u.cap.row()
			if row == last {
				return rows
			}
			if r := th.u.cap.store.Row(row); th.u.cap.store.Found().Level(r.Seq()) == inspector.LevelNone && !failed(r) {
				t.Fatalf("nothing is found about row %d", row)
			}
			rows = append(rows, row)
			last = row
		}
		return rows
	}
	on := visit("}")
	th.has("no finding about a later event")
	back := visit("{")
	if len(on) < 4 || len(back) != len(on)-1 {
		t.Errorf("forward %v, back %v", on, back)
	}
	th.press("f")
	th.write(`kind == "tcp"`).press("Enter Home }").has("no finding about a later event that the filter lets through")
}

// Every finding is counted to one phase and one conversation.
func TestFindingsAreCounted(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "broken", "plain", "hostile"), NoColor: true}, 160, 40)
	found := th.u.cap.store.Found()
	var sum tally
	for _, c := range th.u.cap.tracks.byConn {
		var stages tally
		for i := range c.stages {
			for l, n := range c.stages[i].found {
				stages[l] += n
			}
		}
		if stages != c.found {
			t.Errorf("the phases have %v, the conversation %v", stages, c.found)
		}
		for l, n := range c.found {
			sum[l] += n
		}
	}
	for l := range sum {
		if sum[l] != found.Count(inspector.Level(l)) {
			t.Errorf("%d %vs of %d", sum[l], inspector.Level(l), found.Count(inspector.Level(l)))
		}
	}
	th.has(plural(found.Count(inspector.LevelError), "error"))
	th.has(plural(found.Count(inspector.LevelWarning), "warning"))
	if got := (tally{inspector.LevelError: 2, inspector.LevelWarning: 1, inspector.LevelNote: 9}).signs(); got != "2✗ 1!" {
		t.Error(got)
	}
}

func TestNothingFound(t *testing.T) {
	more := make(chan int)
	close(more)
	src, _ := growing(t, more, nil)
	th := perform(t, Options{Source: src, NoColor: true}, 80, 24)
	th.press("F e").has("no finding is as grave as an error").press("a").press("Enter Esc }")
}
