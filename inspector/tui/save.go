package tui

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// saved is how saving went. It comes from a goroutine of its own.
type saved struct {
	text string
	err  error
	path string
}

// askWrite takes the name of a file to save to.
func (u *ui) askWrite() {
	switch {
	case u.cap.src.Write == nil:
		u.say(noteBad, "this cannot be saved")
		return
	case u.cap.saving != nil:
		u.say(noteInfo, "it is being saved; wait for the end of that")
		return
	}
	p := &prompt{th: u.th, label: "Save to:", quit: u.close,
		keys: []hint{{"Enter", "save"}, {"Tab", "complete the name"}, {"Esc", "leave"}}}
	p.typed.set(u.saveName())
	over := ""
	p.tab = func(text string, at int) string { return completePath(text) }
	p.note = func(text string) (string, int, noteKind) {
		if text != "" && text == over {
			return "this file is there already; Enter writes over it", -1, noteBad
		}
		return "all of it, with marks, notes and TLS keys; Wireshark opens it too", -1, noteInfo
	}
	p.enter = func(text string) {
		if text == "" {
			return
		}
		if _, err := os.Stat(expandHome(text)); err == nil && over != text {
			over = text
			return
		}
		u.close()
		u.save(text, over == text)
	}
	u.over = p
}

// saveName proposes a file.
func (u *ui) saveName() string {
	if u.cap.savedTo != "" {
		return u.cap.savedTo
	}
	base := filepath.Base(strings.TrimPrefix(u.cap.src.Title, "sample:"))
	if strings.ContainsAny(base, " ,:") || base == "." {
		base = "session"
	}
	for _, ending := range []string{".gz", ".zst", ".pcap", ".pcapng", ".cap"} {
		base = strings.TrimSuffix(base, ending)
	}
	return base + ".saved.pcapng"
}

// save writes in the background; the outcome is told by the tick after it.
func (u *ui) save(path string, over bool) {
	done := make(chan saved, 1)
	c := u.cap
	ctx, cancel := context.WithCancel(u.ctx)
	c.saving, c.stopSaving = done, cancel
	c.savedAt, c.namedAt = c.store.Remarks().Edits(), c.store.Actors().Edits()
	wake := u.pump.wake
	c.checks.Add(1)
	go func() {
		defer c.checks.Done()
		defer c.caught("saving")
		text, err := c.src.Write(ctx, expandHome(path), over)
		done <- saved{text, err, path}
		wake()
	}()
	u.alive.Store(true)
	u.say(noteInfo, "saving …")
}

// saveOn tells how saving went, when it has ended.
func (u *ui) saveOn() {
	c := u.cap
	if c.saving == nil {
		return
	}
	select {
	case s := <-c.saving:
		c.saving = nil
		switch {
		case errors.Is(s.err, fs.ErrExist):
			u.say(noteBad, "not saved: "+wire(s.path)+" is there already")
			c.savedAt, c.namedAt = -1, -1
		case s.err != nil:
			u.say(noteBad, "not saved: "+wire(s.err.Error()))
			c.savedAt, c.namedAt = -1, -1
		default:
			c.savedTo = s.path
			u.say(noteGood, "saved "+wire(filepath.Base(s.path))+": "+wire(s.text))
		}
	default:
	}
}
