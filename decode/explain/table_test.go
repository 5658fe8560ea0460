package explain

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
)

func TestEveryTopicIsWhole(t *testing.T) {
	form := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	for _, topic := range Topics() {
		if !form.MatchString(topic.Name) || seen[topic.Name] {
			t.Errorf("the name %q is malformed or stands twice", topic.Name)
		}
		seen[topic.Name] = true
		sentence(t, topic.Name, topic.Doc)
		if !topic.Ref.Known() {
			t.Errorf("%s refers to %v, which is no known document", topic.Name, topic.Ref)
		}
		if topic.Explain == nil {
			t.Errorf("%s explains nothing", topic.Name)
		}
		for _, s := range topic.Steps {
			sentence(t, s.Step.String()+" text", s.Text)
			sentence(t, s.Step.String()+" why", s.Why)
			sentence(t, s.Step.String()+" expect", s.Expect)
			if !s.Ref.Known() {
				t.Errorf("%s refers to %v, which is no known document", s.Step, s.Ref)
			}
		}
	}
}

// sentence wants one or more whole sentences in our own plain style.
func sentence(t *testing.T, what, text string) {
	t.Helper()
	switch {
	case text == "" || strings.TrimSpace(text) != text:
		t.Errorf("%s has no text, or white space around it: %q", what, text)
	case !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, ".)"):
		t.Errorf("%s does not end as a sentence: %q", what, text)
	case strings.Contains(text, "  ") || strings.Contains(text, ".."):
		t.Errorf("%s is badly put together: %q", what, text)
	case strings.ToUpper(text[:1]) != text[:1]:
		t.Errorf("%s does not begin as a sentence: %q", what, text)
	}
}

func TestEveryStepHasOneTopic(t *testing.T) {
	for _, s := range decode.Steps() {
		owners := 0
		for _, topic := range Topics() {
			if topic.step(s) != nil {
				owners++
			}
		}
		if owners != 1 {
			t.Errorf("the step %s has %d topics", s, owners)
		}
	}
}

func TestEveryKindFindsATopic(t *testing.T) {
	for _, k := range decode.Kinds() {
		e := &decode.Event{Kind: k}
		if topicOf(e) == nil || Title(e) == "" {
			t.Errorf("an event of the kind %s has no topic or no title", k)
		}
	}
}

// An example proves a topic: the transcripts named after it must reach every
// step of it.
func TestEveryTopicHasAnExample(t *testing.T) {
	all := scripts(t)
	for _, topic := range Topics() {
		var reached []decode.Step
		for name, script := range all {
			if !strings.HasPrefix(name+"-", topic.Name+"-") {
				continue
			}
			for _, e := range playAll(t, script).events {
				if topicOf(&e) == topic {
					reached = append(reached, e.Step)
				}
			}
		}
		if len(reached) == 0 {
			t.Errorf("no transcript named after %s reaches it", topic.Name)
		}
		for _, s := range topic.Steps {
			if s.Step != decode.StepExchange && !slices.Contains(reached, s.Step) {
				t.Errorf("no transcript of %s reaches the step %s", topic.Name, s.Step)
			}
		}
	}
}

// The files that hold one topic each and the table must agree.
func TestEveryTranscriptBelongsToATopic(t *testing.T) {
	for name := range scripts(t) {
		owned := slices.ContainsFunc(Topics(), func(topic *Topic) bool {
			return strings.HasPrefix(name+"-", topic.Name+"-")
		}) || slices.ContainsFunc(Parts(), func(p *Part) bool { return strings.HasPrefix(name+"-", p.Name+"-") })
		if !owned {
			t.Errorf("%s.txt belongs to no topic", name)
		}
	}
}

