package workshop

import (
	"encoding/json"
	"net/http"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector"
)

// This file tells events whole, for terminals that show them as they show any
// recording. What may be seen of them is the same as on a page.

// Bounds of what is told at once.
const (
	maxReel      = 400
	maxReelBytes = 512 << 10
)

// Reel is a part of a recording, told in events.
type Reel struct {
	Recording string `json:"recording"`
	Title     string `json:"title"`
	From      int    `json:"from"` // the row of the first of them
	// Len is how many rows there are to be seen.
	Len    int     `json:"len"`
	Events []Frame `json:"events"`
}

// Frame is an event as it is told to a terminal. Enumerations are told by their
// names.
type Frame struct {
	Seq    decode.Seq    `json:"seq"`
	Conn   decode.ConnID `json:"conn"`
	Dir    int           `json:"dir,omitempty"`
	Kind   string        `json:"kind"`
	Step   string        `json:"step,omitempty"`
	Phase  string        `json:"phase,omitempty"`
	Layer  uint8         `json:"layer,omitempty"`
	Origin uint8         `json:"origin,omitempty"`
	Time   time.Time     `json:"time,omitzero"`

	Name      xmlstream.Name `json:"name,omitzero"`
	Payload   xmlstream.Name `json:"payload,omitzero"`
	ID        string         `json:"id,omitempty"`
	Type      string         `json:"type,omitempty"`
	From      string         `json:"from,omitempty"`
	To        string         `json:"to,omitempty"`
	Condition string         `json:"condition,omitempty"`
	Note      string         `json:"note,omitempty"`

	Wire     []byte `json:"wire,omitempty"`
	XML      []byte `json:"xml,omitempty"`
	Original []byte `json:"original,omitempty"`
	// Hidden is set where stars stand for what lets somebody in, Cut where the
	// text is longer than what is told.
	Hidden bool `json:"hidden,omitempty"`
	Cut    bool `json:"cut,omitempty"`

	Off     int64         `json:"off,omitempty"`
	Raw     decode.Extent `json:"raw,omitzero"`
	Lost    int64         `json:"lost,omitempty"`
	SM      decode.Ledger `json:"sm,omitzero"`
	Reply   decode.Seq    `json:"reply,omitempty"`
	Carrier decode.Seq    `json:"carrier,omitempty"`
	Related decode.Seq    `json:"related,omitempty"`
	// After is what is true from here on, left out where it is what was true
	// after the frame of the same conversation before it in the same reel.
	After  json.RawMessage `json:"after,omitempty"`
	Login  *Login          `json:"login,omitempty"`
	Faults []Fault         `json:"faults,omitempty"`
	Found  []Found         `json:"found,omitempty"`
}

// Login is an exchange of SASL up to the message of a frame.
type Login struct {
	Mechanism string         `json:"mechanism"`
	SASL2     bool           `json:"sasl2,omitempty"`
	Messages  []LoginMessage `json:"messages"`
	Offered   []string       `json:"offered,omitempty"`
}

// LoginMessage is one message of it; without data it is nil.
type LoginMessage struct {
	Kind      uint8  `json:"kind"`
	Base64    []byte `json:"base64"`
	Condition string `json:"condition,omitempty"` // of a refusal
	Text      string `json:"text,omitempty"`
}

// Fault is a fault in the bytes.
type Fault struct {
	Rule  string `json:"rule"`
	Text  string `json:"text"`
	Pos   int    `json:"pos"`
	End   int    `json:"end"`
	Ref   string `json:"ref,omitempty"`
	Fatal bool   `json:"fatal,omitempty"`
}

// Found is something that was found wrong with an event.
type Found struct {
	Rule   string `json:"rule"`
	Level  uint8  `json:"level"`
	Who    uint8  `json:"who"`
	Text   string `json:"text"`
	Advice string `json:"advice,omitempty"`
	Ref    string `json:"ref,omitempty"`
	In     uint8  `json:"in,omitempty"`
	Start  int    `json:"start,omitempty"`
	End    int    `json:"end,omitempty"`
}

