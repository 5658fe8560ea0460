package captures

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"xmppscope/decode"
)

// TestATapWakesItsReaderRarely: where something passes all the time, for much of
// it at once; where little does, soon.
func TestATapWakesItsReaderRarely(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tap := NewTap(TapOptions{Live: true})
		var wakings, came, late atomic.Int64 // late: the longest that a piece waited
		src, err := tap.Input().source(context.Background(), OpenOptions{Idle: func() { wakings.Add(1) }})
		if err != nil {
			t.Fatal(err)
		}
		const pieces = 2000
		done := make(chan bool)
		go func() {
			defer close(done)
			var p Packet
			for {
				if err := src.Next(&p); errors.Is(err, io.EOF) {
					return
				} else if err != nil {
					t.Error(err)
					return
				}
				came.Add(1)
				late.Store(max(late.Load(), int64(time.Since(time.Unix(0, p.Time)))))
			}
		}()
		tap.Open(1, false, tapClient, tapDoor, time.Now())
		say := func() { tap.Data(1, false, decode.FromInitiator, time.Now(), []byte("<r/>")) }
		synctest.Wait()
		for range pieces {
			say()
			time.Sleep(time.Millisecond)
		}
		span := pieces * time.Millisecond
		if n, most := wakings.Load(), int64(tapSteady+span/tapLong+2); n > most {
			t.Errorf("the reader was woken %d times in %v, more than %d", n, span, most)
		}
		if d := time.Duration(late.Load()); d > tapLong {
			t.Errorf("something waited for %v", d)
		}
		time.Sleep(2 * tapLong)
		for range 100 { // little passes
			time.Sleep(2 * tapBreath)
			before := came.Load()
			say()
			time.Sleep(tapBreath)
			if synctest.Wait(); came.Load() != before+1 {
				t.Fatal("it waits for more than a breath although nothing else has come")
			}
		}
		tap.Close()
		<-done
		src.Close()
		if n := came.Load(); n != 3+pieces+100 { // the handshake of TCP before them
			t.Errorf("%d packets came, not %d", n, 3+pieces+100)
		}
	})
}
