package tui

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/rivo/tview"
)

// frame is the shortest time between two redraws that no key asked for: 30 a
// second.
const frame = time.Second / 30

// pump is the only goroutine that asks tview to draw by itself. Producers of
// any kind set the dirty flag and go on; tview's queue, which waits until an
// update was carried out and for ever once the application has stopped, is
// out of their reach. It is also the only one that stops the application, so
// that it never waits for an update that will not come.
type pump struct {
	app     *tview.Application
	tick    func() bool // runs in the event loop; tells whether anything changed
	dirty   atomic.Bool
	wakeup  chan struct{}
	quit    chan struct{}
	once    sync.Once
	stopped chan struct{}
}

func newPump(app *tview.Application, tick func() bool) *pump {
	return &pump{app: app, tick: tick, wakeup: make(chan struct{}, 1), quit: make(chan struct{}), stopped: make(chan struct{})}
}

// wake asks for a redraw soon. It never blocks.
func (p *pump) wake() {
	p.dirty.Store(true)
	select {
	case p.wakeup <- struct{}{}:
	default:
	}
}

// stop ends the application; Run then returns. It never blocks and may be
// called from anywhere, any number of times.
func (p *pump) stop() { p.once.Do(func() { close(p.quit) }) }

// run redraws when something is dirty until stop is called. live tells whether
// to look by itself, as a store that grows does not call anyone; busy, whether
// the last tick left work that should go on at once.
func (p *pump) run(live, busy func() bool) {
	defer close(p.stopped)
	defer p.app.Stop()
	t := time.NewTicker(frame)
	defer t.Stop()
	var drawn time.Time
	for {
		if !busy() {
			select {
			case <-p.quit:
				return
			case <-t.C:
			}
		}
		woken := p.dirty.Swap(false)
		if !woken && !live() {
			// Nothing can happen before someone wakes us: do not burn a laptop's
			// battery with thirty looks a second.
			select {
			case <-p.quit:
				return
			case <-p.wakeup:
			}
			continue
		}
		select {
		case <-p.quit:
			return
		default:
		}
		p.app.QueueUpdate(func() {
			changed := p.tick()
			switch {
			case !changed && !woken:
			case time.Since(drawn) < frame/2:
				p.dirty.Store(true) // with the next frame
			default:
				p.app.ForceDraw()
				drawn = time.Now()
			}
		})
	}
}
