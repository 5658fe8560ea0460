package tui

import (
	"time"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// slice is how long work that a million events make may keep a key waiting.
const slice = 8 * time.Millisecond

// update takes new rows into the view. It tells whether more are waiting.
func (c *capture) update() (more bool) {
	more = c.session.Update(slice)
	c.waiting = more
	if c.follow && !more {
		c.session.Last()
	}
	return more
}

// line is the line of the view that is selected, -1 where there is none.
func (c *capture) line() int { return c.session.Line() }

// row is the selected row of the store, -1 for none.
func (c *capture) row() int { return c.session.Row() }

// moveTo selects line i of the view; it tells whether there is one.
func (c *capture) moveTo(i int) bool {
	if i < 0 || i >= c.view.Len() {
		return false
	}
	c.follow = false
	return c.session.Select(c.view.RowAt(i))
}

// setConn shows one conversation, or all for 0, and keeps the cursor on its
// event or near to it.
func (c *capture) setConn(id decode.ConnID) {
	if id != c.conn {
		c.conn = id
		c.session.SetConn(id)
		c.update()
	}
}

// setFilter shows the events for which f holds.
func (c *capture) setFilter(text string, f *inspector.Filter) {
	c.filterText = text
	c.session.SetFilter(f)
	c.update()
}

// remember keeps a row to go back to.
func (c *capture) remember(row int) {
	const most = 100
	c.back = append(c.back, row)
	if len(c.back) > most {
		c.back = c.back[1:]
	}
}

func (c *capture) recall() (int, bool) {
	n := len(c.back)
	if n == 0 {
		return 0, false
	}
	row := c.back[n-1]
	c.back = c.back[:n-1]
	return row, true
}

// whoSet is the event that gave a variable the value it has after row; 0
// where that is not known.
func (c *capture) whoSet(row int, name string) decode.Seq {
	if i, ok := c.store.WhoSet(row, name); ok {
		return c.store.Row(i).Seq()
	}
	return 0
}
