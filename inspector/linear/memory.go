package linear

import (
	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/inspector"
)

// memory is what the instant-messaging session of one conversation knows; it goes
// on from where it stands, and for what lies before that it begins anew.
type memory struct {
	conn    decode.ConnID
	next    int // rows below are folded
	session *im.Session
}

// knows is what the session knows just after an event; nil where that was broken
// off. It counts until it is asked for again.
func (t *talk) knows(row int) *im.Session {
	m, store := &t.memory, t.src.Store
	conn := store.Row(row).Conn()
	if m.session == nil || m.conn != conn || m.next > row+1 {
		*m = memory{conn: conn, session: im.New()}
	}
	for ; m.next <= row; m.next++ {
		r := store.Row(m.next)
		if m.next%256 == 255 && t.stopped() {
			return nil
		}
		if r.Conn() != conn {
			continue
		}
		switch r.Kind() {
		case decode.KindStanza, decode.KindFeatures, decode.KindGap:
		default:
			if !r.Has(inspector.Changed) && m.next != row {
				continue
			}
		}
		if e, err := store.Event(m.next); err == nil {
			m.session.Event(e, nil)
		}
	}
	return m.session
}
