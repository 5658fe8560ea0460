package tui

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/inspector"
)

// loginForm edits what a login says, decoded: a line for each field. The base64
// is made of them again, and nothing else of the unit changes.
type loginForm struct {
	u      *ui
	seq    decode.Seq
	title  string
	what   string // the mechanism and what the message is
	text   string // of the unit
	from   int    // of the base64 in it
	to     int
	fields []formField
	fixed  [][]byte // before, between and behind the fields; nil where NUL parts them
	on     int
	top    int
	failed string
	rows   canvas
}

type formField struct {
	name, meaning string
	typed         editor
	came          string
	secret        bool
}

// newLoginForm takes the login data of a held unit apart; nil where there are
// none, or none that could be put together again.
func (u *ui) newLoginForm(h *Held, text string) *loginForm {
	x := h.Event.SASL
	if x == nil || len(x.Messages) == 0 {
		return nil
	}
	i := len(x.Messages) - 1
	m := &x.Messages[i]
	at := bytes.Index(h.Event.Text(), m.Base64)
	if len(m.Base64) == 0 || at < 0 || m.Unsound {
		return nil
	}
	// What was changed already keeps its surroundings.
	came := string(h.Event.Text())
	head, tail := came[:at], came[at+len(m.Base64):]
	if len(text) < len(head)+len(tail) || !strings.HasPrefix(text, head) || !strings.HasSuffix(text, tail) {
		return nil
	}
	f := &loginForm{u: u, seq: h.Seq, title: "Edit the login data of " + u.unitName(h), text: text, from: at, to: len(text) - len(tail)}
	f.what = x.Mechanism + ", " + m.Kind.String()
	now, err := base64.StdEncoding.DecodeString(text[f.from:f.to])
	if err != nil || !editable(string(bytes.ReplaceAll(now, []byte{0}, nil))) {
		return nil
	}
	if strings.EqualFold(x.Mechanism, "PLAIN") {
		if !f.plain(m.Data, now) {
			return nil
		}
	} else if !f.split(sasl.Decode(x, i).Fields, m.Data, now) {
		return nil
	}
	return f
}

// editable tells whether a line of text can hold it as it is.
func editable(s string) bool {
	return utf8.ValidString(s) && !inspector.Harmful(s) && len(s) <= maxTyped
}

// plain takes a message of PLAIN apart (RFC 4616 §2).
func (f *loginForm) plain(came, now []byte) bool {
	old, parts := strings.Split(string(came), "\x00"), strings.Split(string(now), "\x00")
	if len(parts) != 3 || len(old) != 3 {
		return false
	}
	for i, n := range [...]struct{ name, meaning string }{
		{"authzid", "whom to act as; empty for oneself"}, {"authcid", "whose password it is"}, {"passwd", "the password, as anybody who decodes it can read"},
	} {
		f.add(n.name, n.meaning, old[i], parts[i], n.name == "passwd")
	}
	return true
}

func (f *loginForm) add(name, meaning, came, now string, secret bool) {
	d := formField{name: name, meaning: meaning, came: came, secret: secret}
	d.typed.set(now)
	f.fields = append(f.fields, d)
}

// split takes a message apart at its fields; one that was changed already, or
// whose fields lie in each other, is one line.
func (f *loginForm) split(fields []sasl.Field, came, now []byte) bool {
	if bytes.IndexByte(now, 0) >= 0 {
		return false
	}
	fields = slices.DeleteFunc(slices.Clone(fields), func(x sasl.Field) bool { return x.Span.End <= x.Span.Start || x.Span.End > len(came) })
	slices.SortStableFunc(fields, func(a, b sasl.Field) int { return a.Span.Start - b.Span.Start })
	whole := len(fields) == 0 || !bytes.Equal(came, now)
	for i := 1; i < len(fields); i++ {
		whole = whole || fields[i].Span.Start < fields[i-1].Span.End
	}
	if whole {
		f.add("decoded", "the whole message", string(came), string(now), false)
		f.fixed = [][]byte{nil, nil}
		return true
	}
	at := 0
	for _, x := range fields {
		text := string(came[x.Span.Start:x.Span.End])
		f.add(x.Name, x.Meaning, text, text, x.Secret)
		f.fixed = append(f.fixed, came[at:x.Span.Start])
		at = x.Span.End
	}
	f.fixed = append(f.fixed, came[at:])
	return true
}

