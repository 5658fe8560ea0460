package captures

import "slices"

// Where keys may still come, records of TLS wait for them: in a connection that
// stays silent they are read as soon as the keys are there.

// lock notes a conversation that waits for keys. Those that are over make room.
func (d *desk) lock(c *conversation) {
	if d.o.Hold == 0 || c.locked || c.conn == nil || !c.conn.Waits() {
		return
	}
	if len(d.locked) == cap(d.locked) {
		d.locked = slices.DeleteFunc(d.locked, func(c *conversation) bool { return c.conn == nil })
	}
	c.locked = true
	d.locked = append(d.locked, c)
}

// unlock reads what the keys that have come are for.
func (d *desk) unlock() {
	waiting := d.locked
	d.locked = nil
	for _, c := range waiting {
		c.locked = false
		if c.conn == nil {
			continue
		}
		d.emit(c, c.conn.Unlock(), 0)
		d.turn(c)
		if c.stage == onTrial {
			d.judge(c)
		}
		d.lock(c)
	}
}
