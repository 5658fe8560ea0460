package lint

import (
	"testing"

	"xmppscope/decode"
)

// nowhere are the rules whose findings need not say where in their event they
// stand, and why.
var nowhere = map[string]string{
	"bind-missing":              "what was offered was not used",
	"bosh-rid":                  "a request is missing",
	"caps-hash-wrong":           "what is announced is judged when the answer comes, which may be hours later",
	"cert-name-mismatch":        "a key log in place of the certificate has no bytes",
	"close-before-restart":      "what should stand before the end is missing",
	"close-unanswered":          "the answer is missing",
	"iq-ns-ignored":             "the answer is missing",
	"iq-unanswered":             "the answer is missing",
	"ping-ignored":              "the answer is missing",
	"reconnect-storm":           "the beginning of a connection has no bytes",
	"stream-error-not-closed":   "the end tag is missing",
	"subscribe-no-push":         "the push is missing",
	"tcp-cut":                   "the end of a connection has no bytes",
	"tls-close-notify-missing":  "the alert is missing",
	"tls-failed":                "the end of a connection has no bytes",
	"tls-no-ems":                "the extension is missing",
	"tls-no-renegotiation-info": "the extension is missing",
	"tls-record-empty":          "the record is empty",
	"tls-sni-missing":           "the extension is missing",
	"tls-version-weak":          "a version that is concluded from keys has no bytes",
}

// A finding says which bytes are to blame wherever there are any.
func TestFindingsHavePlaces(t *testing.T) {
	without := map[string]bool{}
	for _, x := range examples(t) {
		found, p, err := x.run()
		if err != nil {
			t.Fatal(err)
		}
		events := map[decode.Seq]*decode.Event{}
		for i := range p.Events {
			events[p.Events[i].Seq] = &p.Events[i]
		}
		for _, f := range found {
			e := events[f.Seq]
			switch {
			case f.Span.Len() <= 0:
				without[f.Rule] = true
				if nowhere[f.Rule] == "" {
					t.Errorf("%s/%s: event %d: %s says nowhere where: %s", x.file, x.title, f.Seq, f.Rule, f.Text)
				}
			case f.In == InText && (f.Span.Start < 0 || int(f.Span.End) > len(e.Text())):
				t.Errorf("%s/%s: event %d: %s stands at %v of %d bytes", x.file, x.title, f.Seq, f.Rule, f.Span, len(e.Text()))
			}
		}
	}
	for rule := range nowhere {
		if !without[rule] {
			t.Errorf("%s always says where", rule)
		}
	}
	for rule := range places {
		if Lookup(rule) == nil {
			t.Errorf("%s is not in the table", rule)
		}
	}
}

// What is pointed at is what a reader looks for.
func TestPlacesAreExact(t *testing.T) {
	want := map[string]string{
		"sasl-plain-offered-clear": "<mechanism>PLAIN</mechanism>",
		"sasl-plain-needless":      "<mechanism>PLAIN</mechanism>",
		"sasl-plain-over-stronger": "PLAIN",
		"sasl-plus-skipped":        "SCRAM-SHA-1",
		"compress-used":            "<method>zlib</method>",
	}
	seen := map[string]bool{}
	for _, x := range examples(t) {
		found, p, err := x.run()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			for i := range p.Events {
				if e := &p.Events[i]; want[f.Rule] != "" && e.Seq == f.Seq && f.Span.Of(e.Text()) != nil && string(f.Span.Of(e.Text())) == want[f.Rule] {
					seen[f.Rule] = true
				}
			}
		}
	}
	for rule, text := range want {
		if text != "" && !seen[rule] {
			t.Errorf("%s never points at %s", rule, text)
		}
	}
}
