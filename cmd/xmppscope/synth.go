package main

import (
	"bufio"
	"fmt"

	"github.com/spf13/cobra"

	"xmppscope/captures/synth"
)

// newSynth is hidden: it makes the captures that benchmarks read.
func newSynth(e *env) *cobra.Command {
	var megabytes int64
	var conns int
	var seed uint64
	var out string
	c := &cobra.Command{
		Use:    "synth -o FILE",
		Short:  "Write a synthetic capture for benchmarks; the same options always give the same bytes",
		Hidden: true,
		Args: func(c *cobra.Command, args []string) error {
			switch {
			case len(args) > 0:
				return usage(c.Name(), "takes no arguments", "")
			case megabytes <= 0 || conns <= 0:
				return usage(c.Name(), "size and connections must be positive", "")
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error {
			o, err := e.create(out)
			if err != nil {
				return err
			}
			defer o.discard()
			w := bufio.NewWriterSize(o, 1<<20)
			truth, err := synth.Write(w, synth.Options{Size: megabytes * 1_000_000, Conns: conns, Seed: seed})
			if err != nil {
				return err
			}
			if err := w.Flush(); err != nil {
				return err
			}
			fmt.Fprintf(e.err, "%d packets, %d bytes, %d stanzas\n", truth.Packets, truth.FileBytes, truth.Stanzas())
			return o.commit()
		},
	}
	f := c.Flags()
	f.Int64Var(&megabytes, "size", 10, "about how many `MEGABYTES` the file shall have")
	f.IntVar(&conns, "conns", 100, "`NUMBER` of clients at the same time")
	f.Uint64Var(&seed, "seed", 1, "`SEED` of the random choices")
	f.StringVarP(&out, "output", "o", "", "the `FILE` to write; standard output without it")
	return c
}
