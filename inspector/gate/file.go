package gate

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"xmppscope/decode/xmlstream"
	"xmppscope/inspector"
)

// FileError says what is wrong with a file of rules, and where.
type FileError struct {
	Path         string
	Line, Column int // from 1; 0 where it is not known
	Text         string
	Hint         string
}

func (e *FileError) Error() string {
	at := e.Path
	if e.Line > 0 {
		at = fmt.Sprintf("%s:%d:%d", e.Path, e.Line, max(e.Column, 1))
	}
	return at + ": " + e.Text
}

// maxRules bounds a file.
const (
	maxRules    = 1000
	maxRuleFile = 4 << 20
)

// written is a rule as the file has it.
type written struct {
	Name        string  `toml:"name"`
	When        string  `toml:"when"`
	Do          string  `toml:"do"`
	XPath       string  `toml:"xpath"`
	XML         string  `toml:"xml"`
	Broken      bool    `toml:"broken"`
	Value       *string `toml:"value"`
	Delay       string  `toml:"delay"`
	To          string  `toml:"to"`
	Place       string  `toml:"place"`
	Layer       string  `toml:"layer"`
	Condition   string  `toml:"condition"`
	Text        string  `toml:"text"`
	How         string  `toml:"how"`
	Times       int     `toml:"times"`
	After       int     `toml:"after"`
	Probability float64 `toml:"probability"`
	Seed        uint64  `toml:"seed"`
}

// Load reads a file of rules. An error of its content is a *[FileError].
func Load(path string) ([]*Rule, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if st.Size() > maxRuleFile {
		return nil, &FileError{Path: path, Text: fmt.Sprintf("longer than %d bytes", maxRuleFile)}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, string(text))
}

// Parse reads rules; path is for errors.
func Parse(path, text string) ([]*Rule, error) {
	var file struct {
		Rule []written `toml:"rule"`
	}
	meta, err := toml.Decode(text, &file)
	if err != nil {
		var fault toml.ParseError
		if errors.As(err, &fault) {
			line, column := placeOf(text, fault.Position.Start)
			return nil, &FileError{Path: path, Line: line, Column: column, Text: fault.Message}
		}
		return nil, &FileError{Path: path, Text: strings.TrimPrefix(err.Error(), "toml: ")}
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		key := unknown[0]
		line, column := find(text, 0, key[len(key)-1])
		return nil, &FileError{Path: path, Line: line, Column: column, Text: fmt.Sprintf("%s is no setting of a rule", key[len(key)-1]),
			Hint: "there are name, when, do, xpath, xml, value, delay, to, place, layer, condition, text, how, times, after, probability, seed, broken"}
	}
	if len(file.Rule) > maxRules {
		return nil, &FileError{Path: path, Text: fmt.Sprintf("more than %d rules", maxRules)}
	}
	var all []*Rule
	for i := range file.Rule {
		r, fault := file.Rule[i].rule()
		if fault != nil {
			fault.Path = path
			fault.Line, fault.Column = find(text, i+1, fault.key)
			return nil, &fault.FileError
		}
		if r.Name == "" {
			r.Name = fmt.Sprintf("rule %d", i+1)
		}
		all = append(all, r)
	}
	return all, nil
}

// placeOf is the line and column of a byte.
func placeOf(text string, at int) (line, column int) {
	before := text[:min(max(at, 0), len(text))]
	return strings.Count(before, "\n") + 1, len(before) - strings.LastIndexByte(before, '\n')
}

// find is where a setting stands in the n-th rule, or anywhere for n = 0; the
// rule's own line where it has no such setting.
func find(text string, n int, key string) (line, column int) {
	count := 0
	for i, l := range strings.Split(text, "\n") {
		word := strings.TrimSpace(l)
		if strings.HasPrefix(word, "[[") {
			if count++; count == n {
				line, column = i+1, 1
			}
		}
		if name, _, ok := strings.Cut(word, "="); ok && (n == 0 || count == n) && strings.Trim(strings.TrimSpace(name), `"'`) == key {
			return i + 1, strings.Index(l, word) + 1
		}
	}
	return line, column
}

