package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"xmppscope/captures"
	"xmppscope/captures/samples"
	"xmppscope/inspector"
	"xmppscope/inspector/tui"
)

func newOpen(e *env) *cobra.Command {
	var flags captureFlags
	var style string
	c := &cobra.Command{
		Use:   "open CAPTURE…",
		Short: "Inspect captures in the terminal",
		Long: "Shows the conversations in the captures as a list of steps to walk through, each with its explanation, its XML, its login data, its bytes and " +
			"what was true at that moment. The first steps appear while the rest is still being read. Press ? for the keys.",
		Example: "  xmppscope open login.pcap\n  xmppscope open sample:plain-login\n  xmppscope open --follow growing.pcap\n  xmppscope open --plain login.pcap",
		RunE: func(c *cobra.Command, args []string) error {
			r, err := e.open(&flags, args)
			if err != nil {
				return err
			}
			ctx, stop, ok := e.seen(c.Context())
			defer stop()
			if !ok {
				return usage("open", "needs a terminal", "xmppscope dump writes to a pipe or a file, --plain takes verbs from one")
			}
			if err := flags.openable(args); err != nil {
				return err
			}
			remember(args)
			return e.screen(ctx, r, style)
		},
	}
	flags.addTo(c)
	flags.addLive(c)
	c.Args = flags.someCaptures
	e.addPlain(c.Flags())
	c.Flags().StringVar(&style, "style", "", "colours: `NAME` of a style, or none for those of the terminal")
	completeFrom(c, "style", tui.Styles()...)
	return c
}

// startScreen is the program without a command: something to choose from on a
// terminal, else help and wrong usage.
func (e *env) startScreen(c *cobra.Command, _ []string) error {
	_, in := terminal(e.in)
	ctx, stop, ok := e.seen(c.Context())
	defer stop()
	if !ok || !in && !e.plain {
		c.SetOut(e.err)
		if err := c.Help(); err != nil {
			return err
		}
		return errQuiet(exitUsage)
	}
	return e.screen(ctx, nil, "")
}

// screen runs the terminal interface on what r reads, or on the start screen
// where r is nil.
func (e *env) screen(ctx context.Context, r *reading, style string) error {
	if r == nil {
		return e.show(ctx, nil, nil, style)
	}
	return e.show(ctx, r, r.source(), style)
}

// show is screen on a source that was made of r.
func (e *env) show(ctx context.Context, r *reading, src *tui.Source, style string) error {
	if e.host != nil {
		return e.host.show(ctx, r, src)
	}
	// A large capture makes garbage faster than it fills the store; the screen
	// stays up long after, so memory counts more than the last tenth of speed.
	debug.SetGCPercent(40)
	if e.plain {
		return e.talk(ctx, r, src)
	}
	o := tui.Options{Choices: choices(), Recent: recent, Skin: e.look.skin, ASCII: e.look.ascii, Style: style, NoColor: e.color == "never", Open: e.choose, State: statePath(), Version: version}
	o.Source = src
	n := e.learning
	if n == nil {
		n = &learning{}
	}
	o.Learn, o.Teach = e.learning != nil, func() *tui.Teaching { return n.teach(e) }
	o.Class = e.class
	defer n.ending.Wait()
	e.guest = newGuests(ctx, e.tree)
	defer e.guest.end()
	for _, s := range startForms() {
		f := s.form(e, e.guest, nil)
		o.Forms = append(o.Forms, f)
	}
	o.OpenWith = func(name string) *tui.Form { return e.openWith(name) }
	if r != nil && src != nil {
		src.Forms = e.formsOf(r)
	}
	if r != nil && r.secrets.Len() > 0 {
		o.Verify = r.secrets.Verify
	}
	if err := e.runScreen(ctx, o); err != nil {
		return err
	}
	if r != nil {
		r.remarks()
	}
	return nil
}

