package decode

import "time"

// keepaliveAlone is the shortest time between blanks that are sent for their own
// sake (RFC 6120 §4.6.1).
const keepaliveAlone = time.Second

// stall notes how long a direction has said nothing more of a unit that it has
// begun; until is when that was seen, next what came then.
func (c *Conn) stall(dir Dir, until time.Time, next []byte) {
	h := &c.half[dir]
	if h.mode != asXML || h.framer.Pending() == 0 {
		return
	}
	wait := until.Sub(h.pushed)
	if !h.framer.Blank() {
		h.pause = max(h.pause, wait)
		return
	}
	// A run of white space ends where something else comes, so it holds many
	// keepalives.
	if len(next) > 0 && isSpace(next) && wait >= keepaliveAlone && (h.pause == 0 || wait < h.pause) {
		h.pause = wait
	}
}

// paused takes what stall has noted, for the unit that is complete now.
func (h *half) paused() time.Duration {
	d := h.pause
	h.pause = 0
	return d
}
