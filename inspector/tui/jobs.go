package tui

import (
	"context"
	"sync"
	"time"
)

// jobs are what is done away from the event loop because it may take long: what
// a form begins. What came of each is taken over by the next tick.
type jobs struct {
	mu   sync.Mutex
	done []func()
	left []func() // what each does where nobody takes it over any more
	over bool
	wg   sync.WaitGroup
}

// away runs work in a goroutine of its own. What work gives is called in the
// event loop; where the screen is gone by then, lost is called instead.
func (u *ui) away(ctx context.Context, work func(context.Context) (taken, lost func())) {
	j := &u.jobs
	j.wg.Go(func() {
		defer u.caught("a job")
		taken, lost := work(ctx)
		j.mu.Lock()
		over := j.over
		if !over {
			j.done, j.left = append(j.done, taken), append(j.left, lost)
		}
		j.mu.Unlock()
		if over {
			lost()
			return
		}
		u.pump.wake()
	})
}

// takeOver calls what has come of jobs. It tells whether there was anything.
func (u *ui) takeOver() bool {
	u.jobs.mu.Lock()
	done := u.jobs.done
	u.jobs.done, u.jobs.left = nil, nil
	u.jobs.mu.Unlock()
	for _, f := range done {
		f()
	}
	return len(done) > 0
}

// stopJobs gives up what nobody waits for any more, once their context has
// ended.
func (u *ui) stopJobs(patience time.Duration) {
	u.jobs.mu.Lock()
	u.jobs.over = true
	left := u.jobs.left
	u.jobs.done, u.jobs.left = nil, nil
	u.jobs.mu.Unlock()
	for _, f := range left {
		f()
	}
	ended := make(chan struct{})
	go func() { u.jobs.wg.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(patience):
	}
}
