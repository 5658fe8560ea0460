package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"xmppscope/lessons/practice"
)

// demoPause is how long the client waits after a refused login, at first.
const demoPause = 2 * time.Second

func newDemo(e *env) *cobra.Command {
	pf := proxyFlags{to: "", domain: "localhost", listen: []string{"127.0.0.1:0"}, upstream: "auto"}
	c := &cobra.Command{
		Use:   "demo",
		Short: "See two logins live: a practice server, a practice client and the proxy between them",
		Long: "Runs a server, a client and the proxy between them in this one process, with nothing to install or to set up, and nothing written. " +
			"mbed logs in with PLAIN and juliet with SCRAM-SHA-256, both inside STARTTLS; what mbed says waits for juliet. Any step can be held, changed, dropped or repeated; " +
			"after a refused login the client waits and tries again.\n\n" +
			"On the screen everything waits at its first step: s lets one step go on, n goes on to the next phase, c lets it run, e changes what is held, ? shows all keys.",
		Example: "  xmppscope demo\n  xmppscope demo --plain\n  xmppscope demo --headless\n  xmppscope demo --headless --json | jq -r .step",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage(c.Name(), "takes no arguments, has "+args[0], "")
			}
			return nil
		},
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(c *cobra.Command, _ []string) error { return e.demo(c.Context(), &pf) },
	}
	f := c.Flags()
	f.BoolVar(&pf.headless, "headless", false, "no screen: run it through and write the events")
	f.BoolVar(&pf.json, "json", false, "with --headless: write JSON Lines, and take actions from standard input")
	e.addPlain(f)
	f.StringVar(&pf.record, "record", "", "record both sides of the proxy to `FILE` (pcapng)")
	f.StringVar(&pf.rules, "rules", "", "change what passes by the rules in `FILE` (TOML)")
	f.StringArrayVar(&pf.breaks, "break", nil, "hold what fits `EXPR` (repeatable)")
	f.StringVar(&pf.capture.filter, "filter", "", "show only events that fit `EXPR`")
	f.StringVar(&pf.style, "style", "", "colours: `NAME` of a style, or none for those of the terminal")
	_ = c.RegisterFlagCompletionFunc("filter", completeFilter)
	_ = c.RegisterFlagCompletionFunc("break", completeFilter)
	return c
}

// demo joins the server, the proxy and the client.
func (e *env) demo(ctx context.Context, pf *proxyFlags) error {
	ctx, stop, err := e.watching(ctx, "demo", pf.headless)
	if err != nil {
		return err
	}
	defer stop()
	return e.play(ctx, pf, &scene{
		title: "demo · practice client and server", says: "demo", roots: "the demonstration's own authority",
		acts: practice.Demonstration(), paused: !pf.headless, // a person begins at the first step
		pause: demoPause, tries: 5,
	})
}
