package main

import (
	"cmp"
	"context"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"xmppscope/captures"
	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/decode/why"
	"xmppscope/inspector"
	"xmppscope/inspector/export"
)

func newWhy(e *env) *cobra.Command {
	var flags captureFlags
	var asJSON, listed bool
	c := &cobra.Command{
		Use:   "why CAPTURE… QUESTION [WORD]",
		Short: "Say why something did not happen, or how it did, with the events that prove it",
		Long: "Answers a question about every conversation of the captures: a verdict, then the facts in the order of reasoning, each with the events that prove it and the section that it rests on. " +
			"Where the capture does not show enough it says so, and what would tell.\n\n" +
			"Some questions take a word, such as the name of a mechanism: mechanism SCRAM-SHA-256, or mechanism=SCRAM-SHA-256. --list lists all questions.",
		Example: "  xmppscope why sample:wrong-password login\n  xmppscope why login.pcap mechanism SCRAM-SHA-256-PLUS\n  xmppscope why trace.pcapng --conn 3 resume",
		RunE: func(c *cobra.Command, args []string) error {
			if listed {
				return e.listQuestions()
			}
			return e.why(c.Context(), &flags, args, asJSON)
		},
	}
	flags.addTo(c)
	c.Args = cobra.ArbitraryArgs
	c.ValidArgsFunction = completeWhy
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON Lines, one object a conversation")
	c.Flags().BoolVar(&listed, "list", false, "list all questions")
	return c
}

// listQuestions prints the table of questions.
func (e *env) listQuestions() error {
	p := export.NewPage(e.out, export.Options{Color: e.colored(e.out), Width: e.width()})
	p.Head("questions")
	var rows [][]string
	for _, q := range why.Questions() {
		name := q.Name
		if q.Word != "" {
			name += " [" + q.Word + "]"
		}
		rows = append(rows, []string{name, q.Doc})
	}
	p.Table(rows)
	return p.Close()
}

func questionNames() (all []string) {
	for _, q := range why.Questions() {
		all = append(append(all, q.Name), q.Also...)
	}
	return all
}

// question finds the question among the arguments: it stands last, or before
// its word.
func question(args []string) (inputs []string, q *why.Question, word string, err error) {
	n := len(args)
	if n == 0 {
		return nil, nil, "", usage("why", "no capture and no question named", "for example xmppscope why sample:wrong-password login")
	}
	if n > 2 {
		if q = why.Lookup(args[n-2]); q != nil && q.Word != "" {
			return args[:n-2], q, args[n-1], nil
		}
	}
	name, word, given := strings.Cut(args[n-1], "=")
	q = why.Lookup(name)
	switch {
	case q == nil && n > 2 && why.Lookup(args[n-2]) != nil:
		q = why.Lookup(args[n-2])
		return nil, nil, "", usage("why", "the question "+q.Name+" takes no word", "xmppscope why --list lists the questions")
	case q == nil:
		hint := "one of " + strings.Join(primary(), ", ")
		if _, err := os.Stat(args[n-1]); err == nil || strings.HasPrefix(args[n-1], samplePrefix) {
			return nil, nil, "", usage("why", "no question named", hint)
		}
		if near := inspector.Nearest(strings.ToLower(name), questionNames()); near != "" {
			hint = "did you mean " + near + "? xmppscope why --list lists all questions"
		}
		return nil, nil, "", usage("why", args[n-1]+" is no question", hint)
	case given && q.Word == "":
		return nil, nil, "", usage("why", "the question "+q.Name+" takes no word", "xmppscope why --list lists the questions")
	case n == 1:
		return nil, nil, "", usage("why", "no capture named", "for example xmppscope why sample:wrong-password "+q.Name)
	}
	return args[:n-1], q, word, nil
}

func primary() (all []string) {
	for _, q := range why.Questions() {
		all = append(all, q.Name)
	}
	return all
}

// asking is one run: the collector sees every event, the answers are about the
// conversations that were chosen.
type asking struct {
	q       *why.Question
	word    string
	engine  *lint.Engine
	all     *why.Collector
	answers map[decode.ConnID]why.Answer
}

func (e *env) why(ctx context.Context, flags *captureFlags, args []string, asJSON bool) error {
	inputs, q, word, err := question(args)
	if err != nil {
		return err
	}
	r, err := e.open(flags, inputs)
	if err != nil {
		return err
	}
	var lo lint.Options
	var wo why.Options
	if r.secrets.Len() > 0 {
		lo.Verify, wo.Verify = r.secrets.Verify, r.secrets.Verify
	}
	engine := lint.New(lo)
	wo.Session = engine.Session
	a := &asking{q: q, word: word, engine: engine, all: why.New(wo), answers: map[decode.ConnID]why.Answer{}}
	r.every = a.every
	p := r.watch()
	err = r.each(ctx, a.chosen)
	p.done()
	answers := a.finish()
	if told := e.answer(q, answers, asJSON); told != nil {
		return told
	}
	r.remarks()
	return err
}

func (e *env) answer(q *why.Question, answers []why.Answer, asJSON bool) error {
	switch {
	case asJSON:
		return export.WhyJSON(e.out, answers)
	case len(answers) == 0:
		return nil
	}
	return export.Why(e.out, export.Options{Color: e.colored(e.out), Width: e.width()}, q, answers)
}

// every hands an item to the rules, and both to the collector.
func (a *asking) every(i captures.Item) error {
	if i.Event != nil {
		a.all.Event(i.Event, a.engine.Event(i.Event))
		return nil
	}
	a.all.End(i.Conversation, a.engine.End(i.Conversation))
	return nil
}

// chosen answers about a conversation that is over.
func (a *asking) chosen(i captures.Item) error {
	if i.Event == nil {
		a.answers[i.Conversation.Conn] = a.all.Answer(i.Conversation.Conn, a.q, a.word)
	}
	return nil
}

// finish answers again with all that is known by now: what came later may
// explain what came before. The answers are in the order of their
// conversations.
func (a *asking) finish() []why.Answer {
	for _, conn := range a.all.Conversations() {
		if _, chosen := a.answers[conn]; chosen {
			a.answers[conn] = a.all.Answer(conn, a.q, a.word)
		}
	}
	all := make([]why.Answer, 0, len(a.answers))
	for _, answer := range a.answers {
		all = append(all, answer)
	}
	slices.SortFunc(all, func(x, y why.Answer) int { return cmp.Compare(x.Conn, y.Conn) })
	return all
}

// completeWhy offers captures first, then the questions too.
func completeWhy(c *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	found, how := completeCaptures(c, args, word)
	if len(args) == 0 {
		return found, how
	}
	for _, q := range why.Questions() {
		if strings.HasPrefix(q.Name, word) {
			found = append(found, cobra.CompletionWithDesc(q.Name, q.Doc))
		}
	}
	return found, how
}
