package sandbox

import (
	"context"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"xmppscope/lessons/practice"
)

// lost is a connection that is lost in writing first: its reader learns of it when
// it is told.
type lost struct {
	net.Conn
	broken atomic.Bool
	told   chan struct{}
}

func (l *lost) Write(p []byte) (int, error) {
	if l.broken.Load() {
		return 0, io.ErrClosedPipe
	}
	return l.Conn.Write(p)
}

func (l *lost) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	if err != nil {
		<-l.told
	}
	return n, err
}

// TestLostInWriting: a session whose connection is lost while something is being
// sent to it can be resumed, however much comes for it before that is noticed.
func TestLostInWriting(t *testing.T) {
	o := Options{}
	o.Limits.Resume = time.Hour
	inBubble(t, o, func(t *testing.T, s *house) {
		romeo := s.online("romeo", "orchard")
		near, far := net.Pipe()
		l := &lost{Conn: far, told: make(chan struct{})}
		go s.Handle(l, StartTLS)
		first := true
		juliet := s.actor(func(o *practice.Options) {
			dial := o.Dial
			o.Dial = func(ctx context.Context) (net.Conn, error) {
				if first {
					first = false
					return near, nil
				}
				return dial(ctx)
			}
		})
		juliet.login("juliet")
		juliet.do("bind balcony\nsm\npresence\nS: presence from=juliet@localhost/balcony")
		romeo.do("S: presence from=juliet@localhost/balcony")
		l.broken.Store(true)
		for _, id := range []string{"1", "2"} {
			romeo.do("C: <message to='juliet@localhost/balcony' id='" + id + "'><body>a</body></message>\nping")
			synctest.Wait()
		}
		close(l.told)
		juliet.do("cut")
		synctest.Wait()
		juliet.login("juliet")
		juliet.do("resume\nS: message id=1\nS: message id=2\nping")
	})
}
