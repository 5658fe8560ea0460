package explain

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Every namespace of the list is known, and told to be of the document that
// defines it.
func TestAtlas(t *testing.T) {
	text, err := os.ReadFile("testdata/atlas/namespaces")
	if err != nil {
		t.Fatal(err)
	}
	known, listed := map[string]Namespace{}, 0
	for _, s := range Namespaces() {
		known[s.Space] = s
	}
	for line := range strings.Lines(string(text)) {
		space, ref, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || strings.HasPrefix(space, "#") {
			continue
		}
		listed++
		s, ok := known[space]
		if !ok {
			t.Errorf("%s is not known", space)
			continue
		}
		if doc, _, _ := strings.Cut(ref, " \u00a7"); s.Ref.Doc != doc {
			t.Errorf("%s is of %s, not of %s", space, doc, s.Ref)
		}
		if senses, _ := Term(space); !slices.ContainsFunc(senses, func(e Entry) bool { return e.Name == space && e.Sort == SortNamespace }) {
			t.Errorf("%s is not in the dictionary", space)
		}
	}
	if listed != 143 {
		t.Errorf("the list has %d namespaces", listed)
	}
}

// Every condition that the documents define is in the dictionary, in the sense
// that it has there, and says what to do.
func TestConditionsAreComplete(t *testing.T) {
	for sort, names := range map[string]string{
		SortStream: `bad-format bad-namespace-prefix conflict connection-timeout host-gone host-unknown improper-addressing internal-server-error
			invalid-from invalid-namespace invalid-xml not-authorized not-well-formed policy-violation remote-connection-failed reset
			resource-constraint restricted-xml see-other-host system-shutdown undefined-condition unsupported-encoding unsupported-feature
			unsupported-stanza-type unsupported-version invalid-id xml-not-well-formed`,
		SortSASL: `aborted account-disabled credentials-expired encryption-required incorrect-encoding invalid-authzid invalid-mechanism
			malformed-request mechanism-too-weak not-authorized temporary-auth-failure`,
		SortSCRAM: `invalid-encoding extensions-not-supported invalid-proof channel-bindings-dont-match server-does-support-channel-binding
			channel-binding-not-supported unsupported-channel-binding-type unknown-user invalid-username-encoding no-resources other-error`,
		SortStanza: `bad-request conflict feature-not-implemented forbidden gone internal-server-error item-not-found jid-malformed
			not-acceptable not-allowed not-authorized policy-violation recipient-unavailable redirect registration-required
			remote-server-not-found remote-server-timeout resource-constraint service-unavailable subscription-required
			undefined-condition unexpected-request payment-required`,
		SortErrorType: "auth cancel continue modify wait",
		SortBOSH: `bad-request host-gone host-unknown improper-addressing internal-server-error item-not-found other-request
			policy-violation remote-connection-failed remote-stream-error see-other-uri system-shutdown undefined-condition`,
		SortDialback: `item-not-found remote-connection-failed remote-server-not-found remote-server-timeout policy-violation
			not-authorized forbidden not-acceptable valid invalid`,
		SortRoomError: `not-authorized forbidden item-not-found not-allowed not-acceptable registration-required conflict
			service-unavailable jid-malformed`,
		SortRoomStatus: "100 101 102 103 104 110 170 171 172 173 174 201 210 301 303 307 321 322 332 333",
		SortFurther:    "stanza-too-big handled-count-too-high config-version-mismatch unsupported-method setup-failed processing-failed",
	} {
		for _, name := range strings.Fields(names) {
			senses, _ := Term(name)
			i := slices.IndexFunc(senses, func(e Entry) bool { return e.Name == name && e.Sort == sort })
			if i < 0 {
				t.Errorf("%s is not there as a %s", name, sort)
				continue
			}
			e := senses[i]
			quiet := sort == SortErrorType || name == "valid" || name == "invalid"
			if e.Ref.Section == "" || e.Expect == "" && !quiet {
				t.Errorf("%s, %s, does not say what to do, or not where it is defined", name, sort)
			}
		}
	}
}
