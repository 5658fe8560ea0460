package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"xmppscope/captures"
	"xmppscope/inspector/export"
)

func newExport(e *env) *cobra.Command {
	var flags captureFlags
	var format, out string
	var names []string
	for _, f := range export.Formats() {
		names = append(names, f.Name)
	}
	c := &cobra.Command{
		Use:     "export CAPTURE… --format FORMAT -o FILE",
		Short:   "Write conversations to a file: " + strings.Join(names, ", "),
		Long:    "Writes what dump shows into a file, with nothing shortened. The file appears under its name only when it is whole.",
		Example: "  xmppscope export login.pcap --format json -o login.jsonl",
		RunE: func(c *cobra.Command, args []string) error {
			f, ok := export.Lookup(format)
			if !ok {
				return usage("--format", format+" is not known", "one of "+strings.Join(names, ", "))
			}
			o := export.Options{Full: true, Color: e.color == "always"}
			return e.export(c.Context(), exportJob{flags: &flags, args: args, format: f, options: o, path: out})
		},
	}
	flags.addTo(c)
	c.Args = flags.someCaptures
	c.Flags().StringVar(&format, "format", "json", "what to write: `FORMAT` is "+strings.Join(names, ", "))
	c.Flags().StringVarP(&out, "output", "o", "", "the `FILE` to write; standard output without it")
	completeFrom(c, "format", names...)
	return c
}

// exportJob is one run of a format over captures.
type exportJob struct {
	flags   *captureFlags
	args    []string
	format  export.Format
	options export.Options
	path    string
}

// export reads the captures and writes them in a format. Where reading fails
// after something was written, what was written is kept: it is whole up to
// there.
func (e *env) export(ctx context.Context, job exportJob) error {
	r, err := e.open(job.flags, job.args)
	if err != nil {
		return err
	}
	job.options.Secrets = r.secrets
	out, err := e.create(job.path)
	if err != nil {
		return err
	}
	defer out.discard()
	w := job.format.New(out, job.options)
	live, some := job.flags.live(), false
	r.begin = w.Begin
	p := r.watch()
	err = r.each(ctx, func(i captures.Item) error {
		some = true
		if i.Event == nil {
			return w.Conversation(i.Conversation)
		}
		if err := w.Event(i.Event); err != nil || !live {
			return err
		}
		return w.Flush() // who watches wants to see it now
	})
	p.done()
	if closed := w.Close(); closed != nil {
		return closed
	}
	r.remarks()
	if err != nil && !some {
		return err
	}
	if kept := out.commit(); kept != nil {
		return kept
	}
	return err
}