func TestNamesOfTheSpecificationsAreComplete(t *testing.T) {
	for _, c := range []struct {
		what string
		have []Entry
		want string
	}{
		{SortStream, streamConditions, "bad-format bad-namespace-prefix conflict connection-timeout host-gone host-unknown improper-addressing internal-server-error invalid-from invalid-namespace invalid-xml not-authorized not-well-formed policy-violation remote-connection-failed reset resource-constraint restricted-xml see-other-host system-shutdown undefined-condition unsupported-encoding unsupported-feature unsupported-stanza-type unsupported-version"},
		{SortSASL, saslConditions, "aborted account-disabled credentials-expired encryption-required incorrect-encoding invalid-authzid invalid-mechanism malformed-request mechanism-too-weak not-authorized temporary-auth-failure"},
		{SortSCRAM, scramErrors, "invalid-encoding extensions-not-supported invalid-proof channel-bindings-dont-match server-does-support-channel-binding channel-binding-not-supported unsupported-channel-binding-type unknown-user invalid-username-encoding no-resources other-error"},
		{SortStanza, stanzaOnly(), "bad-request conflict feature-not-implemented forbidden gone internal-server-error item-not-found jid-malformed not-acceptable not-allowed not-authorized policy-violation recipient-unavailable redirect registration-required remote-server-not-found remote-server-timeout resource-constraint service-unavailable subscription-required undefined-condition unexpected-request"},
		{SortErrorType, errorTypes, "auth cancel continue modify wait"},
	} {
		for _, name := range strings.Fields(c.want) {
			if entryNamed(c.have, name).Text == "" {
				t.Errorf("the %s %s is not explained", c.what, name)
			}
		}
	}
	for _, m := range sasl.Mechanisms() {
		if !strings.HasPrefix(mechanismText(m.Name), m.Name+": ") {
			t.Errorf("the mechanism %s is not explained", m.Name)
		}
	}
	for _, c := range sasl.Conditions() {
		if entryNamed(saslConditions, c.Name).Ref != c.Ref {
			t.Errorf("%s: sasl cites %v, explain %v", c.Name, c.Ref, entryNamed(saslConditions, c.Name).Ref)
		}
	}
}

func stanzaOnly() []Entry {
	var all []Entry
	for _, c := range stanzaConditions {
		all = append(all, c.Entry)
	}
	return all
}

func TestNamespacesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Namespaces() {
		if seen[s.Space] {
			t.Errorf("%s stands twice", s.Space)
		}
		seen[s.Space] = true
		sentence(t, s.Space, s.Text)
		if !s.Ref.Known() {
			t.Errorf("%s refers to %v, which is no known document", s.Space, s.Ref)
		}
	}
	for _, o := range offers {
		sentence(t, o.local, o.text)
		if !seen[o.space] || !o.ref.Known() {
			t.Errorf("the feature %s in %s: namespace or reference unknown", o.local, o.space)
		}
	}
}

// A title is cheap: it must not depend on the XML being there.
func TestTitlesNeedNoXML(t *testing.T) {
	for name, script := range scripts(t) {
		events := playAll(t, script).events
		for i := range events {
			e := events[i]
			with := Title(&e)
			e.Scope = nil
			if len(e.Wire) > 0 && e.Name.Local != "" && e.Kind != decode.KindTLS && e.Kind != decode.KindDNS && e.Kind != decode.KindHTTP { // whose message is no XML
				e.Wire = make([]byte, len(e.Wire))
			}
			if without := Title(&e); with != without {
				t.Errorf("%s, event %d: %q without the XML, %q with it", name, e.Seq, without, with)
			}
			if n := len([]rune(with)); n > 100 || strings.ContainsAny(with, "\n") {
				t.Errorf("%s, event %d: a title of %d characters: %q", name, e.Seq, n, with)
			}
		}
	}
}

func TestExplanationsAreWhole(t *testing.T) {
	for name, script := range scripts(t) {
		events := playAll(t, script).events
		for i := range events {
			e := &events[i]
			x := Event(e)
			if x.What == "" || x.Why == "" || x.Title == "" {
				t.Errorf("%s, event %d: says too little: %+v", name, e.Seq, x)
			}
			if !x.Ref.Known() && e.Kind != decode.KindNote {
				t.Errorf("%s, event %d: refers to %v", name, e.Seq, x.Ref)
			}
			for _, text := range []string{x.What, x.Why, x.Expect} {
				if strings.Contains(text, "  ") || strings.Contains(text, "..") || strings.HasSuffix(text, " ") {
					t.Errorf("%s, event %d: badly put together: %q", name, e.Seq, text)
				}
			}
			if again := Event(e); !reflect.DeepEqual(x, again) {
				t.Errorf("%s, event %d: explained differently the second time", name, e.Seq)
			}
		}
	}
}
