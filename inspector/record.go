package inspector

import (
	"encoding/binary"
	"reflect"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// A record is what a Row does not hold of an event: a set of has bits, the
// parts they announce in the order of the bits, then the wire bytes up to the
// length in the row. State, After and Scope stand beside (side.go), because
// many events share them.

// has tells which parts a record has.
type has uint32

const (
	hasName has = 1 << iota
	hasPayload
	hasID
	hasType
	hasFrom
	hasTo
	hasCondition
	hasOff
	hasLost
	hasLedger
	hasFrames
	hasXML
	hasErrs
	hasNote
	hasTime
	hasLogin
	hasCarrier
	hasRelated
	hasRaw
	nilWire
	hasPause
	hasOriginal
	hasSeams
)

// recorder writes the head of a record: everything but the wire bytes.
type recorder struct {
	words *words
	b     []byte
}

// encode makes the head of e's record. It is valid until the next call. login
// is what encodeLogin made of e.SASL, empty where there is none.
func (w *recorder) encode(e *decode.Event, r *Row, login []byte) []byte {
	h := partsOf(e, r)
	if len(login) > 0 {
		h |= hasLogin
	}
	w.b = binary.AppendUvarint(w.b[:0], uint64(h))
	if h&hasName != 0 {
		w.inline(e.Name.Space)
		w.inline(e.Name.Local)
	}
	if h&hasPayload != 0 {
		w.inline(e.Payload.Space)
		w.inline(e.Payload.Local)
	}
	if h&hasID != 0 {
		w.inline(e.ID)
	}
	if h&hasType != 0 {
		w.word(e.Type)
	}
	if h&hasFrom != 0 {
		w.word(e.From)
	}
	if h&hasTo != 0 {
		w.word(e.To)
	}
	if h&hasCondition != 0 {
		w.word(e.Condition)
	}
	w.numbers(h, e)
	w.rare(h, e, login)
	return w.b
}

func partsOf(e *decode.Event, r *Row) has {
	var h has
	set := func(b has, is bool) {
		if is {
			h |= b
		}
	}
	set(hasName, r.name == noName)
	set(hasPayload, r.payload == noName)
	set(hasID, e.ID != "")
	set(hasType, e.Type != "")
	set(hasFrom, e.From != "")
	set(hasTo, e.To != "")
	set(hasCondition, e.Condition != "")
	set(hasOff, e.Off != 0)
	set(hasLost, e.Lost != 0)
	set(hasPause, e.Pause != 0)
	set(hasLedger, e.SM != decode.Ledger{})
	set(hasFrames, e.Frames != nil)
	set(hasSeams, e.Seams != nil)
	set(hasCarrier, e.Carrier != 0)
	set(hasRelated, e.Related != 0)
	set(hasRaw, e.Raw != besideWire(e))
	set(hasXML, e.XML != nil)
	set(hasErrs, e.Errs != nil)
	set(hasNote, e.Note != "")
	set(hasTime, r.flags&oddTime != 0 && !e.Time.IsZero())
	set(nilWire, e.Wire == nil)
	set(hasOriginal, e.Original != nil)
	return h
}

// besideWire is where the wire bytes stand in TCP where nothing wraps them.
func besideWire(e *decode.Event) decode.Extent {
	return decode.Extent{Start: e.Off, End: e.Off + int64(len(e.Wire))}
}

func (w *recorder) numbers(h has, e *decode.Event) {
	if h&hasOff != 0 {
		w.b = binary.AppendVarint(w.b, e.Off)
	}
	if h&hasLost != 0 {
		w.b = binary.AppendVarint(w.b, e.Lost)
	}
	if h&hasPause != 0 {
		w.b = binary.AppendVarint(w.b, int64(e.Pause))
	}
	if h&hasCarrier != 0 {
		w.b = binary.AppendUvarint(w.b, uint64(e.Carrier))
	}
	if h&hasRelated != 0 {
		w.b = binary.AppendUvarint(w.b, uint64(e.Related))
	}
	if h&hasRaw != 0 {
		w.b = binary.AppendVarint(w.b, e.Raw.Start)
		w.b = binary.AppendVarint(w.b, e.Raw.End-e.Raw.Start)
	}
	if h&hasLedger != 0 {
		for _, n := range [...]uint32{e.SM.Sent[0], e.SM.Sent[1], e.SM.Acked[0], e.SM.Acked[1]} {
			w.b = binary.AppendUvarint(w.b, uint64(n))
		}
	}
	if h&hasFrames != 0 {
		w.b = binary.AppendUvarint(w.b, uint64(len(e.Frames)))
		last := int64(0)
		for _, f := range e.Frames {
			w.b = binary.AppendVarint(w.b, int64(f)-last)
			last = int64(f)
		}
	}
	if h&hasSeams != 0 {
		w.b = binary.AppendUvarint(w.b, uint64(len(e.Seams)))
		last := e.Off
		for _, at := range e.Seams {
			w.b = binary.AppendVarint(w.b, at-last)
			last = at
		}
	}
}

func (w *recorder) rare(h has, e *decode.Event, login []byte) {
	if h&hasXML != 0 {
		w.b = append(binary.AppendUvarint(w.b, uint64(len(e.XML))), e.XML...)
	}
	if h&hasOriginal != 0 {
		w.b = append(binary.AppendUvarint(w.b, uint64(len(e.Original))), e.Original...)
	}
	if h&hasErrs != 0 {
		w.b = appendPacked(w.b, reflect.ValueOf(e.Errs))
	}
	if h&hasNote != 0 {
		w.word(e.Note)
	}
	if h&hasTime != 0 {
		w.b = binary.AppendVarint(w.b, e.Time.Unix())
		w.b = binary.AppendUvarint(w.b, uint64(e.Time.Nanosecond()))
	}
	if h&hasLogin != 0 {
		w.b = append(binary.AppendUvarint(w.b, uint64(len(login))), login...)
	}
}

func (w *recorder) inline(s string) { w.b = appendString(w.b, s) }

// word writes a string that is likely to come again: its number where the
// dictionary has room, else the string.
func (w *recorder) word(s string) {
	if id, ok := w.words.id(s); ok {
		w.b = binary.AppendUvarint(w.b, uint64(id)<<1|1)
		return
	}
	w.b = append(binary.AppendUvarint(w.b, uint64(len(s))<<1), s...)
}

// decodeRecord fills e from its row and record and returns the login part. It
// is false where the record is not what was written.
func decodeRecord(b []byte, r *Row, words *words, names *names, e *decode.Event) (login []byte, ok bool) {
	u := unpacker{b: b}
	h := has(u.uvarint())
	*e = decode.Event{
		Seq: r.Seq(), Conn: r.Conn(), Dir: r.Dir(), Kind: r.Kind(), Step: r.Step(), Phase: r.Phase(),
		Layer: r.Layer(), Origin: r.Origin(), Time: r.Time(), Reply: r.Reply(),
	}
	e.Name, _ = names.name(r.name)
	e.Payload, _ = names.name(r.payload)
	if h&hasName != 0 {
		e.Name = xmlstream.Name{Space: u.string(), Local: u.string()}
	}
	if h&hasPayload != 0 {
		e.Payload = xmlstream.Name{Space: u.string(), Local: u.string()}
	}
	if h&hasID != 0 {
		e.ID = u.string()
	}
	if h&hasType != 0 {
		e.Type = u.word(words)
	}
	if h&hasFrom != 0 {
		e.From = u.word(words)
	}
	if h&hasTo != 0 {
		e.To = u.word(words)
	}
	if h&hasCondition != 0 {
		e.Condition = u.word(words)
	}
	u.numbers(h, e)
	login = u.rare(h, e, words)
	if h&nilWire == 0 {
		e.Wire = u.bytes(r.Len())
	}
	if h&hasRaw == 0 {
		e.Raw = besideWire(e)
	}
	return login, !u.bad
}

func (u *unpacker) numbers(h has, e *decode.Event) {
	if h&hasOff != 0 {
		e.Off = u.varint()
	}
	if h&hasLost != 0 {
		e.Lost = u.varint()
	}
	if h&hasPause != 0 {
		e.Pause = time.Duration(u.varint())
	}
	if h&hasCarrier != 0 {
		e.Carrier = decode.Seq(u.uvarint())
	}
	if h&hasRelated != 0 {
		e.Related = decode.Seq(u.uvarint())
	}
	if h&hasRaw != 0 {
		e.Raw.Start = u.varint()
		e.Raw.End = e.Raw.Start + u.varint()
	}
	if h&hasLedger != 0 {
		for _, n := range [...]*uint32{&e.SM.Sent[0], &e.SM.Sent[1], &e.SM.Acked[0], &e.SM.Acked[1]} {
			*n = uint32(u.uvarint())
		}
	}
	if h&hasFrames != 0 {
		e.Frames = make([]uint32, u.size())
		last := int64(0)
		for i := range e.Frames {
			last += u.varint()
			e.Frames[i] = uint32(last)
		}
	}
	if h&hasSeams != 0 {
		e.Seams = make([]int64, u.size())
		last := e.Off
		for i := range e.Seams {
			last += u.varint()
			e.Seams[i] = last
		}
	}
}

func (u *unpacker) rare(h has, e *decode.Event, words *words) (login []byte) {
	if h&hasXML != 0 {
		e.XML = u.bytes(u.size())
	}
	if h&hasOriginal != 0 {
		e.Original = u.bytes(u.size())
	}
	if h&hasErrs != 0 {
		u.unpack(reflect.ValueOf(&e.Errs).Elem())
	}
	if h&hasNote != 0 {
		e.Note = u.word(words)
	}
	if h&hasTime != 0 {
		sec := u.varint()
		e.Time = time.Unix(sec, int64(u.uvarint())).UTC()
	}
	if h&hasLogin != 0 {
		login = u.bytes(u.size())
	}
	return login
}

// word reads what recorder.word wrote.
func (u *unpacker) word(words *words) string {
	n := u.uvarint()
	if n&1 != 0 {
		return words.word(uint32(n >> 1))
	}
	if n>>1 > uint64(len(u.b)) {
		u.bad, u.b = true, nil
		return ""
	}
	return string(u.bytes(int(n >> 1)))
}
