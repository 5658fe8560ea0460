package spec

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// wellFormed is the form of a section number: 5.4.2.1, App. A, App. B.4.
var wellFormed = regexp.MustCompile(`^([1-9][0-9]*|App\. [A-Z])(\.[1-9][0-9]*)*$`)

func TestOutlines(t *testing.T) {
	seen := map[string]bool{}
	count := 0
	for _, part := range [][]outline{rfcSections, coreSections, xepSections, otherSections} {
		if !slices.IsSortedFunc(part, func(a, b outline) int { return strings.Compare(number(a.doc), number(b.doc)) }) {
			t.Errorf("the part beginning with %s is not in order", part[0].doc)
		}
		for _, o := range part {
			if seen[o.doc] {
				t.Errorf("%s has two outlines", o.doc)
			}
			seen[o.doc] = true
			if find(o.doc).ID == "" {
				t.Errorf("%q is no document of the table", o.doc)
			}
			count += checkOutline(t, o)
		}
	}
	if count < 400 {
		t.Errorf("only %d sections", count)
	}
}

func checkOutline(t *testing.T, o outline) int {
	t.Helper()
	all := Sections(o.doc)
	for i, s := range all {
		if !wellFormed.MatchString(s.Number) {
			t.Errorf("%s: %q is no section number", o.doc, s.Number)
		}
		if strings.TrimSpace(s.Title) != s.Title || strings.HasSuffix(s.Title, ".") {
			t.Errorf("%s §%s has the title %q", o.doc, s.Number, s.Title)
		}
		if i > 0 && slices.Compare(order(t, all[i-1].Number), order(t, s.Number)) >= 0 {
			t.Errorf("%s: §%s does not come after §%s", o.doc, s.Number, all[i-1].Number)
		}
		if r := (Ref{Doc: o.doc, Section: s.Number}); !r.Known() || r.SectionTitle() != s.Title {
			t.Errorf("%s is not found in its own outline", r)
		}
	}
	if lines := strings.Count(strings.TrimSpace(o.lines), "\n") + 1; lines != len(all) {
		t.Errorf("%s: %d lines give %d sections", o.doc, lines, len(all))
	}
	return len(all)
}

// order is the place of a section in its document: appendices come last.
func order(t *testing.T, number string) []int {
	t.Helper()
	var place []int
	if rest, ok := strings.CutPrefix(number, appendix); ok {
		place, number = []int{1000 + int(rest[0])}, strings.TrimPrefix(rest[1:], ".")
	}
	for part := range strings.SplitSeq(number, ".") {
		if n, err := strconv.Atoi(part); err == nil {
			place = append(place, n)
		}
	}
	return place
}

func TestSectionTitle(t *testing.T) {
	for _, c := range []struct {
		ref   Ref
		title string
		known bool
	}{
		{RFC(6120, "5.4.2.1"), "STARTTLS Command", true},
		{RFC(6120, "4.9.3.1"), "bad-format", true},
		{RFC(6120, "4.9.3.11"), "invalid-xml", true},
		{RFC(6121, "App. A"), "Subscription States", true},
		{RFC(8446, "App. B.4"), "Cipher Suites", true},
		{XEP(198, "9.2"), "", true},
		{W3C("XML Namespaces 1.0", "3"), "Declaring Namespaces", true},
		{RFC(6120, ""), "", true},
		{RFC(6120, "4.9.3.26"), "", false},
		{RFC(6120, "4.9.3."), "", false},
		{RFC(6120, "App. Z"), "", false},
		{RFC(6120, "App."), "", false},
		{RFC(768, "1"), "", false},
		{XEP(9999, "1"), "", false},
		{Ref{Section: "4"}, "", false},
	} {
		if got := c.ref.SectionTitle(); got != c.title {
			t.Errorf("%v: the title is %q, want %q", c.ref, got, c.title)
		}
		if got := c.ref.Known(); got != c.known {
			t.Errorf("%v.Known() = %v", c.ref, got)
		}
	}
	if Sections("RFC 1") != nil {
		t.Error("a document that is not cited has sections")
	}
}
