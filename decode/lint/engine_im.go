package lint

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/im"
)

// maxHeirs bounds the sessions that may be resumed.
const maxHeirs = 1 << 10

// heirs are the sessions that may be resumed (XEP-0198 §5), by domain and
// identifier, the oldest first.
type heirs struct {
	of    map[[2]string]*im.Session
	order [][2]string
}

// follow keeps what the instant-messaging session knows. It begins with the
// first features or stanza: what comes before does not touch it.
func (g *Engine) follow(t *talk, e *decode.Event) {
	if t.im == nil {
		if e.Kind != decode.KindStanza && e.Kind != decode.KindFeatures {
			return
		}
		t.im = im.New()
	}
	t.im.EventFunc(e, g.node)
	if e.Kind == decode.KindNonza && e.State != nil && e.After != nil && e.After.ResumeID != e.State.ResumeID {
		g.heirs.take(t, e)
	}
}

// Session is what the instant-messaging session of a conversation knows once
// its last event has happened; nil before the first stanza. It changes with the
// next event.
func (g *Engine) Session(id decode.ConnID) *im.Session {
	if t := g.talks[id]; t != nil {
		return t.im
	}
	return nil
}

// take lets a session that resumes another one know what that one knew.
func (h *heirs) take(t *talk, e *decode.Event) {
	id := e.After.ResumeID
	if id == "" || len(id) > maxResumeID {
		return
	}
	if h.of == nil {
		h.of = map[[2]string]*im.Session{}
	}
	k := [2]string{strings.ToLower(short(e.After.Domain)), id}
	old := h.of[k]
	if e.After.Resumed && !e.State.Resumed && old != nil {
		t.im.Inherit(old)
	}
	if old == nil {
		if h.order = append(h.order, k); len(h.order) > maxHeirs {
			delete(h.of, h.order[0])
			h.order = h.order[1:]
		}
	}
	h.of[k] = t.im
}

// maxResumeID is the longest identifier that is remembered, in bytes.
const maxResumeID = 1 << 10
