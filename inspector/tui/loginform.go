package tui

import (
	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/inspector/live"
)

// loginForm edits what a login says, decoded: a line for each field. The base64
// is made of them again, and nothing else of the unit changes.
type loginForm struct {
	u      *ui
	seq    decode.Seq
	title  string
	login  *live.Login
	typed  []editor // of its fields
	on     int
	top    int
	failed string
	rows   canvas
}

// newLoginForm takes the login data of a held unit apart; nil where there are
// none, or none that could be put together again.
func (u *ui) newLoginForm(h *Held, text string) *loginForm {
	l := live.NewLogin(h.Event, text)
	if l == nil {
		return nil
	}
	f := &loginForm{u: u, seq: h.Seq, title: "Edit the login data of " + u.unitName(h), login: l, typed: make([]editor, len(l.Fields))}
	for i := range f.typed {
		f.typed[i].set(l.Fields[i].Now)
	}
	return f
}

// now is the login as it is typed.
func (f *loginForm) now() *live.Login {
	for i := range f.typed {
		f.login.Fields[i].Now = f.typed[i].text
	}
	return f.login
}

// result is the whole unit with the message encoded again.
func (f *loginForm) result() string { return f.now().Text() }

func (f *loginForm) draw(all canvas) {
	th := f.u.th
	body := all.sub(0, 0, all.w, all.h-1)
	in := window(body, th, f.title, min(all.w, 100), min(body.h, 2*len(f.typed)+9))
	in.text(0, 0, in.w, f.login.What+"; base64 is made of the fields again", th.dim)
	f.rows = in.sub(0, 2, in.w, max(2, in.h-6))
	shown := max(1, f.rows.h/2)
	f.top = max(0, min(f.top, f.on))
	if f.on >= f.top+shown {
		f.top = f.on - shown + 1
	}
	w := 0
	for i := range f.typed {
		w = max(w, min(20, width(wire(f.login.Fields[i].Name))))
	}
	for y := 0; y < shown && f.top+y < len(f.typed); y++ {
		f.drawField(f.rows.sub(0, 2*y, f.rows.w, 2), f.top+y, w)
	}
	foot := in.sub(0, in.h-3, in.w, 3)
	foot.fill(0, 0, foot.w, "─", th.dim)
	if f.failed != "" {
		foot.text(0, 1, foot.w, "✗ "+wire(f.failed), th.bad)
	} else {
		foot.text(foot.text(0, 1, foot.w, "base64  ", th.key), 1, foot.w-8, f.now().Encoded(), th.dim)
	}
	foot.text(0, 2, foot.w, "[ Send  Ctrl-S ]", th.key)
}

func (f *loginForm) drawField(c canvas, i, w int) {
	th, d, typed := f.u.th, &f.login.Fields[i], &f.typed[i]
	mark, style := "  ", th.base
	if i == f.on {
		mark, style = "▶ ", th.strong
	}
	x := c.text(0, 0, 2, mark, th.strong)
	c.text(x, 0, w, wire(d.Name), th.variable)
	x += w + 2
	if i == f.on {
		typed.draw(c, x, 0, style, -1)
	} else {
		c.text(x, 0, c.w-x, pick(typed.text == "", "(empty)", wire(typed.text)), style)
	}
	note := d.Meaning
	if d.Secret {
		note = "secret: " + note
	}
	if typed.text != d.Came {
		note = "came as " + pick(d.Came == "", "nothing", wire(d.Came)) + "; " + note
	}
	c.text(x, 1, c.w-x, note, th.dim)
}

func (f *loginForm) key(ev *tcell.EventKey) bool {
	switch name := keyName(ev); name {
	case "Ctrl-C":
		return false
	case "Esc":
		f.u.close()
		f.u.keepDraft(f.seq, f.result())
	case "Ctrl-S":
		f.send()
	case "Ctrl-T":
		if h := f.u.queue.at(f.seq); h != nil {
			f.u.editXML(h, f.result())
		} else {
			f.failed = number(f.seq) + " is not held any more"
		}
	case "Down", "Tab":
		f.on = min(f.on+1, len(f.typed)-1)
	case "Up", "Shift-Tab":
		f.on = max(f.on-1, 0)
	case "Enter":
		if f.on++; f.on == len(f.typed) {
			f.on--
			f.send()
		}
	default:
		f.failed = ""
		f.typed[f.on].key(ev)
	}
	return true
}

func (f *loginForm) send() {
	if err := f.u.sendEdited(f.seq, f.result(), false); err != nil {
		f.failed = err.Error()
	}
}

func (f *loginForm) paste(text string) { f.typed[f.on].insert(text) }

func (f *loginForm) mouse(x, y, wheel int) {
	if f.rows.contains(x, y) && wheel == 0 {
		f.on = min(len(f.typed)-1, f.top+(y-f.rows.y)/2)
	}
}

func (f *loginForm) hints() []hint {
	return []hint{{"Ctrl-S", "send"}, {"↑ ↓ Enter", "field"}, {"Ctrl-T", "as XML"}, {"Ctrl-U", "clear before"}, {"Esc", "leave it held"}}
}
