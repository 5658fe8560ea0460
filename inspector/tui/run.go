package tui

import (
	"context"
	"os"
	"time"

	"github.com/gdamore/tcell/v2"
	"github.com/gdamore/tcell/v2/terminfo"
	"github.com/rivo/tview"
)

// patience is how long leaving waits for a loader that does not end.
const patience = time.Second

// newScreen takes the terminal. Where its description asks for pauses after
// every move, as that of a vt100 does, tcell would sleep them all: a screen of
// them takes seconds, and no terminal of today needs one.
func newScreen() (tcell.Screen, error) {
	if ti, err := tcell.LookupTerminfo(os.Getenv("TERM")); err == nil && ti.PadChar != "" {
		return tcell.NewTerminfoScreenFromTtyTerminfo(nil, unpadded(ti))
	}
	return tcell.NewScreen()
}

func unpadded(ti *terminfo.Terminfo) *terminfo.Terminfo {
	quick := *ti
	quick.PadChar = ""
	return &quick
}

// Run shows the interface and returns when the person leaves it or ctx ends.
// It takes the terminal over for that time. All its goroutines have ended when
// it returns, but for a Load that ignores its context for a second; then
// Source.Close is not called either.
//
// The error is about the terminal. What goes wrong with a capture is shown on
// the screen.
func Run(ctx context.Context, o Options) error {
	screen := o.Screen
	if screen == nil {
		// A character set that tcell does not know is no reason to give up.
		tcell.SetEncodingFallback(tcell.EncodingFallbackASCII)
		s, err := newScreen()
		if err != nil {
			return err
		}
		screen = s
	}
	app := tview.NewApplication()
	u := &ui{o: o, app: app, keys: newKeyTable()}
	u.pump = newPump(app, u.tick)
	var lost error
	sf, err := newSurface(screen, func(err error) {
		lost = err
		u.pump.stop()
	})
	if err != nil {
		return err
	}
	u.surface = sf
	app.SetScreen(sf).EnableMouse(true).EnablePaste(true)
	u.th = newTheme(o.Style, o.NoColor || os.Getenv("NO_COLOR") != "" || screen.Colors() == 0)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	u.ctx = ctx
	u.build()
	app.SetRoot(u.root, true)
	stopWatch := context.AfterFunc(ctx, u.pump.stop)
	defer stopWatch()
	go u.pump.run(u.live, u.busy.Load)
	err = app.Run()
	u.pump.stop()
	<-u.pump.stopped
	cancel()
	u.stopJobs(patience)
	u.shut()
	if err == nil {
		err = lost
	}
	return err
}
