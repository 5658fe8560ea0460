package export_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"strings"
	"testing"

	"xmppscope/decode/lint"
	"xmppscope/inspector/export"
)

// report writes findings in a format for build servers.
func report(t *testing.T, format string, o export.FindingOptions, found ...lint.Finding) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, f := range export.FindingFormats() {
		if f.Name != format {
			continue
		}
		w := f.New(&b, o)
		for i := range found {
			if err := w.Finding(&found[i], nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// TestSARIFNamesTheCapture holds the address of a capture against RFC 3986, and
// wants none at a finding of which nobody knows in which capture it stands.
func TestSARIFNamesTheCapture(t *testing.T) {
	var doc struct {
		Runs []struct {
			Artifacts []struct {
				Location struct{ URI string }
			}
			Results []struct {
				Message   struct{ Text string }
				Locations []struct {
					Physical *struct {
						Artifact struct{ URI string } `json:"artifactLocation"`
					} `json:"physicalLocation"`
				}
			}
		}
	}
	found := lint.Finding{Rule: "iq-type", Level: lint.LevelError, Who: lint.WhoInitiator, Seq: 1, Conn: 1, Text: "a \u202e b\x1b[2J"}
	read := func(sources ...string) {
		if err := json.Unmarshal(report(t, "sarif", export.FindingOptions{Sources: sources, FailOn: lint.LevelError}, found), &doc); err != nil {
			t.Fatal(err)
		}
	}
	read("my #1 100%.pcap")
	got := doc.Runs[0].Results[0].Locations[0].Physical.Artifact.URI
	if u, err := url.Parse(got); err != nil || u.Path != "my #1 100%.pcap" || strings.Contains(got, " ") {
		t.Errorf("the capture is %q", got)
	}
	if text := doc.Runs[0].Results[0].Message.Text; strings.ContainsAny(text, "\u202e\x1b") {
		t.Errorf("the text is not disarmed: %q", text)
	}
	doc.Runs = nil
	read("a.pcap", "b.pcap")
	if doc.Runs[0].Results[0].Locations[0].Physical != nil || len(doc.Runs[0].Artifacts) != 2 {
		t.Errorf("two captures: %+v", doc.Runs[0])
	}
}

// TestJUnitFailsWithTheExitCode lets the one grave finding of a rule come after
// as many as are kept of it.
func TestJUnitFailsWithTheExitCode(t *testing.T) {
	found := make([]lint.Finding, 1001)
	for i := range found {
		found[i] = lint.Finding{Rule: "tls-version-weak", Level: lint.LevelNote, Who: lint.WhoReceiver, Seq: 1, Conn: 1, Text: "x"}
	}
	for _, grave := range []int{0, 1} {
		if grave > 0 {
			found[1000].Level = lint.LevelError
		}
		var doc struct {
			Suite struct {
				Failures int `xml:"failures,attr"`
			} `xml:"testsuite"`
		}
		out := report(t, "junit", export.FindingOptions{FailOn: lint.LevelError}, found...)
		if err := xml.Unmarshal(out, &doc); err != nil {
			t.Fatal(err)
		}
		if doc.Suite.Failures != grave || !strings.Contains(string(out), "and 1 more") {
			t.Errorf("%d failures, want %d", doc.Suite.Failures, grave)
		}
	}
}

// TestFindingsAsJSONLines wants one object a line, each with its members.
func TestFindingsAsJSONLines(t *testing.T) {
	found := lint.Finding{Rule: "iq-type", Level: lint.LevelError, Who: lint.WhoInitiator, Seq: 7, Conn: 2, Text: "a \"b\""}
	const want = `{"record":"finding","rule":"iq-type","level":"error","seq":7,"conn":2,"who":"initiator","text":"a \"b\""}` + "\n"
	if got := string(report(t, "json", export.FindingOptions{}, found, found)); got != want+want {
		t.Errorf("%s", got)
	}
}