// runScreen runs the screen until somebody leaves it.
func (e *env) runScreen(ctx context.Context, o tui.Options) error {
	defer e.watched()()
	var crash *tui.Crash
	switch err := tui.Run(ctx, o); {
	case errors.As(err, &crash):
		return &failure{code: exitFault, why: crash.Error(), hint: "please send the report to the project"}
	case err != nil:
		return cannot("the terminal", err)
	}
	return nil
}

// choose opens what was picked or typed on the screen.
func (e *env) choose(name string) (*tui.Source, error) {
	r, err := e.open(&captureFlags{}, []string{name})
	if err != nil {
		return nil, err
	}
	remember([]string{name})
	src := r.source()
	src.Forms = e.formsOf(r)
	return src, nil
}

// openable tells on the command line, before the screen is taken, what cannot
// be read: it opens every file and looks at its first bytes.
func (f *captureFlags) openable(args []string) error {
	for _, a := range args {
		if a == "-" || strings.HasPrefix(a, samplePrefix) {
			continue
		}
		c, err := captures.OpenFile(a, captures.OpenOptions{})
		if err != nil {
			return err
		}
		c.Close()
	}
	return nil
}

// source reads into a store that the screen shows while it grows.
func (r *reading) source() *tui.Source {
	var titles []string
	for _, in := range r.inputs {
		titles = append(titles, filepath.Base(in.Name))
	}
	kept := inspector.StoreOptions{Lint: r.lintOptions()}
	if r.options.Live {
		kept.MemLimit = keptLive
	}
	store := inspector.NewStore(kept)
	r.filter = nil
	saving, cannotSave := r.saved(store)
	return &tui.Source{
		Title:  strings.Join(titles, ", "),
		Store:  store,
		Filter: r.flags.filter,
		Follow: r.flags.follow || r.flags.iface != "",
		// The screen filters, so that the filter can be lifted there.
		Load: func(ctx context.Context, progress func(done, total int64)) error {
			r.options.Progress = progress
			return r.each(ctx, func(i captures.Item) error {
				if i.Event == nil {
					store.Over(*i.Conversation)
					return nil
				}
				store.Append(i.Event)
				return store.Err()
			})
		},
		Keylog: r.withKeylog,
		Hidden: func() int64 { return r.tally.Hidden },
		Write: func(ctx context.Context, path string, over bool) (string, error) {
			if cannotSave != nil {
				return "", cannotSave
			}
			return saving.write(ctx, path, over)
		},
		Close: func() {
			store.Close()
			if saving != nil {
				saving.close()
			}
		},
	}
}

// withKeylog reads the same captures with one more key log. What cannot be read
// twice goes on, and the keys count from here on.
func (r *reading) withKeylog(path string) (*tui.Source, error) {
	if noKeyLog(path) {
		return nil, &failure{code: exitInput, what: path, why: "no TLS keys in it (no line begins with CLIENT_RANDOM or the like)"}
	}
	if !r.flags.readTwice(r.args) {
		if err := r.options.Keys.AddFile(path); err != nil {
			return nil, cannot(path, err)
		}
		return nil, nil
	}
	flags := *r.flags
	flags.keylogs = append(slices.Clip(flags.keylogs), path)
	again, err := r.e.open(&flags, r.args)
	if err != nil {
		return nil, err
	}
	return again.source(), nil
}

// noKeyLog tells a file that holds something, but no secret. One that is empty
// may get some yet, and a pipe can be read only once.
func noKeyLog(path string) bool {
	if st, err := os.Stat(path); err != nil || !st.Mode().IsRegular() || st.Size() == 0 {
		return false
	}
	var k captures.Keyring
	err := k.AddFile(path)
	n, _ := k.Counts()
	return err == nil && n == 0
}

// choices are the recordings that the start screen offers.
func choices() []tui.Choice {
	var all []tui.Choice
	for _, s := range samples.All() {
		all = append(all, tui.Choice{Group: "Recordings that come with xmppscope", Name: samplePrefix + s.Name, Title: s.Title, About: s.Shows})
	}
	return all
}
