package main

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"xmppscope/inspector/tui"
)

// This file runs commands inside a screen that is there already: what one would
// show in a screen of its own is handed to that, what it writes becomes a text.

// host is where a command inside a screen hands over what it shows.
type host struct{ shown chan *tui.Source }

// show is env.show on the screen that is there. It returns when what is shown is
// looked at no more.
func (h *host) show(ctx context.Context, r *reading, src *tui.Source) error {
	closed := make(chan struct{})
	done := sync.OnceFunc(func() { close(closed) })
	release := src.Close
	src.Close = func() {
		if release != nil {
			release()
		}
		done()
	}
	if r != nil && r.secrets.Len() > 0 {
		src.Verify = r.secrets.Verify
	}
	select {
	case h.shown <- src:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-closed:
	case <-ctx.Done():
	}
	return nil
}

// guests are the commands that run inside a screen.
type guests struct {
	ctx  context.Context
	stop context.CancelFunc
	tree func(*env) *cobra.Command
	wg   sync.WaitGroup
}

func newGuests(ctx context.Context, tree func(*env) *cobra.Command) *guests {
	g := &guests{tree: tree}
	g.ctx, g.stop = context.WithCancel(context.WithoutCancel(ctx))
	return g
}

// end stops them and waits until all they write is whole.
func (g *guests) end() {
	g.stop()
	g.wg.Wait()
}

// run runs a command line until it has something to show, or has ended; then the
// text is what it wrote.
func (g *guests) run(ctx context.Context, args []string) (*tui.Source, string, error) {
	h := &host{shown: make(chan *tui.Source)}
	out := &written{}
	e := &env{streams: &streams{in: strings.NewReader(""), out: out, err: out}, host: h}
	run, stop := context.WithCancel(g.ctx)
	ended := make(chan error, 1)
	g.wg.Go(func() {
		defer stop()
		defer e.close()
		root := g.tree(e)
		root.SetArgs(args)
		ended <- root.ExecuteContext(run)
	})
	select {
	case src := <-h.shown:
		return src, "", nil
	case err := <-ended:
		var quiet errQuiet
		if errors.As(err, &quiet) {
			err = nil // what it had to say was said
		}
		return nil, out.String(), err
	case <-ctx.Done():
		stop()
		<-ended
		return nil, "", ctx.Err()
	}
}

// written is what a command writes, on both streams, from any goroutine.
type written struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// maxWritten bounds it: nobody reads more on a screen.
const maxWritten = 4 << 20

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.text.Len() < maxWritten {
		w.text.Write(p)
	}
	return len(p), nil
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.text.Len() == 0 {
		return "It was done without a word."
	}
	return w.text.String()
}

// formFault says at which field of a form an error belongs.
func formFault(err error, command string, fields []tui.FormField, values map[string][]string) error {
	_, what, hint := judge(err)
	if err == nil || what == "" {
		return err
	}
	if command != "" {
		what = strings.TrimPrefix(what, command+": ")
	}
	at := &tui.FormError{Text: what, Hint: hint}
	has := func(name string) bool {
		return slices.ContainsFunc(fields, func(f tui.FormField) bool { return f.Name == name })
	}
	for _, text := range []string{what, hint} {
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t,:;=\"", r) }) {
			if name, ok := strings.CutPrefix(word, "--"); ok && has(name) && at.Field == "" {
				at.Field = name
			}
		}
	}
	for name, all := range values {
		for _, v := range all {
			if at.Field == "" && v != "" && v != "true" && strings.HasPrefix(what, v+":") {
				at.Field = name
			}
		}
	}
	if at.Field != "" {
		at.Text = strings.TrimPrefix(at.Text, "--"+at.Field+": ")
	}
	return at
}

// commandOf finds a command with the defaults that the configuration gives it.
func commandOf(root *cobra.Command, name string) *cobra.Command {
	c := find(root, name)
	c.Flags().SortFlags = false
	_ = applyConfig(c) // what is wrong with it is told when the command runs
	return c
}

// isSecret tells which flags hold passwords.
func isSecret(f *pflag.Flag) bool { return f.Name == "password" || f.Name == "account" }
