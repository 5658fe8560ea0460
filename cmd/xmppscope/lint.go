package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"xmppscope/captures"
	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
	"xmppscope/inspector/export"
)

// lintFlags are those of lint besides the ones of every reader.
type lintFlags struct {
	failOn, format string
	json, explain  bool
	ignore         []string
	timeout        time.Duration
	ratio          float64
}

func newLint(e *env) *cobra.Command {
	var flags captureFlags
	var lf lintFlags
	var names []string
	for _, f := range export.FindingFormats() {
		names = append(names, f.Name)
	}
	c := &cobra.Command{
		Use:   "lint CAPTURE…",
		Short: "List what is wrong or worth knowing: the rule, the bytes, the section, what to do",
		Long: "Reads captures and lists findings only: who broke which rule at which event, the section that says so, and what to do. " +
			"An error breaks a requirement, a warning a recommendation, a note is worth knowing. A rule that cannot be judged from the capture is silent; --explain tells which and why.\n\n" +
			"It ends with 1 where there is a finding at or over the level of --fail-on.",
		Example: "  xmppscope lint sample:wrong-password\n  xmppscope lint login.pcap --ignore xml-decl-missing --fail-on warning\n  xmppscope lint ci.pcapng --format junit > report.xml",
		RunE: func(c *cobra.Command, args []string) error {
			return e.lint(c.Context(), &flags, &lf, args)
		},
	}
	flags.addTo(c)
	flags.addLive(c)
	c.Args = flags.someCaptures
	f := c.Flags()
	f.StringVar(&lf.failOn, "fail-on", "error", "the least `LEVEL` that makes the exit code 1: error, warning or note")
	f.StringSliceVar(&lf.ignore, "ignore", nil, "leave a `RULE` out (repeatable)")
	f.StringVar(&lf.format, "format", "text", "how to write: `FORMAT` is "+strings.Join(names, ", "))
	f.BoolVar(&lf.json, "json", false, "short for --format json")
	f.BoolVar(&lf.explain, "explain", false, "also say which rules could not be judged, and why")
	f.DurationVar(&lf.timeout, "timeout", lint.DefaultTimeout, "how long an answer may take before its absence counts: a `TIME` such as 30s or 2m")
	f.Float64Var(&lf.ratio, "timing-ratio", lint.DefaultTimingRatio, "`TIMES` that refusals of one sort of names must take longer than others to tell which names exist")
	completeFrom(c, "fail-on", "error", "warning", "note")
	completeFrom(c, "format", names...)
	completeFrom(c, "ignore", ruleNames()...)
	return c
}

func ruleNames() (all []string) {
	for _, r := range lint.Rules() {
		all = append(all, r.Name)
	}
	return all
}

// level reads the name of a level.
func level(name string) (lint.Level, error) {
	for _, l := range lint.Levels() {
		if l.String() == name {
			return l, nil
		}
	}
	return 0, usage("--fail-on", name+" is no level", "one of error, warning, note")
}

