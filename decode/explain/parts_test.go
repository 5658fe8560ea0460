package explain

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/xmlstream"
)

func TestEveryPartIsWhole(t *testing.T) {
	form := regexp.MustCompile(`^(xep|rfc)[0-9]{4}(-[a-z0-9]+)+$`)
	seen := map[string]bool{}
	for _, p := range Parts() {
		if !form.MatchString(p.Name) || seen[p.Name] {
			t.Errorf("the name %q is malformed or stands twice", p.Name)
		}
		seen[p.Name] = true
		sentence(t, p.Name+" doc", p.Doc)
		sentence(t, p.Name+" why", p.Why)
		if p.Expect != "" {
			sentence(t, p.Name+" expect", p.Expect)
		}
		for c, text := range p.Refused {
			if strings.HasSuffix(text, ".") || strings.ToLower(text[:1]) != text[:1] {
				t.Errorf("%s: what %s means is no part of a sentence: %q", p.Name, c, text)
			}
			if entryNamed(stanzaOnly(), c).Name == "" {
				t.Errorf("%s: there is no condition %s", p.Name, c)
			}
		}
		if !p.Ref.Known() {
			t.Errorf("%s refers to %v, which is no known document", p.Name, p.Ref)
		}
		if p.Inside == nil && p.IQ == nil {
			t.Errorf("%s explains nothing", p.Name)
		}
		if p.IQ != nil && p.Noun == "" {
			t.Errorf("%s has no noun for a refusal", p.Name)
		}
		for _, s := range p.Spaces {
			if seen[s] {
				t.Errorf("the namespace %s has two parts", s)
			}
			seen[s] = true
		}
	}
}

// An example proves a part: the transcripts named after it must hold an element
// of each of its namespaces, and an iq where it explains those.
func TestEveryPartHasAnExample(t *testing.T) {
	all := scripts(t)
	for _, p := range Parts() {
		reached, iq, inside := map[string]bool{}, false, false
		for name, script := range all {
			if !strings.HasPrefix(name+"-", p.Name+"-") {
				continue
			}
			for _, e := range playAll(t, script).events {
				n := e.Element(new(xmlstream.Tree))
				for c := range n.All() {
					if c.Kind == xmlstream.ElementNode && partOf(c.Name.Space) == p {
						reached[c.Name.Space] = true
						iq = iq || e.Name.Local == "iq"
						inside = inside || e.Name.Local != "iq"
					}
				}
			}
		}
		for _, s := range p.Spaces {
			if !reached[s] {
				t.Errorf("no transcript named after %s has an element of %s", p.Name, s)
			}
		}
		if p.IQ != nil && !iq || p.Inside != nil && !inside {
			t.Errorf("%s: example in an iq: %v, in a message or presence: %v", p.Name, iq, inside)
		}
	}
}

// With the session and without it an explanation must be whole, and the same
// one the second time.
func TestExplanationsWithASessionAreWhole(t *testing.T) {
	for name, script := range scripts(t) {
		events, s, tree := playAll(t, script).events, im.New(), new(xmlstream.Tree)
		for i := range events {
			e := &events[i]
			s.Event(e, nil)
			x := EventWith(tree, e, s)
			if x.What == "" || x.Why == "" || !x.Ref.Known() && e.Kind != decode.KindNote {
				t.Errorf("%s, event %d: says too little: %+v", name, e.Seq, x)
			}
			for _, text := range append([]string{x.What, x.Why, x.Expect}, x.More...) {
				if strings.Contains(text, "  ") || strings.Contains(text, "..") || strings.Contains(text, " . ") || strings.Contains(text, ", .") || strings.HasSuffix(text, " ") {
					t.Errorf("%s, event %d: badly put together: %q", name, e.Seq, text)
				}
			}
			if again := EventWith(tree, e, s); !reflect.DeepEqual(x, again) {
				t.Errorf("%s, event %d: explained differently the second time", name, e.Seq)
			}
		}
	}
}
