package captures

import (
	"math"
	"time"
)

const (
	// A reader is woken for many packets at once: for those of tapBreath, or for
	// tapMuch bytes. Where something has come in each of the last tapSteady
	// breaths, it takes long ones: every waking is felt by who forwards bytes.
	tapBreath = 5 * time.Millisecond
	tapLong   = 25 * time.Millisecond
	tapSteady = 20
	tapMuch   = 128 << 10
	tapQuiet  = 20          // breaths without anything until it wants to be woken
	tapLate   = time.Second // how often it says then that time passes
)

// noted wakes who waits for what was noted, and waits where it is too much.
func (t *Tap) noted() {
	if t.log.size >= t.wake {
		t.wake = math.MaxInt
		t.ring()
	}
	for t.log.size > tapAhead && !t.ended && !t.log.spill() {
		t.room.Wait()
	}
}

// wants tells whether to wait for the bell until so much is noted.
func (t *Tap) wants(size int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	wait := !t.ended && t.log.size < size
	t.wake = math.MaxInt
	if wait {
		t.wake = size
	}
	return wait
}

// await returns when something was noted, and a little after the first of it, so
// that more has come with it; or when the tap has ended. False where stop has.
// While something comes it looks by itself now and then: to be woken would cost
// who forwards bytes, and those wait for it. Where nothing comes for long it
// calls late now and then; nil: nobody asks.
func (t *Tap) await(stop <-chan struct{}, late func()) bool {
	length := tapBreath
	if t.steady >= tapSteady {
		length = tapLong
	}
	breath := time.NewTimer(length)
	defer breath.Stop()
	for quiet := 0; t.wants(tapMuch); quiet++ {
		select {
		case <-stop:
			return false
		case <-t.bell:
			return true
		case <-breath.C:
		}
		if !t.wants(1) {
			t.steady++
			return true
		}
		t.steady = 0
		for quiet >= tapQuiet && t.wants(1) {
			var clock <-chan time.Time
			if late != nil {
				clock = time.After(tapLate)
			}
			select {
			case <-stop:
				return false
			case <-t.bell:
				quiet = 0
			case <-clock:
				late()
			}
		}
		breath.Reset(tapBreath)
	}
	return true
}

// ring wakes who makes packets.
func (t *Tap) ring() {
	select {
	case t.bell <- struct{}{}:
	default:
	}
}
