package captures

import (
	"context"
	"io"
	"os"
	"time"
)

// tailPause is how often a followed file is looked at again: short enough to
// feel live, long enough to cost nothing.
const tailPause = 100 * time.Millisecond

// tail reads a file that another program is still writing. At the end it waits;
// when the context is done it reports a plain end, so that what a half-written
// last record left behind is told as a truncation and not as a failure.
type tail struct {
	f   *os.File
	ctx context.Context
}

func (t *tail) Read(p []byte) (int, error) {
	for {
		n, err := t.f.Read(p)
		if n > 0 || (err != nil && err != io.EOF) {
			return n, err
		}
		select {
		case <-t.ctx.Done():
			return 0, io.EOF
		case <-time.After(tailPause):
		}
	}
}
