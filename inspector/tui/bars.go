package tui

import (
	"slices"
	"strconv"
	"time"

	"xmppscope/inspector"
)

// The column of the title, and how much of it stays where there is little room.
const headerTitle, shortTitle = 12, 16

// drawHeader is the first line: what is looked at, and how far reading is.
func (u *ui) drawHeader(c canvas) {
	th, cap := u.th, u.cap
	c.fill(0, 0, c.w, " ", th.bar)
	title, style := wire(cap.src.Title), th.bar
	room := c.w - headerTitle - 2
	right := u.foundText(u.loadText(len(u.cap.convs)), room-width(title))
	if width(right) > room-min(width(title), shortTitle) {
		right = u.foundText(u.loadText(0), room-width(title)) // their list counts them too
	}
	if cap.load.done() && cap.load.err != nil {
		style = th.barStrong
	}
	at := max(c.w-width(right)-1, headerTitle+min(width(title), shortTitle)+1)
	x := c.text(1, 0, 10, "xmppscope", th.barStrong)
	c.text(x+2, 0, at-x-3, title, th.bar)
	c.text(at, 0, c.w-at, right, style)
}

// foundText adds how many failures, errors and warnings there are in all: in
// words where there is room, else in signs and in front, where nothing is cut.
func (u *ui) foundText(text string, room int) string {
	found := u.cap.store.Found()
	errors, warnings := found.Count(inspector.LevelError), found.Count(inspector.LevelWarning)
	failures := len(u.cap.tracks.failures)
	words := ""
	if u.cap.veil != 0 {
		return text
	}
	if failures > 0 {
		words += " · " + plural(failures, "failure")
	}
	if errors > 0 {
		words += " · " + plural(errors, "error")
	}
	if warnings > 0 {
		words += " · " + plural(warnings, "warning")
	}
	if width(text+words) <= room || words == "" {
		return text + words
	}
	return tally{inspector.LevelError: errors + failures, inspector.LevelWarning: warnings}.signs() + " · " + text
}

// loadText says how far reading is, or what was read. It tells of that many
// conversations.
func (u *ui) loadText(convs int) string {
	l, n := &u.cap.load, u.cap.store.Len()
	text := plural(n, "event")
	if convs > 1 {
		text += " · " + plural(convs, "conversation")
	}
	aside := u.cap.aside()
	if all, read := u.cap.encrypted(); all > read && u.cap.tracks.opaque || aside > 0 {
		text += " · " + pick(len(u.cap.convs) > 1 || aside > 0, thousands(all-read+aside)+" ", "") + "hidden by TLS"
	}
	switch {
	case u.cap.src.Live != nil && l.err == nil:
		return text
	case l.running() && u.cap.src.Follow && l.percent() == 100:
		return "waiting for more · " + text
	case l.running():
		if p := l.percent(); p >= 0 {
			return "reading " + progressBar(p, 10) + " " + strconv.Itoa(p) + " % · " + text
		}
		return "reading " + size(l.read.Load()) + " · " + text
	case l.err != nil:
		return "✗ incomplete · " + text
	case l.took >= 100*time.Millisecond:
		return text + " · read in " + strconv.FormatFloat(l.took.Seconds(), 'f', 1, 64) + " s"
	}
	return text
}

// progressBar draws a share of a hundred in w columns.
func progressBar(percent, w int) string {
	full := percent * w / 100
	s := ""
	for i := range w {
		if i < full {
			s += "█"
		} else {
			s += "░"
		}
	}
	return s
}

