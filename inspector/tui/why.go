package tui

import (
	"slices"
	"sync/atomic"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/why"
)

// inquiry gathers what questions about a conversation need: all events of a
// small capture, of a large one those of the conversation alone.
type inquiry struct {
	conn      decode.ConnID
	rows      int // of the store when it began
	found     int // findings then
	next      int
	all, over bool // every conversation is read; everything was read
	collector *why.Collector
	// answering: the collector is in use elsewhere.
	answering atomic.Bool
	answer    atomic.Pointer[why.Answer]
}

// wholeUpTo is how many events a capture may have for all its conversations to
// be looked at: one may explain another.
const wholeUpTo = 50_000

// asked is a question that is being answered or was answered last.
type asked struct {
	q    *why.Question
	word string
	row  int // the event selected then
	in   *inquiry
	page *reader
}

// askWhy lists the questions.
func (u *ui) askWhy() {
	if u.cap.row() < 0 {
		u.say(noteInfo, "nothing is selected that could be asked about")
		return
	}
	all, likely := u.questions()
	items := make([]item, len(all))
	last := 0
	for i := range all {
		q := &all[i]
		items[i] = item{group: pick(i < likely, "Likely here", "All others"), key: q.Name, text: q.Doc, about: q.Ask, match: q.Name, also: q.Doc}
		for _, name := range q.Also {
			items[i].also += " " + name
		}
		if u.asked.q != nil && u.asked.q.Name == q.Name && u.asked.row == u.cap.row() {
			last = i
		}
	}
	c := newChooser(u.th, "Why", items)
	c.cursor = last
	c.quit = u.close
	c.pick = func(i int, _ string) {
		if q := why.Lookup(all[i].Name); q.Word != "" {
			u.askWord(q)
		} else {
			u.inquire(q, "")
		}
	}
	u.over = &framed{c, u.th, "Why not? Ask about conversation " + thousands(int(u.whose())), 100}
}

// questions lists all questions, first those that the selected event suggests,
// and how many these are.
func (u *ui) questions() (all []why.Question, likely int) {
	for _, name := range u.cap.likely(u.cap.row()) {
		all = append(all, *why.Lookup(name))
	}
	likely = len(all)
	for _, q := range why.Questions() {
		if !slices.ContainsFunc(all, func(x why.Question) bool { return x.Name == q.Name }) {
			all = append(all, q)
		}
	}
	return all, likely
}

// whose is the conversation that questions are about.
func (u *ui) whose() decode.ConnID { return u.cap.store.Row(u.cap.row()).Conn() }

// askWord asks for the word that goes with a question.
func (u *ui) askWord(q *why.Question) {
	p := &prompt{th: u.th, label: q.Name + " " + q.Word, keys: []hint{{"Enter", "ask (empty: without it)"}, {"Esc", "back"}}}
	p.typed.set(u.wordFor(q))
	p.note = func(string) (string, int, noteKind) { return q.Ask, -1, noteInfo }
	p.enter = func(text string) { u.inquire(q, text) }
	p.quit = u.askWhy
	u.over = p
}

// wordFor is the word that the selected event suggests.
func (u *ui) wordFor(q *why.Question) string {
	e := u.detail.event
	if e == nil || e.Kind != decode.KindStanza || e.Name.Local != q.Name {
		return ""
	}
	switch {
	case q.Word == "ID":
		return e.ID
	case e.Dir == decode.FromInitiator:
		return e.To
	}
	return e.From
}

// inquire asks a question and shows the answer as soon as there is one.
func (u *ui) inquire(q *why.Question, word string) {
	title := "why " + q.Name
	if word != "" {
		title += " " + capped(word, 60)
	}
	u.asked = asked{q: q, word: word, row: u.cap.row(), in: u.cap.inquiry(u.whose(), u.cap.check != nil)}
	u.asked.page = &reader{u: u, title: wire(title) + ", conversation " + thousands(int(u.asked.in.conn)), again: u.askWhy,
		keys: []hint{{"↑ ↓", "move"}, {"Tab", "next ›"}, {"Enter", "to the event"}, {"w", "another question"}, {"y", "copy"}, {"Esc", "closes"}}}
	u.over = u.asked.page
	u.askOn()
	u.busy.Store(true)
	u.alive.Store(true)
	u.pump.wake()
}

// inquiry is the last one where it is about the same events, or a new one.
func (c *capture) inquiry(conn decode.ConnID, secrets bool) *inquiry {
	in := c.asking
	n, found := c.store.Len(), c.store.Found().Len()
	if in != nil && !in.answering.Load() && in.rows == n && in.found == found && (in.all || in.conn == conn) {
		in.conn = conn
		in.answer.Store(nil)
		return in
	}
	var o why.Options
	if secrets {
		o.Verify = c.check
	}
	in = &inquiry{conn: conn, rows: n, found: found, all: n <= wholeUpTo, collector: why.New(o)}
	if !in.all {
		in.next = c.firstRow(conn)
	}
	c.asking = in
	return in
}

// gather reads on for about as long as budget and tells whether there is more.
func (in *inquiry) gather(c *capture, budget time.Duration) (more bool) {
	deadline := time.Now().Add(budget)
	for n := 1; in.next < in.rows; n++ {
		r := c.store.Row(in.next)
		if in.all || r.Conn() == in.conn {
			if e, err := c.store.Event(in.next); err == nil {
				in.collector.Event(e, c.store.Found().Of(e.Seq))
			}
		}
		in.next++
		if n%16 == 0 && time.Now().After(deadline) {
			return in.next < in.rows
		}
	}
	if !in.over && c.load.done() {
		in.over = true
		all := c.store.Conversations()
		for i := range all {
			if in.all || all[i].Conn == in.conn {
				in.collector.End(&all[i], nil)
			}
		}
	}
	return false
}

// askOn works on the answer that is waited for. It tells whether that needs more
// time.
func (u *ui) askOn() (more bool) {
	a := &u.asked
	if a.page == nil || u.over != overlay(a.page) || a.page.page != nil && a.in == nil {
		return false
	}
	if more = a.in.gather(u.cap, slice); more {
		b := newBuilder(u.th)
		b.line(span{"Looking at the events … " + thousands(100*a.in.next/max(a.in.rows, 1)) + " %", u.th.strong})
		a.page.page = &b.p
		return true
	}
	if got := a.in.answer.Load(); got != nil {
		a.page.page = u.answerPage(a.q, got)
		a.in = nil
		return false
	}
	if u.cap.check == nil {
		got := a.in.collector.Answer(a.in.conn, a.q, a.word)
		a.page.page = u.answerPage(a.q, &got)
		a.in = nil
		return false
	}
	if !a.in.answering.Swap(true) {
		u.cap.reason(a.in, a.q, a.word)
	}
	b := newBuilder(u.th)
	b.line(span{"Checking the login against the password …", u.th.strong})
	a.page.page = &b.p
	return false
}

// reason answers away from the screen: to check a login may take a second.
func (c *capture) reason(in *inquiry, q *why.Question, word string) {
	c.checks.Add(1)
	go func() {
		defer c.checks.Done()
		defer c.caught("an answer")
		got := in.collector.Answer(in.conn, q, word)
		in.answer.Store(&got)
		in.answering.Store(false)
		c.checked.Store(true)
		c.wake()
	}()
}
