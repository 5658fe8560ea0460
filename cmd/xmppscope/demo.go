package main

import (
	"context"
	"os"
	"time"

	"github.com/spf13/cobra"

	"xmppscope/inspector"
	"xmppscope/inspector/tui"
	"xmppscope/lessons/practice"
)

// demoPause is how long the client waits after a refused login, at first.
const demoPause = 2 * time.Second

func newDemo(e *env) *cobra.Command {
	var file string
	pf := proxyFlags{to: "", domain: "localhost", listen: []string{"127.0.0.1:0"}, upstream: "auto"}
	c := &cobra.Command{
		Use:   "demo",
		Short: "See two logins live: a practice server, a practice client and the proxy between them",
		Long: "Runs a server, a client and the proxy between them in this one process, with nothing to install or to set up, and nothing written. " +
			"mbed logs in with PLAIN and juliet with SCRAM-SHA-256, both inside STARTTLS; what mbed says waits for juliet. Any step can be held, changed, dropped or repeated; " +
			"after a refused login the client waits and tries again.\n\n" +
			"With --play the clients do what stands in a file, one line after the other: Juliet logs in, Juliet sends: <presence/>, Romeo receives: <message/> and so on; " +
			"each has the account of its name.\n\n" +
			"On the screen everything waits at its first step: s lets one step go on, n goes on to the next phase, c lets it run, e changes what is held, ? shows all keys.",
		Example: "  xmppscope demo\n  xmppscope demo --plain\n  xmppscope demo --headless\n  xmppscope demo --headless --json | jq -r .step\n  xmppscope demo --play balcony.txt",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage(c.Name(), "takes no arguments, has "+args[0], "")
			}
			return nil
		},
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(c *cobra.Command, _ []string) error { return e.demo(c.Context(), &pf, file) },
	}
	f := c.Flags()
	f.BoolVar(&pf.headless, "headless", false, "no screen: run it through and write the events")
	f.BoolVar(&pf.json, "json", false, "with --headless: write JSON Lines, and take actions from standard input")
	e.addPlain(f)
	f.StringVar(&file, "play", "", "let clients do what stands in `FILE`")
	f.StringVar(&pf.record, "record", "", "record both sides of the proxy to `FILE` (pcapng)")
	f.StringVar(&pf.rules, "rules", "", "change what passes by the rules in `FILE` (TOML)")
	f.StringArrayVar(&pf.breaks, "break", nil, "hold what fits `EXPR` (repeatable)")
	f.StringVar(&pf.capture.filter, "filter", "", "show only events that fit `EXPR`")
	f.StringVar(&pf.style, "style", "", "colours: `NAME` of a style, or none for those of the terminal")
	completeFrom(c, "style", tui.Styles()...)
	_ = c.RegisterFlagCompletionFunc("filter", completeFilter)
	_ = c.RegisterFlagCompletionFunc("break", completeFilter)
	return c
}

// demo joins the server, the proxy and the client.
func (e *env) demo(ctx context.Context, pf *proxyFlags, file string) error {
	drama, err := readDrama(file)
	if err != nil {
		return err
	}
	ctx, stop, err := e.watching(ctx, "demo", pf.headless)
	if err != nil {
		return err
	}
	defer stop()
	sc := &scene{
		title: "demo · practice client and server", says: "demo", roots: "the demonstration's own authority",
		paused: !pf.headless, // a person begins at the first step
		drama:  drama, pause: demoPause, tries: 5,
	}
	if drama == nil {
		sc.acts = practice.Demonstration()
	}
	return e.play(ctx, pf, sc)
}

// readDrama reads what clients are to do; nil where no file is named.
func readDrama(file string) (*practice.Drama, error) {
	if file == "" {
		return nil, nil
	}
	const most = 1 << 20
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, cannot(file, err)
	}
	if len(text) > most {
		return nil, &failure{code: exitUsage, what: file, why: "is longer than 1 MiB"}
	}
	d, err := practice.ParseDrama(string(text))
	if err != nil {
		return nil, &failure{code: exitUsage, what: file, why: inspector.Disarm(err.Error()), hint: "a line is like: Juliet logs in, Juliet sends: <presence/>, Romeo receives: <message/>, Romeo leaves"}
	}
	return d, nil
}
