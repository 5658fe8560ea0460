package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"

	"xmppscope/inspector/export"
	"xmppscope/inspector/linear"
	"xmppscope/inspector/live"
	"xmppscope/inspector/tui"
)

// addPlain adds --plain, and how the screen looks without it.
func (e *env) addPlain(f *pflag.FlagSet) {
	f.BoolVar(&e.plain, "plain", false, "no full screen: the same verbs at a prompt, answered in lines, for screen readers and scripts")
	e.look.addTo(f)
}

// seen decides how what is looked at is shown, and tells whether that is
// possible: on the screen, which needs a terminal that can move the cursor, or at
// a prompt, which needs nothing. At a prompt Ctrl-C is for what is being said, so
// the context that comes back ends by other signals only; stop gives them back.
func (e *env) seen(ctx context.Context) (_ context.Context, stop func(), ok bool) {
	if e.host != nil {
		return ctx, func() {}, true
	}
	if _, is := terminal(e.out); !e.plain && !is {
		return ctx, func() {}, false
	}
	if !e.plain {
		if e.unfit = tui.Unfit(os.Getenv("TERM")); e.unfit == "" {
			return ctx, func() {}, true
		}
		e.plain = true
	}
	pressed := make(chan os.Signal, 1)
	signal.Notify(pressed, os.Interrupt)
	e.pressed = pressed
	ctx, back := signal.NotifyContext(context.WithoutCancel(ctx), syscall.SIGTERM, syscall.SIGHUP)
	return ctx, func() { back(); signal.Stop(pressed) }, true
}

// watching is seen for a command that stands between connections: without a
// screen it needs nothing, and then has no prompt.
func (e *env) watching(ctx context.Context, command string, headless bool) (context.Context, func(), error) {
	if headless && e.plain {
		return nil, nil, usage("--plain", "is a prompt, and --headless has none", "--headless --json takes actions from standard input")
	}
	if headless {
		return ctx, func() {}, nil
	}
	ctx, stop, ok := e.seen(ctx)
	if !ok {
		return nil, nil, usage(command, "needs a terminal", "--headless writes what passes to a pipe or a file, --plain takes verbs from one")
	}
	return ctx, stop, nil
}

// talk runs the prompt on what r reads; src is nil where nothing is open yet.
func (e *env) talk(ctx context.Context, r *reading, src *tui.Source) error {
	_, typed := terminal(e.in)
	o := linear.Options{In: e.in, Out: e.out, Typed: typed, Interrupts: e.pressed, Source: linearSource(src)}
	if e.unfit != "" {
		o.First = "The terminal cannot show the screen (" + e.unfit + "), so this is the prompt, as with --plain."
	}
	n := e.learning
	if n == nil {
		n = &learning{}
	}
	o.Learn, o.Teach = e.learning != nil, linearTeaching(n.teach(e))
	defer n.ending.Wait()
	for _, c := range choices() {
		o.Choices = append(o.Choices, linear.Choice{Name: c.Name, Title: c.Title, About: c.About})
	}
	o.Open = func(name string) (*linear.Source, error) {
		if err := (&captureFlags{}).openable([]string{name}); err != nil {
			return nil, err
		}
		src, err := e.choose(name)
		return linearSource(src), err
	}
	if r != nil && r.secrets.Len() > 0 {
		o.Verify = r.secrets.Verify
	}
	o.Explain = func(w io.Writer, term string) error {
		return e.explain(export.NewPage(w, export.Options{Width: 1 << 16}), term)
	}
	if typed {
		o.Editor = e.edited
	}
	if err := linear.Run(ctx, o); err != nil {
		return err
	}
	if r != nil {
		r.remarks()
	}
	return nil
}

// linearSource is what the screen would look at, for the prompt.
func linearSource(s *tui.Source) *linear.Source {
	if s == nil {
		return nil
	}
	l := &linear.Source{Title: s.Title, Store: s.Store, Load: s.Load, Filter: s.Filter, Follow: s.Follow, Hidden: s.Hidden, Live: s.Live, Write: s.Write, Faults: s.Faults, Close: s.Close}
	if s.Keylog != nil {
		l.Keylog = func(path string) (*linear.Source, error) {
			again, err := s.Keylog(path)
			return linearSource(again), err
		}
	}
	return l
}

// edited changes a text in the editor of the user.
func (e *env) edited(ctx context.Context, text string) (string, error) {
	return live.EditOutside(ctx, text, func(c *exec.Cmd) error {
		c.Stdin, c.Stdout, c.Stderr = e.in, e.out, e.out
		return c.Run()
	})
}
