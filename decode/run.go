package decode

import (
	"time"

	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// maxRun is the longest run that becomes one event, in bytes.
const maxRun = 64 << 10

// runKind says why bytes come out as they are.
type runKind uint8

const (
	noRun     runKind = iota
	opaqueRun         // TLS records that were not decrypted
	strayRun          // clear bytes where TLS should begin
	brokenRun         // what follows a fault that nothing can be read behind
)

// run is bytes that no layer reads. A run ends where the other side speaks, so
// that it does not depend on how the bytes were cut.
type run struct {
	kind  runKind
	note  string
	fault *xmlstream.SyntaxError // told with the first event
	bytes []byte
	off   int64
	x     Extent
}

// like is a run that goes on as this one.
func (r *run) like(p []byte, off int64, x Extent) run {
	return run{kind: r.kind, note: r.note, bytes: p, off: off, x: x}
}

// pass puts more into the run of a direction.
func (c *Conn) pass(dir Dir, t time.Time, more run) {
	c.flushRun(dir.Other(), c.half[dir.Other()].last)
	r := &c.half[dir].run
	if r.kind != more.kind || r.note != more.note {
		c.flushRun(dir, t)
		*r = run{kind: more.kind, note: more.note, fault: more.fault}
	}
	exact := more.x.End-more.x.Start == int64(len(more.bytes))
	for p := more.bytes; len(p) > 0; {
		n := min(len(p), maxRun-len(r.bytes))
		if len(r.bytes) == 0 {
			r.off, r.x.Start = more.off, more.x.Start
		}
		r.bytes = append(r.bytes, p[:n]...)
		r.x.End = more.x.End
		p = p[n:]
		more.off += int64(n)
		if exact {
			more.x.Start += int64(n)
			r.x.End = more.x.Start
		}
		if len(r.bytes) == maxRun {
			c.flushRun(dir, t)
		}
	}
}

// flushRun makes an event of what a direction's run holds.
func (c *Conn) flushRun(dir Dir, t time.Time) {
	r := &c.half[dir].run
	if len(r.bytes) == 0 {
		return
	}
	var e *Event
	switch r.kind {
	case opaqueRun:
		e = c.event(dir, t, KindTLS)
		e.Step = c.tlsStep()
	case strayRun:
		e = c.stray(dir, t, r.bytes)
	default:
		e = c.event(dir, t, KindBroken)
	}
	e.Wire, e.Off, e.Raw, e.Note = r.bytes, r.off, r.x, r.note
	if r.fault != nil {
		e.Errs = append(e.Errs, *r.fault)
	}
	r.bytes, r.fault = nil, nil
	c.emit(e, nil, nil)
}

func afterProceed(run []byte) xmlstream.SyntaxError {
	if isSpace(run) {
		return xmlstream.SyntaxError{Rule: "starttls-whitespace", End: len(run), Ref: spec.RFC(6120, "5.3.3"),
			Text: "white space between proceed and the first TLS record"}
	}
	return xmlstream.SyntaxError{Rule: "starttls-plaintext-injection", End: len(run), Ref: spec.RFC(6120, "5.4.3.3"),
		Text: "this is no TLS record, though TLS was agreed on"}
}
