package main

import (
	"context"

	"github.com/spf13/cobra"

	"xmppscope/captures"
	"xmppscope/inspector"
	"xmppscope/inspector/export"
)

func newStats(e *env) *cobra.Command {
	var flags captureFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "stats CAPTURE…",
		Short: "Count what captures hold: by conversation, kind, phase and finding; how long answers took",
		Long: "Reads captures once and counts: events by kind, phase and step, stanzas, findings, how long answers took (median, 95 %, slowest), rates, " +
			"and the same for every conversation. It keeps no event.",
		Example: "  xmppscope stats busy.pcapng\n  xmppscope stats --json a.pcap b.pcap | jq .latency",
		RunE: func(c *cobra.Command, args []string) error {
			return e.stats(c.Context(), &flags, args, asJSON)
		},
	}
	flags.addTo(c)
	c.Args = flags.someCaptures
	c.Flags().BoolVar(&asJSON, "json", false, "write one line of JSON")
	return c
}

func (e *env) stats(ctx context.Context, flags *captureFlags, args []string, asJSON bool) error {
	r, err := e.open(flags, args)
	if err != nil {
		return err
	}
	s := inspector.NewStats(r.lintOptions())
	p := r.watch()
	err = r.each(ctx, func(i captures.Item) error {
		if i.Event != nil {
			s.Add(i.Event)
		} else {
			s.AddConversation(*i.Conversation)
		}
		return nil
	})
	p.done()
	if err != nil {
		return err
	}
	r.remarks()
	report := s.Report()
	if asJSON {
		return export.StatsJSON(e.out, &report)
	}
	if report.Events == 0 {
		return nil
	}
	return export.Stats(e.out, &report, export.Options{Color: e.colored(e.out), Width: e.width()})
}
