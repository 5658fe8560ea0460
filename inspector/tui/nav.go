package tui

import (
	"xmppscope/decode"
	"xmppscope/inspector"
)

// update takes new rows into the view. It tells whether more are waiting.
func (c *capture) update() bool {
	c.view.Update()
	return false
}

// find is the line of the view that shows a row.
func (c *capture) find(row int) (int, bool) {
	i := c.view.Find(row)
	return i, i >= 0 && i < c.view.Len() && c.view.RowAt(i) == row
}

// setConn shows one conversation, or all for 0, and keeps the cursor near the
// row it stood on.
func (c *capture) setConn(id decode.ConnID) {
	if id == c.conn {
		return
	}
	row := c.row()
	c.conn = id
	c.view.SetConn(id)
	c.near(row)
}

// setFilter shows the events for which f holds.
func (c *capture) setFilter(text string, f *inspector.Filter) {
	row := c.row()
	c.filterText, c.filter = text, f
	c.view.SetFilter(f)
	c.near(row)
}

// near puts the cursor on the row, or on the next one that is shown.
func (c *capture) near(row int) {
	i := 0
	if row >= 0 {
		i = c.view.Find(row)
	}
	c.cursor = max(0, min(i, c.view.Len()-1))
}

// nextPhase is the line of the next event in another phase of the cursor's
// conversation; -1 for none.
func (c *capture) nextPhase() int {
	t, now := c.track()
	if now < 0 || now+1 >= len(t.stages) {
		return -1
	}
	i, _ := c.find(t.stages[now+1].first)
	return i
}

// previousPhase is the first line of the cursor's phase, or of the one before
// where the cursor stands there already.
func (c *capture) previousPhase() int {
	t, now := c.track()
	if now < 0 {
		return -1
	}
	if c.row() == t.stages[now].first {
		now--
	}
	if now < 0 {
		return -1
	}
	i, _ := c.find(t.stages[now].first)
	return i
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

// whoSet finds the event that gave a variable the value it has after row.
func (c *capture) whoSet(row int, name string) decode.Seq {
	var get func(*decode.State) string
	for _, v := range decode.Vars() {
		if v.Name == name {
			get = v.Get
		}
	}
	if get == nil {
		return 0
	}
	conn := c.store.Row(row).Conn()
	value := get(c.store.StateAt(row))
	last := row
	for i := row - 1; i >= 0 && row-i < maxLookBack; i-- {
		if c.store.Row(i).Conn() != conn {
			continue
		}
		if s := c.store.StateAt(i); s == nil || get(s) != value {
			break
		}
		last = i
	}
	return c.store.Row(last).Seq()
}
