package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"xmppscope/captures"
	"xmppscope/decode/lint"
	"xmppscope/inspector/export"
)

func newExport(e *env) *cobra.Command {
	var flags captureFlags
	var format, out string
	var plain bool
	var names []string
	for _, f := range export.Formats() {
		names = append(names, f.Name)
	}
	names = append(names, formatPcapng)
	c := &cobra.Command{
		Use:   "export CAPTURE… --format FORMAT -o FILE",
		Short: "Write conversations to a file: " + strings.Join(names, ", "),
		Long: "Writes what dump shows into a file, with nothing shortened. The file appears under its name only when it is whole.\n\n" +
			"The format pcapng writes a capture that Wireshark opens: the packets of the chosen conversations, each frame with a comment that " +
			"names its step, and the TLS keys of these conversations, and no others, inside; several captures become one, on one time line. With --filter it takes whole conversations in which " +
			"something fits, because a part of a TLS connection cannot be read. With --plaintext it writes what was said inside TLS and " +
			"compression as TCP in the clear, on the addresses and ports that it had, and a filter leaves out what does not fit; on ports other than " +
			"5222, Wireshark has to be told to decode them as XMPP or HTTP.",
		Example: "  xmppscope export login.pcap --format json -o login.jsonl\n  xmppscope export login.pcap --keylog keys.log --format pcapng -o login-with-keys.pcapng",
		RunE: func(c *cobra.Command, args []string) error {
			if format == formatPcapng {
				return e.exportPcapng(c.Context(), pcapngJob{flags: &flags, args: args, path: out, plain: plain})
			}
			if plain {
				return usage("--plaintext", "belongs to --format pcapng", "")
			}
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
	c.Flags().BoolVar(&plain, "plaintext", false, "with --format pcapng: write what stands inside TLS as TCP in the clear")
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
	if err := notOver(job.path, job.flags, job.args); err != nil {
		return err
	}
	r, err := e.open(job.flags, job.args)
	if err != nil {
		return err
	}
	job.options.Secrets = r.secrets
	if job.format.Judges {
		r.judging = &judging{}
		job.options.Findings, job.options.Session = r.judging.of, r.judging.session
	}
	out, err := e.create(ctx, job.path)
	if err != nil {
		return err
	}
	defer out.discard()
	w := job.format.New(out, job.options)
	live, some := job.flags.live(), false
	r.begin = w.Begin
	if late, can := w.(export.LateFinder); can {
		r.judging.tell = func(f *lint.Finding) error {
			if !r.filter.All() || !r.flags.wants(f.Conn) {
				return nil
			}
			return late.Late(f)
		}
	}
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
	e.unfinished(out, err)
	return err
}
