package inspector

import (
	"math"
	"sync/atomic"
	"time"

	"xmppscope/decode"
)

// Row is what is kept in memory of one event: 48 bytes. Everything else is
// read back from the Store when it is looked at.
type Row struct {
	time    int64  // nanoseconds since 1970
	at      int64  // where the record is, see pages
	seq     uint32 // decode.Seq
	conn    uint32 // decode.ConnID
	reply   uint32 // seq of the request that this answers
	answer  uint32 // seq of the first answer; written later, see setAnswer
	size    uint32 // of Wire
	name    uint16 // in Store.names
	payload uint16
	flags   Flags
	dir     uint8
	kind    uint8
	step    uint8
	phase   uint8 // and the stage in the upper half
	layer   uint8
	origin  uint8
}

// Flags say what an event has, so that lists need not read it.
type Flags uint16

const (
	// HasErr: the bytes have faults.
	HasErr Flags = 1 << iota
	// HasSASL: the event carries login data.
	HasSASL
	// IsRequest: an iq of type get or set, which must be answered (RFC 6120
	// §8.2.3).
	IsRequest
	// IsAnswer: the event answers a request that was seen.
	IsAnswer
	// Answered: an answer to this event was seen.
	Answered
	// Changed: the event changed a variable of the state other than the phase.
	Changed
	// HasCondition: the event reports an error condition.
	HasCondition
	// HasNote: the tool itself has something to say about it.
	HasNote
	// oddTime: the record holds a time that nanoseconds since 1970 cannot tell.
	oddTime
	// late: the event was held while others with higher numbers passed.
	late
)

// Seq is the number of the event.
func (r Row) Seq() decode.Seq { return decode.Seq(r.seq) }

// Conn is the conversation.
func (r Row) Conn() decode.ConnID { return decode.ConnID(r.conn) }

// Dir says who sent it.
func (r Row) Dir() decode.Dir { return decode.Dir(r.dir) }

// Kind is the sort of event.
func (r Row) Kind() decode.Kind { return decode.Kind(r.kind) }

// Step is the step of the conversation.
func (r Row) Step() decode.Step { return decode.Step(r.step) }

// Phase is the phase it belongs to.
func (r Row) Phase() decode.Phase { return decode.Phase(r.phase & 15) }

// Stage is where the conversation stands once the event has happened; see
// decode.Event.Stage.
func (r Row) Stage() decode.Phase { return decode.Phase(r.phase >> 4) }

// Layer says what carries it.
func (r Row) Layer() decode.Layer { return decode.Layer(r.layer) }

// Origin says who put it on the wire.
func (r Row) Origin() decode.Origin { return decode.Origin(r.origin) }

// Time is that of the bytes that completed the event, in UTC; zero where the
// input does not tell or tells an impossible one.
func (r Row) Time() time.Time {
	if r.flags&oddTime != 0 {
		return time.Time{}
	}
	return time.Unix(0, r.time).UTC()
}

// Reply is the request that this answers, else 0.
func (r Row) Reply() decode.Seq { return decode.Seq(r.reply) }

// Answer is the first answer to this event, as far as it was seen when the
// row was read, else 0.
func (r Row) Answer() decode.Seq { return decode.Seq(r.answer) }

// Len is the length of the wire bytes.
func (r Row) Len() int { return int(r.size) }

// Flags say what the event has.
func (r Row) Flags() Flags { return r.flags }

// Has tells whether all the given flags are set.
func (r Row) Has(f Flags) bool { return r.flags&f == f }

// IsOpen tells whether the event is a request for which no answer was seen.
func (r Row) IsOpen() bool { return r.flags&(IsRequest|Answered) == IsRequest }

// load copies a row that the writer may be answering.
func (r *Row) load() Row {
	c := Row{
		time: r.time, at: r.at, seq: r.seq, conn: r.conn, reply: r.reply,
		answer: atomic.LoadUint32(&r.answer),
		size:   r.size, name: r.name, payload: r.payload, flags: r.flags,
		dir: r.dir, kind: r.kind, step: r.step, phase: r.phase, layer: r.layer, origin: r.origin,
	}
	if c.answer != 0 {
		c.flags |= Answered
	}
	return c
}

// setAnswer notes the first answer. It tells whether it was the first.
func (r *Row) setAnswer(seq decode.Seq) bool {
	return atomic.CompareAndSwapUint32(&r.answer, 0, uint32(seq))
}

// rowOf makes the row of an event without what only a Store can add: names,
// answer and place.
func rowOf(e *decode.Event) Row {
	r := Row{
		seq: uint32(e.Seq), conn: uint32(e.Conn), reply: uint32(e.Reply),
		size: uint32(min(len(e.Wire), math.MaxUint32)),
		dir:  uint8(e.Dir), kind: uint8(e.Kind), step: uint8(e.Step),
		phase: uint8(e.Phase&15 | e.Stage()<<4), layer: uint8(e.Layer), origin: uint8(e.Origin),
		flags: flagsOf(e),
	}
	if t, ok := unixNano(e.Time); ok {
		r.time = t
	} else {
		r.flags |= oddTime
	}
	return r
}

func flagsOf(e *decode.Event) Flags {
	var f Flags
	if len(e.Errs) > 0 {
		f |= HasErr
	}
	if e.SASL != nil {
		f |= HasSASL
	}
	if isRequest(e) {
		f |= IsRequest
	}
	if e.Reply != 0 {
		f |= IsAnswer
	}
	if e.State != e.After && len(decode.Changes(e.State, e.After)) > 0 {
		f |= Changed
	}
	if e.Condition != "" {
		f |= HasCondition
	}
	if e.Note != "" {
		f |= HasNote
	}
	return f
}

// isRequest tells an iq that asks (RFC 6120 §8.2.3).
func isRequest(e *decode.Event) bool {
	return e.Kind == decode.KindStanza && e.Name.Local == "iq" && (e.Type == "get" || e.Type == "set")
}

// unixNano is t in nanoseconds since 1970; false where it is zero or out of
// the range of that (years 1678 to 2262).
func unixNano(t time.Time) (int64, bool) {
	const nanos = int64(time.Second)
	if t.IsZero() {
		return 0, false
	}
	if s := t.Unix(); s < math.MinInt64/nanos+1 || s > math.MaxInt64/nanos-1 {
		return 0, false
	}
	return t.UnixNano(), true
}
