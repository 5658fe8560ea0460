package handout_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"xmppscope/lessons/course"
	"xmppscope/lessons/handout"
)

const hostile = "+++\ntitle = \"</title><script>alert(1)</script>\"\ngoal = \"<img src=x onerror=alert(2)>\"\nwrong = \"\\u001b[2J\\u202e\"\nminutes = 1\nrefs = []\n+++\n\n" +
	"## Put <b>it</b> in order\n\n`<script>alert(3)</script>` and [a link](javascript:alert(4)), [a page](https://xmpp.org/)\n\n| a | b |\n|---|---|\n| c | d |\n\n" +
	"```step\nkind = \"order\"\nitems = [\"first <i>\", \"second\", \"third\"]\nhints = [\"a\", \"b\", \"c\"]\n```\n\nThat was it.\n\n" +
	"## Choose\n\nOne.\n\n```step\nkind = \"predict\"\nchoices = [\"wrong one\", \"right one\"]\nbecause = [\"No.\", \"For it is so.\"]\nanswer = 2\nhints = [\"a\", \"b\", \"c\"]\n```\n\n" +
	"## Decode\n\nIt.\n\n```step\nkind = \"decode\"\ngiven = \"bWlycm9y\"\nfields = { word = \"mirror\" }\nhints = [\"a\", \"b\", \"c\"]\n```\n"

// written is a page of a hostile lesson.
func written(t *testing.T, answers bool) string {
	t.Helper()
	l, err := course.ParseText("1-x", []byte(hostile), fstest.MapFS{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := handout.Write(&b, "A class", []handout.Lesson{{Lesson: l}}, answers); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What a lesson says is text on the page, and never part of it.
func TestNothingOfALessonIsHTML(t *testing.T) {
	for _, answers := range []bool{false, true} {
		page := written(t, answers)
		for _, bad := range []string{"<script", "<img", "javascript:", "<i>", "\x1b", "\u202e"} {
			if strings.Contains(page, bad) {
				t.Errorf("%q is on the page", bad)
			}
		}
		wellFormed(t, page)
	}
}

// A handout has the tasks and not their answers; the other sheet has those.
func TestAnswersAreOnTheirOwnSheet(t *testing.T) {
	tasks, answers := written(t, false), written(t, true)
	for _, one := range []string{"third", "right one", "bWlycm9y", "https://xmpp.org/", "<td>c</td>"} {
		if !strings.Contains(tasks, one) {
			t.Errorf("the handout lacks %q", one)
		}
	}
	if strings.Contains(tasks, "mirror") || strings.Contains(tasks, "For it is so.") || strings.Contains(tasks, "That was it.") {
		t.Error("the handout tells an answer")
	}
	for _, one := range []string{"word = mirror", "B  right one", "For it is so.", "That was it."} {
		if !strings.Contains(answers, one) {
			t.Errorf("the answers lack %q", one)
		}
	}
	if first, third := strings.Index(answers, "<li>first"), strings.Index(answers, "<li>third"); first < 0 || third < first {
		t.Error("the answers have the items in another order than the right one")
	}
}

func TestCheatSheet(t *testing.T) {
	var b bytes.Buffer
	if err := handout.WriteCheatSheet(&b); err != nil {
		t.Fatal(err)
	}
	wellFormed(t, b.String())
	for _, one := range []string{"<code>juliet@capulet.example/balcony</code>", "ClientProof", "RFC 7395"} {
		if !strings.Contains(b.String(), one) {
			t.Errorf("it lacks %q", one)
		}
	}
}

// wellFormed reads a page whose tags all end.
func wellFormed(t *testing.T, page string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	depth := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
	if depth != 0 {
		t.Errorf("%d elements are open at the end", depth)
	}
}
