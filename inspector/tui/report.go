package tui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"
)

// Crash is the error of Run after a fault of the program itself. The terminal
// has been given back; what helps to find the fault is in a file.
type Crash struct {
	// Path is the report; empty where Err kept it from being written.
	Path string
	Err  error
	// Fault says in a few words what it was. It holds nothing from the wire.
	Fault string
}

func (c *Crash) Error() string {
	if c.Err != nil {
		return "a fault of xmppscope itself ended it (" + c.Fault + "); no report could be written: " + c.Err.Error()
	}
	return "a fault of xmppscope itself ended it (" + c.Fault + "); " + c.Path + " tells where, without anything from the wire"
}

func (c *Crash) Unwrap() error { return c.Err }

// keysKept is how many of the last actions a report names.
const keysKept = 20

// watchman writes down what a report needs, and makes it.
type watchman struct {
	pressed [keysKept]string // belongs to the event loop
	next    int
	fault   atomic.Pointer[fault]
}

// fault is a panic that was caught.
type fault struct {
	where, what, stack string
}

// noteKey remembers what was asked for, by the name of the action. What goes
// into a text or a list is not told.
func (u *ui) noteKey(key string) {
	name := "(typed)"
	if u.over == nil && u.cap != nil {
		name = "(none)"
		if a := u.keys.byKey[key]; a != nil {
			name = a.name
		}
	}
	w := &u.watchman
	w.pressed[w.next%keysKept] = name
	w.next++
}

// caught is deferred wherever a goroutine begins: a panic there ends the screen
// and not the program, which would leave the terminal as it is.
func (u *ui) caught(where string) {
	v := recover()
	if v == nil {
		return
	}
	u.watchman.fault.CompareAndSwap(nil, &fault{where, harmless(v), string(debug.Stack())})
	u.pump.stop()
}

// guarded is a loader that ends the screen where it panics, and not the program.
func (u *ui) guarded(load func(context.Context, func(done, total int64)) error) func(context.Context, func(done, total int64)) error {
	if load == nil {
		return nil
	}
	return func(ctx context.Context, progress func(done, total int64)) error {
		defer u.caught("the loader")
		return load(ctx, progress)
	}
}

// harmless is what a report may say of the value of a panic: what the runtime
// says holds numbers and types; anything else may quote what came in.
func harmless(v any) string {
	err, ok := v.(error)
	if !ok {
		return fmt.Sprintf("a %T", v)
	}
	var own runtime.Error
	if errors.As(err, &own) {
		return own.Error()
	}
	return fmt.Sprintf("a %T", v)
}

// crash writes the report and makes the error; nil where nothing was caught.
func (u *ui) crash() error {
	f := u.watchman.fault.Load()
	if f == nil {
		return nil
	}
	c := &Crash{Fault: f.what}
	c.Path, c.Err = writeReport(u.o.State, u.now(), u.reportText(f))
	if c.Err != nil {
		c.Path = ""
	}
	return c
}

func (u *ui) reportText(f *fault) string {
	var b strings.Builder
	w, h := u.surface.w, u.surface.h
	fmt.Fprintf(&b, "xmppscope %s, %s %s/%s\n", cmp.Or(u.o.Version, "of unknown version"), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	fmt.Fprintf(&b, "at %s, in %s: %s\n", u.now().UTC().Format(time.RFC3339), f.where, f.what)
	fmt.Fprintf(&b, "terminal %q, %d columns, %d lines, %d colours, characters %s, skin %q\n", os.Getenv("TERM"), w, h, u.surface.Colors(), u.surface.CharacterSet(), u.th.name)
	fmt.Fprintf(&b, "the last actions, latest first:")
	for i := range min(u.watchman.next, keysKept) {
		b.WriteString(" " + u.watchman.pressed[(u.watchman.next-1-i)%keysKept])
	}
	b.WriteString("\n\n" + f.stack)
	return b.String()
}

// writeReport puts a report into a folder, for its owner's eyes only.
func writeReport(dir string, at time.Time, text string) (string, error) {
	if dir == "" {
		return "", errors.New("no folder is set for it")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	path := filepath.Join(dir, fmt.Sprintf("crash-%s-%d.txt", at.UTC().Format("20060102-150405"), os.Getpid()))
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(text)
	return path, errors.Join(err, f.Close())
}
