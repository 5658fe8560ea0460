package course

import (
	"strings"
	"testing"
)

// What counts of XML that a learner has written, and what does not.
func TestMeaning(t *testing.T) {
	const away = "<presence><show>away</show><status>Back at six</status></presence>"
	for _, c := range []struct{ want, got, said string }{
		{away, "<presence><status>Back at six</status>\n<show>away</show></presence>", ""},
		{away, "<presence xmlns='jabber:client'><show>away</show><status>Back at six</status></presence>", ""},
		{away, "<presence><status>Back at six</status></presence>", "<show/> is missing in <presence/>"},
		{away, "<presence><status>Back at six</status><mood/></presence>", "the element is not <mood/>"},
		{away, "<presence><show>away</show><status>Back at six</status><priority>1</priority></presence>", "<priority/> does not belong in <presence/>"},
		{away, "<presence><show>away</show><show>away</show></presence>", "the element is not <show/>"},
		{"<q><i>1</i><i>2</i></q>", "<q><i>2</i><i>1</i></q>", "the text in <i/> is another"},
	} {
		want, err := meaningOf(c.want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := meaningOf(c.got)
		if err != nil {
			t.Fatal(err)
		}
		said := strings.Join(want.differences(got), "; ")
		if (said == "") != (c.said == "") || !strings.Contains(said, c.said) {
			t.Errorf("%s for %s: %q, want %q", c.got, c.want, said, c.said)
		}
	}
}
