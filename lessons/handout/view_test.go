package handout

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/lessons/course"
)

const long = "+++\ntitle = \"Long\"\ngoal = \"g\"\nwrong = \"w\"\nminutes = 1\nrefs = [\"RFC 6120 §6\"]\n[[capture]]\nname = \"c\"\nsample = \"plain-login\"\n+++\n\n" +
	"## Find it\n\nIt.\n\n```step\nkind = \"find\"\nevent = 'step == \"sasl-failure\"'\nhints = [\"a\", \"b\", \"c\"]\n```\n\n" +
	"## Take it apart\n\nIt.\n\n```step\nkind = \"decode\"\nevent = 'step == \"sasl-failure\"'\nfields = { condition = \"not-authorized\" }\nhints = [\"a\", \"b\", \"c\"]\n```\n"

// The list of a long recording has the event that is asked for, and a headline
// does not tell what is to be read out of the bytes below it.
func TestWhatIsAskedForIsOnThePage(t *testing.T) {
	l, err := course.ParseText("1-x", []byte(long), fstest.MapFS{})
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int{1, 79, 80, 101, 119, 120, 250} {
		store := inspector.NewStore(inspector.StoreOptions{})
		for i := 1; i <= 260; i++ {
			e := &decode.Event{Seq: decode.Seq(i), Conn: 1, Dir: decode.FromReceiver, Kind: decode.KindNonza, Time: time.Unix(int64(i), 0), Wire: []byte("<r xmlns='urn:xmpp:sm:3'/>")}
			if i == at {
				e.Condition, e.Step = "not-authorized", decode.StepSASLFailure
				e.Wire = []byte("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>")
			}
			store.Append(e)
		}
		var b bytes.Buffer
		all := []Lesson{{Lesson: l, Stores: map[string]*inspector.Store{"c": store}}}
		if err := Write(&b, "x", all, false); err != nil {
			t.Fatal(err)
		}
		list, apart, _ := strings.Cut(b.String(), "Take it apart")
		if n := strings.Count(list, "<td>C ← S</td>"); n == 0 || n > mostEvents || !strings.Contains(list, fmt.Sprintf("<tr><td>%d</td>", at)) {
			t.Errorf("event %d: the list has %d events, and not this one", at, n)
		}
		if !strings.Contains(apart, "&lt;not-authorized/&gt;") || strings.Contains(apart, "refuses the login") {
			t.Errorf("event %d: %s", at, apart)
		}
		store.Close()
	}
}

const bytesOf = "+++\ntitle = \"Bytes\"\ngoal = \"g\"\nwrong = \"w\"\nminutes = 1\nrefs = [\"RFC 6120 §6\"]\n[[capture]]\nname = \"c\"\nsample = \"plain-login\"\n+++\n\n" +
	"## Find them\n\nIt.\n\n```step\nkind = \"find\"\nevent = 'name == \"secret\"'\nspan = \"here\"\nhints = [\"a\", \"b\", \"c\"]\n```\n"

// Who is to find bytes has bytes to find them in, and those of other events; the
// answers say which they are.
func TestBytesAreFoundOnPaper(t *testing.T) {
	l, err := course.ParseText("1-x", []byte(bytesOf), fstest.MapFS{})
	if err != nil {
		t.Fatal(err)
	}
	for name, wire := range map[string]string{
		"text": "<secret>" + strings.Repeat("no ", 600) + "here it is</secret>", "short": "<secret>here</secret>",
		"binary": "\x16\x03\x01" + strings.Repeat("\xff", 400) + "here\x00"} {
		store := inspector.NewStore(inspector.StoreOptions{})
		for i := 1; i <= 20; i++ {
			e := &decode.Event{Seq: decode.Seq(i), Conn: 1, Kind: decode.KindNonza, Time: time.Unix(int64(i), 0), Wire: []byte(fmt.Sprintf("<other n='%d'/>", i))}
			if i == 8 {
				e.Name.Local, e.Wire = "secret", []byte(wire)
			}
			store.Append(e)
		}
		for _, answers := range []bool{false, true} {
			var b bytes.Buffer
			if err := Write(&b, "x", []Lesson{{Lesson: l, Stores: map[string]*inspector.Store{"c": store}}}, answers); err != nil {
				t.Fatal(err)
			}
			page := b.String()
			at := strings.Index(wire, "here")
			told := fmt.Sprintf("bytes %d to %d: here", at, at+3)
			if !strings.Contains(page, "here") || strings.Contains(page, told) != answers {
				t.Errorf("%s, answers %v: %s", name, answers, page)
			}
			if !answers && (strings.Count(page, "&lt;other n=") != 4 || len(page) > 12<<10) {
				t.Errorf("%s: %d bytes, and other events %d times", name, len(page), strings.Count(page, "&lt;other n="))
			}
		}
		store.Close()
	}
}
