package export

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/decode/spec"
	"xmppscope/inspector"
)

// maxPerRule bounds the findings of one rule that a report for a build server
// holds; the rest is counted.
const maxPerRule = 1000

// collected keeps findings by rule, for formats that are one document.
type collected struct {
	o      FindingOptions
	w      io.Writer
	byRule map[string][]lint.Finding
	counts map[string]int
	fails  map[string]int // those at or over the level that counts
	silent []lint.Silence
}

func collect(w io.Writer, o FindingOptions) collected {
	return collected{o: o, w: w, byRule: map[string][]lint.Finding{}, counts: map[string]int{}, fails: map[string]int{}}
}

func (c *collected) Finding(f *lint.Finding, _ *decode.Event) error {
	if f.Level >= c.o.FailOn {
		c.fails[f.Rule]++
	}
	if c.counts[f.Rule]++; c.counts[f.Rule] <= maxPerRule {
		c.byRule[f.Rule] = append(c.byRule[f.Rule], *f)
	}
	return nil
}

func (c *collected) Silent(all []lint.Silence) error {
	c.silent = all
	return nil
}

func (c *collected) Flush() error { return nil }

// names are the rules of the table and then those found besides, in order.
func (c *collected) names() []string {
	var all []string
	for _, r := range lint.Rules() {
		all = append(all, r.Name)
	}
	var more []string
	for name := range c.byRule {
		if lint.Lookup(name) == nil {
			more = append(more, name)
		}
	}
	slices.Sort(more)
	return append(all, more...)
}

// sarif writes findings as a log of SARIF 2.1.0 (OASIS).
type sarif struct{ collected }

func newSARIF(w io.Writer, o FindingOptions) FindingWriter { return &sarif{collect(w, o)} }

type sarifText struct {
	Text string `json:"text"`
}

type sarifRule struct {
	ID      string     `json:"id"`
	Short   sarifText  `json:"shortDescription"`
	Help    *sarifText `json:"help,omitempty"`
	HelpURI string     `json:"helpUri,omitempty"`
	Config  struct {
		Level string `json:"level"`
	} `json:"defaultConfiguration"`
}

type sarifLocation struct {
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifLogical struct {
	Name string `json:"name"`
	Full string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

type sarifResult struct {
	Rule       string          `json:"ruleId"`
	Level      string          `json:"level"`
	Message    sarifText       `json:"message"`
	Locations  []sarifLocation `json:"locations"`
	Properties map[string]any  `json:"properties"`
}

// Close writes the document.
func (s *sarif) Close() error {
	rules, results := []sarifRule{}, []sarifResult{}
	for _, name := range s.names() {
		if r := lint.Lookup(name); r != nil {
			rules = append(rules, ruleOfSARIF(r))
		}
		for i := range s.byRule[name] {
			results = append(results, s.result(&s.byRule[name][i]))
		}
	}
	doc := map[string]any{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json",
		"version": "2.1.0",
		"runs": []any{map[string]any{
			"tool":       map[string]any{"driver": map[string]any{"name": "xmppscope", "version": s.o.Version, "rules": rules}},
			"artifacts":  s.artifacts(),
			"results":    results,
			"columnKind": "utf16CodeUnits",
		}},
	}
	enc := json.NewEncoder(s.w)
	enc.SetIndent("", " ")
	return enc.Encode(doc)
}

// artifacts are the captures that were read.
func (s *sarif) artifacts() []sarifSource {
	all := []sarifSource{}
	for _, name := range s.o.Sources {
		all = append(all, sarifSource{sarifArtifact{uri(name)}})
	}
	return all
}

type sarifSource struct {
	Location sarifArtifact `json:"location"`
}

// uri is the name of a file as a reference of RFC 3986.
func uri(name string) string { return (&url.URL{Path: filepath.ToSlash(name)}).String() }

func ruleOfSARIF(r *lint.Rule) sarifRule {
	s := sarifRule{ID: r.Name, Short: sarifText{r.Doc}, HelpURI: address(r.Ref)}
	if r.Advice != "" {
		s.Help = &sarifText{r.Advice}
	}
	s.Config.Level = r.Level.String()
	return s
}

func address(r spec.Ref) string { return r.URL() }

func (s *sarif) result(f *lint.Finding) sarifResult {
	text := inspector.Disarm(f.Text)
	if !f.Ref.IsZero() {
		text += " (" + f.Ref.String() + ")"
	}
	r := sarifResult{Rule: f.Rule, Level: f.Level.String(), Message: sarifText{text},
		Properties: map[string]any{"seq": f.Seq, "conn": f.Conn, "who": f.Who.String()}}
	l := sarifLocation{Logical: []sarifLogical{{Name: fmt.Sprintf("event %d", f.Seq),
		Full: fmt.Sprintf("conversation %d/event %d", f.Conn, f.Seq), Kind: "member"}}}
	if len(s.o.Sources) == 1 { // of several, merged by time, nobody knows which
		l.Physical = &sarifPhysical{sarifArtifact{uri(s.o.Sources[0])}}
	}
	r.Locations = []sarifLocation{l}
	return r
}

// junit writes one test case a rule, as build servers read them.
type junit struct{ collected }

func newJUnit(w io.Writer, o FindingOptions) FindingWriter { return &junit{collect(w, o)} }

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitFailure `xml:"failure"`
	Skipped *junitSkipped `xml:"skipped"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

// Close writes the document.
func (j *junit) Close() error {
	suite := junitSuite{Name: "xmppscope lint"}
	for _, source := range j.o.Sources {
		suite.Name += " " + inspector.Disarm(source)
	}
	skipped := map[string]string{}
	for _, s := range j.silent {
		for _, name := range s.Rules {
			skipped[name] = fmt.Sprintf("conversation %d: %s", s.Conn, s.Why)
		}
	}
	for _, name := range j.names() {
		c := j.test(name)
		if why := skipped[name]; why != "" && c.Failure == nil && c.Out == "" {
			c.Skipped = &junitSkipped{why}
			suite.Skipped++
		}
		if c.Failure != nil {
			suite.Failures++
		}
		suite.Tests++
		suite.Cases = append(suite.Cases, c)
	}
	if _, err := io.WriteString(j.w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(j.w)
	enc.Indent("", " ")
	if err := enc.Encode(junitSuites{Suites: []junitSuite{suite}}); err != nil {
		return err
	}
	_, err := io.WriteString(j.w, "\n")
	return err
}

// test is the case of one rule: what is as grave as asked for is a failure,
// what is less stands in its output.
func (j *junit) test(name string) junitCase {
	c := junitCase{Class: "xmppscope", Name: name}
	var worst lint.Level
	var failed, told string
	n := j.fails[name]
	for _, f := range j.byRule[name] {
		text := fmt.Sprintf("%s: event %d of conversation %d, %s: %s (%s)\n", f.Level, f.Seq, f.Conn, f.Who, inspector.Disarm(f.Text), f.Ref)
		if f.Level >= j.o.FailOn {
			failed += text
			worst = max(worst, f.Level)
		} else {
			told += text
		}
	}
	if more := j.counts[name] - len(j.byRule[name]); more > 0 {
		text := fmt.Sprintf("and %d more\n", more)
		if n > 0 {
			failed += text
		} else {
			told += text
		}
	}
	if n > 0 {
		worst = max(worst, j.o.FailOn) // where it is one of those that are only counted
		c.Failure = &junitFailure{Message: counted(int64(n), "finding"), Type: worst.String(), Text: failed}
	}
	c.Out = told
	return c
}
