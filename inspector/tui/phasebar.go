package tui

import (
	"strings"

	"github.com/rivo/tview"

	"xmppscope/inspector"
)

// phaseBar is one row with the phases that a conversation went through, and
// the one that the selected event is in: the program counter.
type phaseBar struct {
	*tview.Box
	u      *ui
	starts []int // columns of the stages of the last draw, for the mouse
	from   int   // first stage drawn
}

func newPhaseBar(u *ui) *phaseBar { return &phaseBar{Box: tview.NewBox(), u: u} }

const phaseGap = " ▸ "

func (p *phaseBar) draw(c canvas) {
	u := p.u
	p.starts = p.starts[:0]
	t, now := u.currentTrack()
	t, now = u.cap.veiled(t, now)
	if len(t.stages) == 0 {
		c.text(1, 0, c.w-1, "the phases of the conversation will stand here", u.th.dim)
		return
	}
	c = p.drawStanding(c, t)
	p.from = p.window(t, now, c.w-2)
	x := 1
	if p.from > 0 {
		x = c.text(x, 0, c.w-x, "… ▸ ", u.th.dim)
	}
	for i := p.from; i < len(t.stages); i++ {
		if i > p.from {
			if x+4 > c.w {
				break
			}
			x = c.text(x, 0, c.w-x, phaseGap, u.th.dim)
		}
		style, text := u.th.base, p.text(&t.stages[i])
		if i > p.from && i != now && x+width(text) >= c.w {
			c.text(x, 0, 1, "…", u.th.dim)
			break
		}
		switch s := &t.stages[i]; {
		case s.bad || s.found[inspector.LevelError] > 0:
			style = u.th.bad
		case s.found[inspector.LevelWarning] > 0:
			style = u.th.warn
		}
		p.starts = append(p.starts, x)
		if i == now {
			text, style = "["+text+"]", style.Bold(true).Reverse(true)
		}
		x = c.text(x, 0, c.w-x-1, text, style)
	}
	p.starts = append(p.starts, x)
}

// drawStanding writes at the right end how things stand, and returns what is left
// for the phases. They come first: it gets what they leave, but for a share that
// is always its own.
func (p *phaseBar) drawStanding(c canvas, t *track) canvas {
	total := 2
	for i := range t.stages {
		total += width(p.text(&t.stages[i])) + width(phaseGap)
	}
	spare := c.w - total - 3
	text := p.u.standing(min(max(spare, c.w/4), c.w/2), spare)
	if text == "" {
		return c
	}
	at := c.w - width(text) - 1
	c.text(at, 0, width(text), text, p.u.th.strong)
	c.text(at-2, 0, 1, "│", p.u.th.dim)
	return c.sub(0, 0, at-3, c.h)
}

// window is the first stage to draw so that the current one and, where there
// is room, what comes next can be seen.
func (p *phaseBar) window(t *track, now, room int) int {
	if now < 0 {
		now = 0
	}
	total := 0
	for i := range t.stages {
		total += width(p.text(&t.stages[i])) + width(phaseGap)
	}
	if total <= room {
		return 0
	}
	used, from := 2, min(now+1, len(t.stages)-1)
	for i := from; i >= 0; i-- {
		used += width(p.text(&t.stages[i])) + width(phaseGap)
		if used > room-4 && i < now {
			break
		}
		from = i
	}
	return from
}

// text is the name of a stage with its mechanism, how it went and what was found
// in it.
func (p *phaseBar) text(s *stage) string {
	if p.u.cap.veil != 0 {
		return s.label
	}
	for ; s.named < len(s.logins); s.named++ {
		if name := p.u.cap.mechanismAt(s.logins[s.named]); !strings.HasSuffix(s.label, name) {
			s.label += name
		}
	}
	counted := s.found
	counted[inspector.LevelError] += s.failures
	switch counts := counted.signs(); {
	case counted[inspector.LevelError] == 0 && s.bad: // what is wrong is not judged yet
		return strings.TrimSuffix(s.label+" ✗ "+counts, " ")
	case counts != "":
		return s.label + " " + counts
	}
	return s.label
}

// click goes to the first event of a stage.
func (p *phaseBar) click(c canvas, x int) {
	t, now := p.u.currentTrack()
	t, _ = p.u.cap.veiled(t, now)
	for i := 0; i+1 < len(p.starts); i++ {
		if x-c.x >= p.starts[i] && x-c.x < p.starts[i+1] && p.from+i < len(t.stages) {
			p.u.goNear(t.stages[p.from+i].first)
			return
		}
	}
}
