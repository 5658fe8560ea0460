package tui

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/tlswire"
)

// standing says how things stand at the selected event: whether others on the
// way can read it, who has logged in, and whether anything is live. It takes at
// most room columns, and says the last only where spare columns leave it room.
func (u *ui) standing(room, spare int) string {
	e := u.detail.event
	if e == nil {
		return ""
	}
	s := e.After
	if s == nil {
		s = e.State
	}
	if s == nil {
		s = &decode.State{}
	}
	text := lockWord(s)
	if who := whoAt(s); who != "" && room > width(text)+6 {
		text += " · " + cut(capped(who, 200), room-width(text)-3)
	}
	if word := u.liveWord(); width(text)+3+width(word) <= min(room, spare) {
		text += " · " + word
	}
	return cut(text, room)
}

// lockWord says in a word what protects the connection: a lock by its name.
func lockWord(s *decode.State) string {
	word := "clear"
	if s.Layer&decode.LayerTLS != 0 {
		word = "TLS"
		if s.TLS.Version != 0 {
			word = strings.TrimSuffix(tlswire.VersionName(s.TLS.Version), " ")
		}
	}
	if s.Layer&decode.LayerZlib != 0 {
		word += "+zlib"
	}
	return word
}

// whoAt is who has logged in, by the most exact name that is known.
func whoAt(s *decode.State) string {
	switch {
	case s.JID != "":
		return s.JID
	case s.Identity != "" && s.Domain != "" && !strings.Contains(s.Identity, "@"):
		return s.Identity + "@" + s.Domain
	case s.Identity != "":
		return s.Identity
	case s.Authenticated:
		return "logged in"
	}
	return ""
}

func (u *ui) liveWord() string {
	switch {
	case u.isLive():
		return "live"
	case u.cap.src.Live != nil:
		return "ended"
	case u.cap.src.Follow && u.cap.load.running():
		return "growing"
	}
	return "recorded"
}
