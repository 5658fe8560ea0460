package proxy

import (
	"log/slog"
	"strings"
	"testing"
)

// TestLogHasNoPassword: what a client said too early is recorded, like all that it
// says, but a log may be shown to others.
func TestLogHasNoPassword(t *testing.T) {
	var log lockedBuffer
	s := newStage(t, func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	c, u := s.greeted()
	c.say(starttls + "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGEAc2VjcmV0</auth>")
	u.hears(starttls)
	u.say("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	c.hears("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
	eventually(t, "a note about what was dropped", func() bool { return strings.Contains(s.tap.notes(), "AGEAc2VjcmV0") })
	eventually(t, "a line of the log", func() bool { return strings.Contains(log.String(), "dropped, because") })
	if text := log.String(); strings.Contains(text, "AGEAc2VjcmV0") {
		t.Errorf("the log has a password: %s", text)
	}
}
