package explain

import (
	"slices"
	"strings"
	"testing"

	"xmppscope/decode"
)

func TestEveryEntryIsWhole(t *testing.T) {
	seen := map[[2]string]bool{}
	for _, e := range Terms() {
		what := e.Sort + " " + e.Name
		if k := [2]string{e.Sort, e.Name + e.Why}; seen[k] {
			t.Errorf("%s stands twice", what)
		} else {
			seen[k] = true
		}
		sentence(t, what, e.Text)
		for _, s := range []string{e.Why, e.Expect} {
			if s != "" && !strings.HasPrefix(s, "Its namespace is") {
				sentence(t, what, s)
			}
		}
		if !e.Ref.Known() {
			t.Errorf("%s refers to %v, which is no known document", what, e.Ref)
		}
		senses, near := Term(e.Name)
		if !slices.Contains(senses, e) || near != nil {
			t.Errorf("%s is not found by its own name", what)
		}
	}
}

// Whatever the program itself calls by a name is in the dictionary.
func TestDictionaryIsComplete(t *testing.T) {
	want := map[string][]string{}
	for _, s := range decode.Steps() {
		want[SortStep] = append(want[SortStep], s.String())
	}
	for _, p := range decode.Phases() {
		want[SortPhase] = append(want[SortPhase], p.String())
	}
	for _, k := range decode.Kinds() {
		want[SortKind] = append(want[SortKind], k.String())
	}
	for _, v := range decode.Vars() {
		want[SortVariable] = append(want[SortVariable], v.Name)
	}
	for name := range tlsWhys {
		if name != "close_notify" && name != "alert" {
			want[SortTLS] = append(want[SortTLS], name)
		}
	}
	for name := range tlsTitles {
		if name != "certificate_url" {
			want[SortTLS] = append(want[SortTLS], name)
		}
	}
	for sort, names := range want {
		for _, name := range names {
			if !slices.Contains(sortsOf(name), sort) {
				t.Errorf("%q is not there as a %s", name, sort)
			}
		}
	}
}

func sortsOf(term string) []string {
	senses, _ := Term(term)
	var sorts []string
	for _, e := range senses {
		sorts = append(sorts, e.Sort)
	}
	return sorts
}

func TestTerm(t *testing.T) {
	for _, c := range []struct{ term, sorts string }{
		{"conflict", "stream error condition, stanza error condition, answer of a room to a join"},
		{"not-authorized", "stream error condition, SASL failure condition, stanza error condition, dialback verdict or error, answer of a room to a join"},
		{"bind", "step, phase, element, stream feature, stream feature, namespace, namespace"},
		{"<stream:features/>", "state variable, event kind, element"},
		{"STARTTLS", "concept, phase, element, stream feature"},
		{"Scram-Sha-1", "SASL mechanism"},
		{"{urn:ietf:params:xml:ns:xmpp-sasl}auth", "phase, stanza error type, element, stream feature, namespace, namespace"},
		{"jabber:iq:roster", "namespace"},
		{"roster", "concept, state variable, namespace, action of a link"},
		{"urn:xmpp:sm:9", "namespace"},
		{"gap", "event kind"},
		{"resume_id", "state variable"},
		{"cancel", "stanza error type"},
		{"invalid-proof", "SCRAM error value"},
		{"  iq  ", "concept, element"},
		{"db:verify", "element"},
		{"close_notify", "TLS alert"},
		{"client_hello", "TLS message"},
		{"ClientHello", "TLS message"},
		{"change cipher spec", "TLS message"},
		{"COMPONENT", "concept, login without SASL, step, profile"},
		{"dialback", "concept, login without SASL, stream feature, namespace, namespace"},
		{"bind 2", "namespace, step"},
		{"zlib", "concept"},
		{"keylog", "concept"},
		{"direct-tls", "step, concept, transport"},
		{"websocket", "concept, transport"},
		{"rid", "BOSH attribute"},
		{"1008", "WebSocket close code"},
		{"110", "room status code"},
		{"404", "old error code"},
		{"stanza-too-big", "further condition"},
		{"bad-protocol", "SASL failure condition"},
		{"invalid", "dialback verdict or error"},
		{"none", "subscription state, affiliation in a room, role in a room"},
		{"chat", "message type, value of show"},
		{"subscribe", "presence type, action of a link"},
		{"urn:xmpp:mam", "namespace"},
		{"urn:xmpp:nothing:4", "namespace"},
		{"http://jabber.org/protocol/nothing", "namespace"},
		{"jabber:x:nothing", "namespace"},
		{"https://example.org/shy", "namespace"},
		{"im.example.shy", "namespace"},
		{"XEP-0198", "document"},
		{"xep 198", "document"},
		{"rfc6120", "document"},
	} {
		got := sortsOf(c.term)
		want := strings.Split(c.sorts, ", ")
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q has the senses %q, want %q", c.term, strings.Join(got, ", "), c.sorts)
		}
	}
}

