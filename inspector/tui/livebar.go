package tui

import (
	"strings"

	"xmppscope/inspector/gate"
)

// modeWord says in capitals what happens to what comes.
func modeWord(m gate.Mode) string {
	switch m {
	case gate.Paused:
		return "PAUSED"
	case gate.UntilPhase:
		return "TO NEXT PHASE"
	}
	return "RUNNING"
}

// drawLive is the line of a live source below the header: what happens to what
// comes, what must not be overlooked, and where clients are taken.
func (u *ui) drawLive(c canvas) {
	th, s := u.th, &u.queue.status
	x := 1
	if !u.isLive() {
		c.text(x, 0, c.w-x, "ENDED: nothing is live any more; what was said stays here, o begins something else", th.dim)
		return
	}
	x = c.text(x, 0, c.w-x, " "+modeWord(s.Mode)+" ", th.barStrong)
	for _, a := range s.Alerts {
		if word, _, _ := strings.Cut(a, ":"); c.w < wideFrom {
			a = word // L tells all
		}
		x = c.text(x+1, 0, c.w-x-1, "! "+wire(a), th.bad)
		x = c.text(x, 0, c.w-x, " ·", th.base)
	}
	var parts []string
	if s.Binding != "" && s.Binds {
		parts = append(parts, s.Binding) // L tells what that means
	}
	parts = append(parts, plural(s.Open, "connection")+" open")
	if len(s.Listening) > 0 {
		parts = append(parts, "listening "+strings.Join(s.Listening, ", "))
	}
	if s.Recording != "" {
		parts = append(parts, "recording "+s.Recording)
	}
	c.text(x+1, 0, c.w-x-2, wire(strings.Join(parts, " · ")), th.base)
}

// showLive tells all of the line, which may be cut.
func (u *ui) showLive() {
	if u.cap.src.Live == nil {
		u.say(noteInfo, "this is a recording: nothing is live here")
		return
	}
	s := &u.queue.status
	b := newBuilder(u.th)
	b.labelled("Mode", modeWord(s.Mode)+": "+modeHelp(s.Mode), u.th.base)
	for _, a := range s.Alerts {
		b.labelled("Careful", capped(a, 1000), u.th.bad)
	}
	for _, l := range s.Listening {
		b.labelled("Door", capped(l, 200), u.th.base)
	}
	b.labelled("Open", plural(s.Open, "connection"), u.th.base)
	if s.Recording != "" {
		b.labelled("File", capped(s.Recording, 400)+" is written; xmppscope open shows it again", u.th.base)
	}
	for i, a := range s.Accounts {
		b.labelled(pick(i == 0, "Accounts", ""), capped(a, 200), u.th.base)
	}
	if text := s.BindingText(); text != "" {
		b.labelled("Binding", capped(text, 1000), u.th.base)
	}
	r := &reader{u: u, title: "Live", page: &b.p, again: func() {}}
	r.keys = []hint{{"↑ ↓", "scroll"}, {"y", "copy"}, {"Esc", "back"}}
	u.over = r
}

func modeHelp(m gate.Mode) string {
	switch m {
	case gate.Paused:
		return "everything that comes is held. s lets one unit go, n goes on to the next phase, c lets everything go"
	case gate.UntilPhase:
		return "everything goes on until one side says something of another phase"
	}
	return "everything goes on, but for what a breakpoint or a rule holds. p holds all that comes"
}
