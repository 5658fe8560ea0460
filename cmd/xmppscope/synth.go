package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"xmppscope/captures/synth"
)

// newSynth is hidden: it makes the captures that benchmarks read.
func newSynth(e *env) *cobra.Command {
	var megabytes int64
	var conns int
	var seed uint64
	var out, keys string
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
			o, err := e.create(c.Context(), out)
			if err != nil {
				return err
			}
			defer o.discard()
			w := bufio.NewWriterSize(o, 1<<20)
			so := synth.Options{Size: megabytes * 1_000_000, Conns: conns, Seed: seed}
			var log bytes.Buffer
			if keys != "" {
				so.KeyLog = &log
			}
			truth, err := synth.Write(w, so)
			if err != nil {
				return err
			}
			if keys != "" {
				if err := os.WriteFile(keys, log.Bytes(), 0o600); err != nil {
					return cannot(keys, err)
				}
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
	f.StringVar(&keys, "keylog", "", "use TLS and write the key log to `FILE`")
	f.StringVarP(&out, "output", "o", "", "the `FILE` to write; standard output without it")
	return c
}