// drawFooter is the last line: a message, if there is one, and the handful of
// keys that matter now.
func (u *ui) drawFooter(c canvas) {
	th := u.th
	c.fill(0, 0, c.w, " ", th.bar)
	hints := u.hints()
	u.places = u.places[:0]
	x := 1
	if _, asks := u.over.(*prompt); u.saying() && !asks { // a prompt shows it itself
		// The last two hints, help and quit, always stay, others where there is room.
		last := hints[max(0, len(hints)-2):]
		room, text := c.w-2-hintsWidth(last), u.message.kind.sign()+u.message.text
		switch keys := u.message.keys; {
		case width(text+u.message.more) <= room:
			text += u.message.more
		case width(text) > room && len(keys) > 0 && room > 40:
			room -= hintsWidth(keys[:1]) // it is cut: the key that leads on is not
		}
		x = c.text(x, 0, room, text, th.barStrong) + 2
		hints = fitting(u.message.keys, hints[:len(hints)-len(last)], c.w-x-hintsWidth(last)+len("  "))
		hints = append(hints, last...)
		x = max(x, c.w-hintsWidth(hints))
	}
	for i, h := range hints {
		// A hint is shown whole or not at all; the last two have a claim.
		rest := hintsWidth(hints[max(i+1, len(hints)-2):])
		if i < len(hints)-2 && x+hintsWidth(hints[i:i+1])+rest > c.w+len("  ") {
			continue
		}
		from := x
		x = c.text(x, 0, c.w-x, h.key, th.barStrong)
		x = c.text(x+1, 0, c.w-x, h.does, th.bar) + 2
		u.places = append(u.places, hintPlace{c.x + from, c.x + x - 1, h.key})
	}
}

// fitting are the hints that have room, those that a message makes useful first.
func fitting(first, rest []hint, room int) []hint {
	var all []hint
	for _, h := range slices.Concat(first, rest) {
		known := slices.ContainsFunc(all, func(x hint) bool { return x.key == h.key })
		if !known && hintsWidth(all)+hintsWidth([]hint{h}) <= room {
			all = append(all, h)
		}
	}
	return all
}

func hintsWidth(all []hint) int {
	n := 0
	for _, h := range all {
		n += width(h.key) + 1 + width(h.does) + 2
	}
	return n
}

// hints are the keys that matter now, most useful first; the last two are
// always shown.
func (u *ui) hints() []hint {
	switch {
	case u.over != nil:
		return u.over.hints()
	case u.cap == nil:
		all := u.start.hints()
		return slices.Insert(all, max(0, len(all)-2), hint{glossaryKey, "glossary"})
	}
	if u.lesson != nil {
		if u.focus == paneLesson {
			return u.lesson.hints()
		}
		return append(u.lesson.hintsBeside(), u.paneHints()...)
	}
	return u.paneHints()
}

// paneHints are the keys that matter in the pane that has the focus.
func (u *ui) paneHints() []hint {
	switch u.focus {
	case paneDetail:
		return slices.Concat([]hint{{"↑ ↓", "move"}, {"← →", "parts"}, {"Enter", "follow ›"}}, u.keysHint(), []hint{{"1–7", "tabs"}, {"Tab", "next pane"}},
			u.named("step", "next-phase", "copy", "zoom", "keys", "quit"))
	case paneHeld:
		return slices.Concat(u.named("edit", "step", "continue", "drop"), []hint{{"Enter", "details"}}, u.named("inject", "break", "next-phase", "undo", "edit-outside", "next-pane", "keys", "quit"))
	case paneConvs:
		return slices.Concat([]hint{{"↑ ↓", "choose"}, {"Enter", "its events"}}, u.keysHint(), []hint{{"Tab", "next pane"}}, u.named("keys", "quit"))
	}
	if u.isLive() {
		return u.liveHints()
	}
	return slices.Concat(u.named("step", "next-phase"), u.keysHint(), u.foundHint(), []hint{{"Enter", "details"}, {"1–7", "tabs"}},
		u.named("search", "filter", "why", "next-pane", "ladder", "state", "time", "open", "keys", "quit"))
}

// foundHint offers the findings where something is wrong.
func (u *ui) foundHint() []hint {
	found := u.cap.store.Found()
	if found.Count(inspector.LevelError)+found.Count(inspector.LevelWarning)+len(u.cap.tracks.failures) == 0 {
		return nil
	}
	return u.named("findings")
}

// named are hints made of the table of keys.
func (u *ui) named(names ...string) []hint {
	var all []hint
	for _, n := range names {
		if a := u.keys.byName[n]; a != nil && !u.keptBack(n) {
			all = append(all, hint{a.keys[0], a.short})
		}
	}
	return all
}