func TestNearMisses(t *testing.T) {
	for _, c := range []struct{ term, want string }{
		{"not-authorised", "not-authorized"},
		{"strattls", "starttls"},
		{"SCRAM-SHA1", "SCRAM-SHA-1"},
		{"presnce", "presence"},
		{"well-formed", "not-well-formed"},
		{"jabber:iq:rooster", "jabber:iq:roster"},
		{"featuers", "features"},
	} {
		senses, near := Term(c.term)
		if len(senses) != 0 && !strings.Contains(c.term, ":") || !slices.Contains(near, c.want) {
			t.Errorf("%q: %d senses, suggestions %q, want %q among them", c.term, len(senses), near, c.want)
		}
		if len(near) > maxSuggestions {
			t.Errorf("%q: %d suggestions", c.term, len(near))
		}
	}
	for _, nonsense := range []string{"", "  ", "zzzzzzzz", strings.Repeat("a", 10000), "\x00\x1b[31m"} {
		if senses, near := Term(nonsense); len(senses) != 0 || len(near) != 0 {
			t.Errorf("%.20q has senses or suggestions: %v %v", nonsense, senses, near)
		}
	}
}

func TestUnknownNamespaces(t *testing.T) {
	for _, c := range []struct{ space, want string }{
		{"urn:xmpp:mam:1", "probably a version of urn:xmpp:mam:2"},
		{"urn:xmpp:sm:tmp", "probably a version of urn:xmpp:sm:3"},
		{"urn:example:nothing", "The namespace urn:example:nothing is not known to this program."},
		{"urn:example:nothing:4", "The namespace urn:example:nothing:4 is not known to this program."},
		{"urn:xmpp:", "The namespace urn:xmpp: is not known to this program."},
		{"urn:xmpp:nothing:4", "an extension (XEP) of some time after 2007"},
		{"http://jabber.org/protocol/nothing", "of the years up to about 2007"},
		{"http://jabber.org/features/nothing", "offered in stream features"},
		{"jabber:iq:nothing", "from the first years of Jabber"},
		{"urn:ietf:params:xml:ns:nothing", "belongs to the IETF"},
		{"http://prosody.im/streams/bogus", "made up by the owner of prosody.im"},
		{"im.gajim.nothing.v2", "made up by the owner of gajim.im"},
		{"https://nothing", "The namespace https://nothing is not known to this program."},
		{"a b", "The namespace “a b” is not known to this program."},
		{"", "no namespace"},
	} {
		if got := spaceText(c.space); !strings.Contains(got, c.want) {
			t.Errorf("%q: %q, want %q in it", c.space, got, c.want)
		}
	}
	if n := len([]rune(spaceText(strings.Repeat("x", 5000)))); n > 200 {
		t.Errorf("a long namespace makes %d characters", n)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"", "abc", 3}, {"bind", "bind", 0}, {"bnid", "bind", 1}, {"bid", "bind", 1}, {"kitten", "sitting", 3}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
