package tui

import (
	"cmp"
	"context"
	"os"
	"runtime"
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
	ti, err := describe(os.Getenv("TERM"))
	if err != nil || runtime.GOOS == "windows" {
		return tcell.NewScreen()
	}
	tty, err := tcell.NewDevTty()
	if err != nil {
		return nil, err
	}
	return tcell.NewTerminfoScreenFromTtyTerminfo(&keyboard{Tty: tty}, unpadded(ti))
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
	defer keysFirst()()
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
	app.SetInputCapture(quitByTable)
	u.monochrome = os.Getenv("NO_COLOR") != ""
	sf.ascii = sf.ascii || o.ASCII || poor(os.Getenv("TERM"))
	u.dress(o.Style)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	u.ctx = ctx
	u.build()
	app.SetRoot(u.root, true)
	stopWatch := context.AfterFunc(ctx, u.pump.stop)
	defer stopWatch()
	if o.Screen == nil {
		defer u.signals.listen(u.pump.wake)()
	}
	go func() {
		defer u.caught("the pump")
		u.pump.run(u.live, u.busy.Load)
	}()
	err = u.show()
	u.pump.stop()
	if u.watchman.fault.Load() == nil {
		<-u.pump.stopped // else it may wait for an event loop that is gone
	}
	cancel()
	u.end()
	return cmp.Or(u.crash(), err, lost)
}

// outside is what the program is to the terminal and to the system.
type outside struct {
	signals  signals
	watchman watchman
}

// show runs the event loop. A panic in it ends it; tview has given the terminal
// back by then.
func (u *ui) show() error {
	defer u.caught("the event loop")
	return u.app.Run()
}

// end gives the source up, also where a fault has left things half done.
func (u *ui) end() {
	defer u.caught("leaving")
	u.stopJobs(patience)
	u.shut()
}

// quitByTable keeps tview from ending the program at Ctrl-C by itself: the table
// of keys says what is asked before. tview lets a copy of the key pass.
func quitByTable(ev *tcell.EventKey) *tcell.EventKey {
	if ev.Key() == tcell.KeyCtrlC {
		return tcell.NewEventKey(tcell.KeyCtrlC, 0, tcell.ModCtrl)
	}
	return ev
}