// settingError is what is wrong with one setting.
type settingError struct {
	FileError
	key string
}

func wrong(key, text, hint string) *settingError {
	return &settingError{FileError{Text: text, Hint: hint}, key}
}

// rule checks what was written.
func (w *written) rule() (*Rule, *settingError) {
	r := &Rule{Name: w.Name, Do: w.Do, XML: []byte(w.XML), To: w.To, Place: w.Place, Layer: w.Layer, Condition: w.Condition, Text: w.Text,
		How: w.How, Times: w.Times, After: w.After, Probability: w.Probability, Seed: w.Seed}
	a := actionOf(w.Do)
	if a == nil {
		return nil, wrong("do", fmt.Sprintf("%q is no action", w.Do), "there are "+strings.Join(Actions(), ", "))
	}
	var err error
	if r.When, err = inspector.Compile(w.When); err != nil {
		return nil, wrong("when", err.Error(), "")
	}
	if w.XPath != "" {
		if r.Path, err = inspector.CompilePath(w.XPath); err != nil {
			return nil, wrong("xpath", err.Error(), "")
		}
	}
	if w.Delay != "" {
		if r.Delay, err = time.ParseDuration(w.Delay); err != nil || r.Delay < 0 {
			return nil, wrong("delay", fmt.Sprintf("%q is no duration", w.Delay), `write it like "250ms" or "2s"`)
		}
	}
	if w.Value != nil {
		r.Value = *w.Value
	}
	for _, c := range []struct {
		key, have string
		of        []string
	}{
		{"to", w.To, []string{"", "initiator", "receiver"}}, {"place", w.Place, []string{"", "before", "after"}},
		{"layer", w.Layer, []string{"", "tcp", "stream", "tls"}},
	} {
		if !slices.Contains(c.of, c.have) {
			return nil, wrong(c.key, fmt.Sprintf("%q is not one of %s", c.have, strings.Join(c.of[1:], ", ")), "")
		}
	}
	if w.Times < 0 || w.After < 0 || w.Probability < 0 || w.Probability > 1 {
		return nil, wrong("probability", "times and after are not negative, and probability is between 0 and 1", "")
	}
	if len(r.XML) > 0 && !w.Broken {
		if text := malformed(r.XML); text != "" {
			return nil, wrong("xml", text, "broken = true sends it all the same")
		}
	}
	if key, text := a.check(w); text != "" {
		return nil, wrong(key, text, "")
	}
	return r, nil
}

func malformed(text []byte) string { return Malformed(text, xmlstream.MidStream("jabber:client")) }

// Malformed says what is wrong with XML that is to be sent inside a stream, in
// whose namespaces it will be read; empty where nothing is. Headers and the end
// tag of a stream pass.
func Malformed(text []byte, scope *xmlstream.Scope) string {
	if fault := Fault(text, scope); fault != nil {
		return fmt.Sprintf("not well-formed at byte %d: %s", fault.Pos, fault.Text)
	}
	return ""
}

// Fault is Malformed with the place, counted from the beginning of the text; nil
// where nothing is wrong.
func Fault(text []byte, scope *xmlstream.Scope) *xmlstream.SyntaxError {
	f := xmlstream.NewInside(xmlstream.Options{})
	f.Push(text)
	var tree xmlstream.Tree
	at := 0
	for _, u := range f.Flush() {
		from := at
		at += len(u.Wire)
		switch u.Kind {
		case xmlstream.Space, xmlstream.Close:
			continue
		case xmlstream.Header:
			if root, _ := tree.ParseHeader(u.Wire, xmlstream.Options{}); root != nil {
				continue
			}
		default:
			tree.Parse(u.Wire, scope, xmlstream.Options{})
		}
		all := tree.Errs
		if u.Err != nil {
			all = []xmlstream.SyntaxError{*u.Err}
			all[0].Fatal = true
		}
		for i := range all {
			if all[i].Fatal {
				fault := all[i]
				fault.Pos, fault.End = fault.Pos+from, fault.End+from
				return &fault
			}
		}
	}
	return nil
}
