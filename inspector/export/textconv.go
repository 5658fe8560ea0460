package export

import (
	"fmt"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/tlswire"
)

// Begin keeps who takes part, for the header.
func (w *textWriter) Begin(c *decode.Conversation) error {
	w.talks[c.Conn] = &talk{initiator: c.Initiator, receiver: c.Receiver, profile: explain.ProfileOfConversation(c)}
	return w.err
}

// begins writes the header of a conversation.
func (w *textWriter) begins(e *decode.Event, t *talk) {
	if w.last != 0 {
		w.line("")
	}
	text := fmt.Sprintf("conversation %d", e.Conn)
	if t.initiator != "" {
		text += " · " + t.initiator + " → " + t.receiver
	}
	w.rule("━━ ", text, "━", roleHead)
	if !e.Time.IsZero() {
		w.line(bodyIndent + w.p.paint(roleFaint, "begins "+e.Time.UTC().Format("2006-01-02 15:04:05.000000 UTC")))
	}
}

// Conversation writes how a conversation ended and what it was.
func (w *textWriter) Conversation(c *decode.Conversation) error {
	if _, ok := w.talks[c.Conn]; !ok {
		return w.err
	}
	delete(w.talks, c.Conn)
	w.line("")
	w.rule("━━ ", fmt.Sprintf("conversation %d: %s", c.Conn, c.Outcome), "━", roleHead)
	w.remark(roleNone, participants(c))
	w.remark(roleNone, amounts(c))
	w.last, w.blank = c.Conn, false
	return w.full()
}

// participants says who spoke with whom, over what.
func participants(c *decode.Conversation) string {
	text := c.Initiator + " → " + c.Receiver
	if p := c.Profile.String(); p != "" {
		text += ", " + p
	}
	if c.Transport != "" {
		text += " over " + c.Transport
	}
	if c.Domain != "" {
		text += ", domain " + c.Domain
	}
	if c.JID != "" && c.JID != c.Domain { // a component logs in as its domain
		text += ", " + c.JID
	}
	switch {
	case c.Encrypted && c.Decrypted:
		text += ", " + tlsName(c) + " read with keys (" + c.TLS.Keys + ")"
	case c.Encrypted:
		text += ", " + tlsName(c) + " without keys"
	}
	return text
}

func tlsName(c *decode.Conversation) string {
	if c.TLS.Version == 0 {
		return "TLS"
	}
	return tlswire.VersionName(c.TLS.Version)
}

// amounts says how much there was.
func amounts(c *decode.Conversation) string {
	text := fmt.Sprintf("%s events", thousands(int64(c.Events)))
	if c.Frames > 0 {
		text += fmt.Sprintf(", %s frames", thousands(int64(c.Frames)))
	}
	text += ", " + bytesWord(c.Bytes)
	if c.Lost > 0 {
		text += ", " + bytesWord(c.Lost) + " lost"
	}
	if !c.Start.IsZero() && !c.End.IsZero() {
		text += ", " + took(c.End.Sub(c.Start))
	}
	return text
}
