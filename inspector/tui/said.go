package tui

import "time"

// message is one line for the person. A remark goes with the next key; what
// went wrong stays until it can have been read.
type message struct {
	text string
	kind noteKind
	more string // said too where there is room
	keys []hint // that it makes useful
	at   time.Time
	runs bool // told of a run, and is over when something is held again
}

// readingTime is how long what went wrong stays at least, unless something else
// is said or Esc is pressed.
const readingTime = 4 * time.Second

// maxSaid bounds what is remembered of what was said.
const maxSaid = 200

// said is a line of what was said before.
type said struct {
	text string
	kind noteKind
	at   time.Time
}

func (u *ui) say(kind noteKind, text string) {
	u.message = message{text: text, kind: kind, at: u.now()}
	u.note(kind, text)
	if kind != noteBad && u.pump != nil {
		time.AfterFunc(remarkTime+10*time.Millisecond, u.pump.wake) // for the keys to come back
	}
}

// remarkTime is how long a remark stands where the keys stand else.
const remarkTime = 6 * time.Second

// saying tells whether the last line has something to say: what went wrong
// stays, a remark makes room for the keys again.
func (u *ui) saying() bool {
	return u.message.text != "" && (u.message.kind == noteBad || u.now().Sub(u.message.at) < remarkTime)
}

// note remembers what was said.
func (u *ui) note(kind noteKind, text string) {
	if n := len(u.told); n > 0 && u.told[n-1].text == text {
		return
	}
	if u.told = append(u.told, said{text, kind, u.now()}); len(u.told) > maxSaid {
		u.told = u.told[1:]
	}
}

// hushed takes the message away before a key does its work, but for what went
// wrong and was on the screen too short a time to be read.
func (u *ui) hushed(key string) {
	if u.message.kind == noteBad && key != "Esc" && u.now().Sub(u.message.at) < readingTime {
		return
	}
	u.message = message{}
}

// showSaid lists what was said, the latest first.
func (u *ui) showSaid() {
	if len(u.told) == 0 {
		u.say(noteInfo, "nothing was said so far")
		return
	}
	b := newBuilder(u.th)
	for i := len(u.told) - 1; i >= 0; i-- {
		t := &u.told[i]
		b.line(span{t.at.Format("15:04:05") + "  ", u.th.dim}, span{t.kind.sign() + t.text, t.kind.style(u.th)}).hang = 10
	}
	r := &reader{u: u, title: "What was said", page: &b.p, again: func() {}}
	r.keys = []hint{{"↑ ↓", "scroll"}, {"y", "copy"}, {"Esc", "back"}}
	u.over = r
}