// finder says how to write findings, or what is wrong with the flags.
func (lf *lintFlags) finder() (export.FindingFormat, error) {
	for _, name := range lf.ignore {
		if lint.Lookup(name) == nil {
			hint := "xmppscope explain rules lists them"
			if near := inspector.Nearest(name, ruleNames()); near != "" {
				hint = "did you mean " + near + "?"
			}
			return export.FindingFormat{}, usage("--ignore", name+" is no rule", hint)
		}
	}
	if !(lf.ratio >= 1) { // not a number is not, either
		return export.FindingFormat{}, usage("--timing-ratio", fmt.Sprintf("%v is too small", lf.ratio), "a number from 1 on")
	}
	if lf.json {
		if lf.format != "text" && lf.format != "json" {
			return export.FindingFormat{}, usage("lint", "--json and --format "+lf.format+" do not go together", "")
		}
		lf.format = "json"
	}
	var names []string
	for _, f := range export.FindingFormats() {
		if f.Name == lf.format {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return export.FindingFormat{}, usage("--format", lf.format+" is not known", "one of "+strings.Join(names, ", "))
}

// linting is one run: the rules see every event, the writer the findings about
// those that were chosen.
type linting struct {
	r      *reading
	w      export.FindingWriter
	failOn lint.Level
	failed bool
	chosen bits // events that fitted the filter
	// broken are the conditions of the stream errors in conversations that are
	// not over, last that of the one that has just ended, errors how many they
	// ended.
	broken map[decode.ConnID]string
	last   string
	errors map[string]int
}

func (e *env) lint(ctx context.Context, flags *captureFlags, lf *lintFlags, args []string) error {
	failOn, err := level(lf.failOn)
	if err != nil {
		return err
	}
	format, err := lf.finder()
	if err != nil {
		return err
	}
	r, err := e.open(flags, args)
	if err != nil {
		return err
	}
	r.rules.Timeout, r.rules.Ignore, r.rules.TimingRatio = lf.timeout, lf.ignore, lf.ratio
	return r.lint(ctx, lf, format, failOn)
}

// lint reads the captures and writes what is wrong. What an interruption leaves
// is written too.
func (r *reading) lint(ctx context.Context, lf *lintFlags, format export.FindingFormat, failOn lint.Level) error {
	e := r.e
	l := &linting{r: r, failOn: failOn, broken: map[decode.ConnID]string{}, errors: map[string]int{}}
	r.every = l.every
	l.w = format.New(e.out, export.FindingOptions{Options: export.Options{Color: e.colored(e.out), Width: e.width()},
		Sources: r.args, FailOn: failOn, Version: version})
	r.judging = &judging{tell: l.later, leave: func(f *lint.Finding) error { return l.write(f, nil) }}
	p := r.watch()
	err := r.each(ctx, func(i captures.Item) error { return l.shown(i, r.flags.live()) })
	p.done()
	if lf.explain {
		if told := l.w.Silent(r.judging.engine.Silent()); told != nil {
			return told
		}
	}
	if w, tells := l.w.(export.EndingWriter); tells {
		w.Ended(l.errors)
	}
	if closed := l.w.Close(); closed != nil {
		return closed
	}
	r.remarks()
	if err != nil {
		return err
	}
	if l.failed {
		return errQuiet(exitFindings)
	}
	return nil
}

// lintOptions are those of every reader: with the secrets that are known.
func (r *reading) lintOptions() lint.Options {
	if r.secrets.Len() > 0 {
		r.rules.Verify = r.secrets.Verify
	}
	return r.rules
}

// later writes what is wrong with an event that is over, where the input cannot
// be read twice.
func (l *linting) later(f *lint.Finding) error {
	if l.r.filter.All() && l.r.flags.wants(f.Conn) || l.chosen.has(uint(f.Seq)) {
		return l.write(f, nil)
	}
	return nil
}

// shown writes what is wrong with an event that was chosen.
func (l *linting) shown(i captures.Item, live bool) error {
	if i.Event == nil {
		l.ended()
		return nil
	}
	if !l.r.filter.All() {
		l.chosen.set(uint(i.Event.Seq))
	}
	found := l.r.judging.now
	for k := range found {
		if err := l.write(&found[k], i.Event); err != nil {
			return err
		}
	}
	if live && len(found) > 0 {
		return l.w.Flush() // who watches wants to see it now
	}
	return nil
}

// every notes the errors of streams, chosen or not.
func (l *linting) every(i captures.Item) error {
	switch e := i.Event; {
	case e == nil:
		l.last = l.broken[i.Conversation.Conn]
		delete(l.broken, i.Conversation.Conn)
	case e.After != nil && e.After.Error != "" && l.broken[e.Conn] == "":
		l.broken[e.Conn] = e.After.Error
	}
	return nil
}

// ended counts the conversation that has just ended and was chosen.
func (l *linting) ended() {
	if l.last != "" && (l.errors[l.last] > 0 || len(l.errors) < maxConditions) {
		l.errors[l.last]++
	}
}

// maxConditions bounds what is counted: a condition is what the wire says.
const maxConditions = 64

func (l *linting) write(f *lint.Finding, e *decode.Event) error {
	l.failed = l.failed || f.Level >= l.failOn
	return l.w.Finding(f, e)
}
