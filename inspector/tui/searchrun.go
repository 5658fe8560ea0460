package tui

import (
	"context"
	"sync/atomic"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// searchIn is where and for what a search looks. It reads the store only, so
// it may run beside everything else.
type searchIn struct {
	store  *inspector.Store
	conn   decode.ConnID // 0 for all
	shown  *inspector.Filter
	wanted *inspector.Filter
	from   int // the row that it starts behind
	dir    int
	n      int // rows there were when it began
}

// run looks at every row once, from the one behind the start around to the
// start itself.
func (s searchIn) run(ctx context.Context, looked *atomic.Int64) (row int, wraps bool) {
	i := s.from
	for k := range s.n {
		i += s.dir
		if i >= s.n {
			i, wraps = 0, true
		}
		if i < 0 {
			i, wraps = s.n-1, true
		}
		if k%64 == 0 {
			looked.Store(int64(k))
			if ctx.Err() != nil {
				return -1, false
			}
		}
		if s.conn != 0 && s.store.Row(i).Conn() != s.conn {
			continue
		}
		if s.wanted.MatchRow(s.store, i) && s.shown.MatchRow(s.store, i) {
			return i, wraps
		}
	}
	return -1, false
}