// decoded is the message as the fields have it now.
func (f *loginForm) decoded() string {
	var b strings.Builder
	for i := range f.fields {
		if f.fixed != nil {
			b.Write(f.fixed[i])
		} else if i > 0 {
			b.WriteByte(0)
		}
		b.WriteString(f.fields[i].typed.text)
	}
	if f.fixed != nil {
		b.Write(f.fixed[len(f.fields)])
	}
	return b.String()
}

// result is the whole unit with the message encoded again.
func (f *loginForm) result() string {
	return f.text[:f.from] + f.encoded() + f.text[f.to:]
}

func (f *loginForm) encoded() string { return base64.StdEncoding.EncodeToString([]byte(f.decoded())) }

func (f *loginForm) draw(all canvas) {
	th := f.u.th
	body := all.sub(0, 0, all.w, all.h-1)
	in := window(body, th, f.title, min(all.w, 100), min(body.h, 2*len(f.fields)+9))
	in.text(0, 0, in.w, f.what+"; base64 is made of the fields again", th.dim)
	f.rows = in.sub(0, 2, in.w, max(2, in.h-6))
	shown := max(1, f.rows.h/2)
	f.top = max(0, min(f.top, f.on))
	if f.on >= f.top+shown {
		f.top = f.on - shown + 1
	}
	w := 0
	for i := range f.fields {
		w = max(w, min(20, width(wire(f.fields[i].name))))
	}
	for y := 0; y < shown && f.top+y < len(f.fields); y++ {
		f.drawField(f.rows.sub(0, 2*y, f.rows.w, 2), f.top+y, w)
	}
	foot := in.sub(0, in.h-3, in.w, 3)
	foot.fill(0, 0, foot.w, "─", th.dim)
	if f.failed != "" {
		foot.text(0, 1, foot.w, "✗ "+wire(f.failed), th.bad)
	} else {
		foot.text(foot.text(0, 1, foot.w, "base64  ", th.key), 1, foot.w-8, f.encoded(), th.dim)
	}
	foot.text(0, 2, foot.w, "[ Send  Ctrl-S ]", th.key)
}

func (f *loginForm) drawField(c canvas, i, w int) {
	th, d := f.u.th, &f.fields[i]
	mark, style := "  ", th.base
	if i == f.on {
		mark, style = "▶ ", th.strong
	}
	x := c.text(0, 0, 2, mark, th.strong)
	c.text(x, 0, w, wire(d.name), th.variable)
	x += w + 2
	if i == f.on {
		d.typed.draw(c, x, 0, style, -1)
	} else {
		c.text(x, 0, c.w-x, pick(d.typed.text == "", "(empty)", wire(d.typed.text)), style)
	}
	note := d.meaning
	if d.secret {
		note = "secret: " + note
	}
	if d.typed.text != d.came {
		note = "came as " + pick(d.came == "", "nothing", wire(d.came)) + "; " + note
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
		f.on = min(f.on+1, len(f.fields)-1)
	case "Up", "Shift-Tab":
		f.on = max(f.on-1, 0)
	case "Enter":
		if f.on++; f.on == len(f.fields) {
			f.on--
			f.send()
		}
	default:
		f.failed = ""
		f.fields[f.on].typed.key(ev)
	}
	return true
}

func (f *loginForm) send() {
	if err := f.u.sendEdited(f.seq, f.result(), false); err != nil {
		f.failed = err.Error()
	}
}

func (f *loginForm) paste(text string) { f.fields[f.on].typed.insert(text) }

func (f *loginForm) mouse(x, y, wheel int) {
	if f.rows.contains(x, y) && wheel == 0 {
		f.on = min(len(f.fields)-1, f.top+(y-f.rows.y)/2)
	}
}

func (f *loginForm) hints() []hint {
	return []hint{{"Ctrl-S", "send"}, {"↑ ↓ Enter", "field"}, {"Ctrl-T", "as XML"}, {"Ctrl-U", "clear before"}, {"Esc", "leave it held"}}
}