func (c *Class) apiEvents(s *student, r *http.Request) (any, error) {
	s.mu.Lock()
	ok := s.reels.take(reelRate(), time.Now())
	s.mu.Unlock()
	if !ok {
		return nil, errSlowly
	}
	v, err := c.looked(s, r)
	if err != nil {
		return nil, err
	}
	return v.reel(number(r, "from", 0)), nil
}

// reel tells events from a row on, as many as there is room for.
func (v seen) reel(from int) Reel {
	all := Reel{Recording: v.id, Title: inspector.Disarm(v.title), From: max(0, from), Len: v.len(), Events: []Frame{}}
	last := map[decode.ConnID]string{}
	size := 0
	for i := all.From; i < all.Len && len(all.Events) < maxReel && size < maxReelBytes; i++ {
		e, err := v.store.Event(i)
		if err != nil {
			break // it is asked for again
		}
		f := frameOf(v, e)
		if state := string(f.After); state == last[e.Conn] && state != "" {
			f.After = nil
		} else {
			last[e.Conn] = state
		}
		size += len(f.Wire) + len(f.XML) + len(f.Original) + len(f.After) + 512
		all.Events = append(all.Events, f)
	}
	return all
}

// frameOf tells an event.
func frameOf(v seen, e *decode.Event) Frame {
	hidden := false
	if !v.secrets {
		e, hidden = veil(e)
	}
	f := Frame{Seq: e.Seq, Conn: e.Conn, Dir: int(e.Dir), Kind: e.Kind.String(), Step: e.Step.String(), Phase: e.Phase.String(), Layer: uint8(e.Layer), Origin: uint8(e.Origin), Time: e.Time,
		Name: e.Name, Payload: e.Payload, ID: e.ID, Type: e.Type, From: e.From, To: e.To, Condition: e.Condition, Note: e.Note, Hidden: hidden,
		Off: e.Off, Raw: e.Raw, Lost: e.Lost, SM: e.SM, Reply: e.Reply, Carrier: e.Carrier, Related: e.Related}
	if !v.secrets && (hidden || e.Origin != decode.OriginWire) {
		f.Note = "" // it may tell what was changed
	}
	f.Wire, f.Cut = short(e.Wire)
	cut := false
	f.XML, cut = short(e.XML)
	f.Cut = f.Cut || cut
	if hidden && e.XML != nil {
		f.Wire = nil // it is the same, in another wrapping
	}
	if v.secrets {
		f.Original, _ = short(e.Original)
	}
	if e.After != nil {
		f.After, _ = json.Marshal(e.After) // it is plain data
	}
	if f.Login = loginOf(e.SASL, v.secrets); hidden {
		return f
	}
	for _, x := range e.Errs[:min(len(e.Errs), maxFindings)] {
		f.Faults = append(f.Faults, Fault{x.Rule, x.Text, x.Pos, x.End, x.Ref.String(), x.Fatal})
	}
	for i, x := range v.store.Found().Of(e.Seq) {
		if i == maxFindings {
			break
		}
		f.Found = append(f.Found, Found{x.Rule, uint8(x.Level), uint8(x.Who), x.Text, x.Advice, x.Ref.String(), uint8(x.In), int(x.Span.Start), int(x.Span.End)})
	}
	return f
}

func short(b []byte) ([]byte, bool) {
	if len(b) > maxText {
		return b[:maxText], true
	}
	return b, false
}

// loginOf tells an exchange; nil where there is none, or a part of it lets whoever
// reads it in.
func loginOf(x *sasl.Exchange, secrets bool) *Login {
	if x == nil {
		return nil
	}
	l := &Login{Mechanism: x.Mechanism, SASL2: x.SASL2, Offered: x.Offered}
	for i := range x.Messages {
		m := &x.Messages[i]
		if m.Base64 == nil && m.Present {
			return nil // it is made of parts
		}
		if !secrets {
			for _, f := range sasl.Decode(x, i).Fields {
				if f.Secret {
					return nil
				}
			}
		}
		l.Messages = append(l.Messages, LoginMessage{uint8(m.Kind), m.Base64, m.Condition, m.Text})
	}
	return l
}
