package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"xmppscope/inspector/export"
)

func newDump(e *env) *cobra.Command {
	var flags captureFlags
	var full bool
	asked := make([]bool, len(export.Formats()))
	c := &cobra.Command{
		Use:   "dump CAPTURE…",
		Short: "Write the conversation as annotated text, JSON Lines, XML or a ladder",
		Long: "Writes every step of the conversations in the captures as it is read: who sent it, in which phase, what it means, what the login said " +
			"and where the bytes break a rule. Several captures are merged on one time line. The memory it needs does not depend on the size of the input.",
		Example: "  xmppscope dump sample:plain-login\n  xmppscope dump --json login.pcap | jq -r 'select(.kind == \"stanza\").wire'\n  xmppscope dump --follow --filter 'kind == \"stream-error\"' live.pcap",
		RunE: func(c *cobra.Command, args []string) error {
			f, err := chosen(asked)
			if err != nil {
				return err
			}
			o := export.Options{Color: e.colored(e.out), Width: e.width(), Full: full}
			return e.export(c.Context(), exportJob{flags: &flags, args: args, format: f, options: o})
		},
	}
	flags.addTo(c)
	flags.addLive(c)
	c.Args = flags.someCaptures
	c.Flags().BoolVar(&full, "full", false, "do not shorten long texts")
	for i, f := range export.Formats() {
		if f.Flag != "" {
			c.Flags().BoolVar(&asked[i], f.Flag, false, "write "+f.Doc)
		}
	}
	return c
}

// chosen is the format whose flag was given, else the first.
func chosen(asked []bool) (export.Format, error) {
	f := export.Formats()[0]
	var flags []string
	for i, on := range asked {
		if on {
			f = export.Formats()[i]
			flags = append(flags, "--"+f.Flag)
		}
	}
	if len(flags) > 1 {
		return f, usage("dump", fmt.Sprintf("%s do not go together", strings.Join(flags, " and ")), "")
	}
	return f, nil
}
