package tui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gdamore/tcell/v2"

	"xmppscope/inspector"
)

// actorList lists who takes part: to call them by other names, to put them in
// another order, and to follow one of them.
type actorList struct {
	u           *ui
	cursor, top int
	body        canvas
	typing      bool
	typed       editor
}

// showActors opens the list at who sent the selected event.
func (u *ui) showActors() {
	p := u.cap.cast()
	if len(p.actors) == 0 {
		u.say(noteInfo, "nobody takes part yet")
		return
	}
	l := &actorList{u: u}
	if row := u.cap.row(); row >= 0 {
		r := u.cap.store.Row(row)
		l.cursor = p.of[r.Conn()][r.Dir()]
	}
	u.over = l
}

func (l *actorList) draw(c canvas) {
	p := l.u.cap.cast()
	in := window(c.sub(0, 0, c.w, c.h-1), l.u.th, "Who takes part: "+thousands(len(p.actors)), min(c.w, 90), min(c.h-1, len(p.actors)+6))
	in.text(0, 0, in.w, pick(l.typing, "A name for "+inspector.Disarm(p.actors[l.cursor].address)+"; Enter keeps it, empty takes it away", "The ladder (l) shows them in this order."), l.u.th.dim)
	l.body = in.sub(0, 2, in.w, in.h-2)
	l.move(0)
	if l.cursor < l.top {
		l.top = l.cursor
	}
	if l.cursor >= l.top+l.body.h {
		l.top = l.cursor - l.body.h + 1
	}
	for y := 0; y < l.body.h && l.top+y < len(p.actors); y++ {
		l.drawRow(y, l.top+y, &p.actors[l.top+y])
	}
}

func (l *actorList) drawRow(y, i int, a *actor) {
	th, b := l.u.th, l.body
	style, dim, sign := th.base, th.dim, "  "
	if i == l.cursor {
		style, dim, sign = reversed(style), reversed(style), "▶ "
		b.fill(0, y, b.w, " ", style)
	}
	x := b.text(0, y, 2, sign, style)
	nameWidth := min(24, b.w/3)
	if i == l.cursor && l.typing {
		l.typed.draw(b.sub(x, y, nameWidth, 1), 0, 0, th.base, -1)
	} else {
		b.text(x, y, nameWidth, inspector.Disarm(a.name), style.Bold(true))
	}
	x += nameWidth + 1
	right := plural(a.convs, "conversation")
	b.text(x, y, b.w-x-width(right)-2, inspector.Disarm(a.address), style)
	b.text(b.w-width(right)-1, y, width(right), right, dim)
}

func (l *actorList) move(n int) {
	l.cursor = max(0, min(l.cursor+n, len(l.u.cap.cast().actors)-1))
}

func (l *actorList) key(ev *tcell.EventKey) bool {
	name := keyName(ev)
	if l.typing {
		return l.typeKey(ev, name)
	}
	switch name {
	case "j", "Down":
		l.move(1)
	case "k", "Up":
		l.move(-1)
	case "PgDn":
		l.move(max(1, l.body.h-1))
	case "PgUp":
		l.move(-max(1, l.body.h-1))
	case "Home", "g":
		l.move(-len(l.u.cap.cast().actors))
	case "End", "G":
		l.move(len(l.u.cap.cast().actors))
	case "<", "-":
		l.shift(-1)
	case ">", "+":
		l.shift(1)
	case "Enter", "e", "r":
		l.typing = true
		l.typed.set(l.u.cap.cast().actors[l.cursor].name)
	case "f":
		l.follow()
	case "Esc", "q", "a":
		l.u.close()
	default:
		return false
	}
	return true
}

// maxActorName bounds a name, in bytes.
const maxActorName = 200

func (l *actorList) typeKey(ev *tcell.EventKey, name string) bool {
	switch name {
	case "Enter":
		a := &l.u.cap.cast().actors[l.cursor]
		text := strings.TrimSpace(l.typed.text)
		l.typing = false
		if len(text) <= maxActorName {
			l.u.cap.store.Actors().Name(a.address, text, a.rank)
		}
	case "Esc":
		l.typing = false
	default:
		return l.typed.key(ev)
	}
	return true
}

// shift moves the marked actor up or down among the others.
func (l *actorList) shift(n int) {
	all := slices.Clone(l.u.cap.cast().actors)
	to := l.cursor + n
	if to < 0 || to >= len(all) {
		return
	}
	all[l.cursor], all[to] = all[to], all[l.cursor]
	// Only those up to the last one that was moved need a place.
	last := max(l.cursor, to)
	for i := range all {
		if all[i].rank > 0 {
			last = max(last, i)
		}
	}
	for i := range all[:last+1] {
		l.u.cap.store.Actors().Name(all[i].address, all[i].name, i+1)
	}
	l.cursor = to
}

// follow shows only what the marked actor takes part in.
func (l *actorList) follow() {
	c := l.u.cap
	p := c.cast()
	var ids []string
	for i := range c.convs {
		if two := p.of[c.convs[i].Conn]; two[0] == l.cursor || two[1] == l.cursor {
			ids = append(ids, strconv.Itoa(int(c.convs[i].Conn)))
		}
	}
	l.u.close()
	if len(ids) == 1 {
		for i := range c.convs {
			if strconv.Itoa(int(c.convs[i].Conn)) == ids[0] {
				l.u.convs.choose(i + 1)
			}
		}
		l.u.say(noteInfo, "showing what "+p.actors[l.cursor].label(40)+" takes part in; Shift-Tab chooses another conversation")
		return
	}
	text := "conn in [" + strings.Join(ids, ", ") + "]"
	f, err := inspector.Compile(text)
	if err != nil {
		l.u.say(noteBad, "too many conversations to follow at once: "+wire(err.Error()))
		return
	}
	l.u.convs.choose(0)
	c.setFilter(text, f)
	l.u.say(noteInfo, "showing what "+p.actors[l.cursor].label(40)+" takes part in; f changes the filter, empty shows all")
}

func (l *actorList) paste(text string) {
	if l.typing {
		l.typed.insert(text)
	}
}

func (l *actorList) mouse(x, y, wheel int) {
	switch {
	case wheel != 0:
		l.move(wheel)
	case l.body.contains(x, y) && !l.typing:
		l.cursor = l.top + y - l.body.y
		l.move(0)
	}
}

func (l *actorList) hints() []hint {
	if l.typing {
		return []hint{{"Enter", "keep the name"}, {"Esc", "leave it"}}
	}
	return []hint{{"↑ ↓", "choose"}, {"Enter", "rename"}, {"< >", "move"}, {"f", "follow"}, {"Esc", "back"}}
}
