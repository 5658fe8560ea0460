package lint

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/transcript"
)

// A file of testdata holds transcripts, each under a line "== title". A remark
// "! rule level who" says what the line before it must be found guilty of, in
// any order; level and who may be left out. Nothing else may be found, whatever
// the rule, but what a line "allow rule …" under the title names. A line
// "include NAME" stands for the lines of testdata/NAME.inc.
type example struct {
	file, title string
	allow       []string
	script      string
}

func examples(t testing.TB) (all []example) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split("\n"+string(text), "\n== ")[1:] {
			title, script, _ := strings.Cut(part, "\n")
			x := example{file: strings.TrimSuffix(filepath.Base(f), ".txt"), title: title}
			var lines []string
			for _, l := range strings.Split(script, "\n") {
				if names, ok := strings.CutPrefix(l, "allow "); ok {
					x.allow, l = append(x.allow, strings.Fields(names)...), "#"
				}
				if name, ok := strings.CutPrefix(l, "include "); ok {
					part, err := os.ReadFile("testdata/" + name + ".inc")
					if err != nil {
						t.Fatal(err)
					}
					l = string(part)
				}
				lines = append(lines, l)
			}
			x.script = strings.Join(lines, "\n")
			all = append(all, x)
		}
	}
	return all
}

// run gives the findings of an example and what it wants.
func (x *example) run() (found []Finding, p *transcript.Played, err error) {
	s, err := transcript.Parse(x.script)
	if err != nil {
		return nil, nil, err
	}
	if p, err = s.Play(decode.Options{}); err != nil {
		return nil, nil, err
	}
	o := Options{}
	if len(s.Passwords) > 0 {
		o.Verify = func(e *decode.Event) (sasl.Verdict, bool) {
			_, password, _ := strings.Cut(s.Passwords[0], "=")
			return sasl.Verify(e.SASL, &sasl.Secret{Password: password}), true
		}
	}
	g := New(o)
	for i := range p.Events {
		found = append(found, g.Event(&p.Events[i])...)
	}
	for i := range p.Conversations {
		found = append(found, g.End(&p.Conversations[i])...)
	}
	return found, p, nil
}

func TestExamples(t *testing.T) {
	for _, x := range examples(t) {
		t.Run(x.file+"/"+x.title, func(t *testing.T) {
			found, p, err := x.run()
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range p.Remarks {
				if err := take(&found, r); err != nil {
					t.Errorf("line %d: %v", r.Line, err)
				}
			}
			for _, f := range found {
				if !slices.Contains(x.allow, f.Rule) {
					t.Errorf("event %d: nobody expects %s (%s, %s): %s", f.Seq, f.Rule, f.Level, f.Who, f.Text)
				}
			}
		})
	}
}

// take removes the finding that a remark wants.
func take(found *[]Finding, r transcript.Remark) error {
	want := strings.Fields(r.Text)
	if len(want) == 0 {
		return errors.New("a remark without a rule")
	}
	for i, f := range *found {
		if f.Rule != want[0] || !slices.Contains(r.Events, f.Seq) {
			continue
		}
		have := []string{f.Rule, f.Level.String(), f.Who.String()}
		for _, w := range want[1:] {
			if !slices.Contains(have, w) {
				return fmt.Errorf("want %q, have %q: %s", want, have, f.Text)
			}
		}
		*found = slices.Delete(*found, i, i+1)
		return nil
	}
	return fmt.Errorf("%s was not found", want[0])
}
