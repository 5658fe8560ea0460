package tui

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"xmppscope/captures"
	"xmppscope/captures/samples"
	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/decode/sasl"
)

// Every part of every event of every shipped recording stands in the bytes of
// what it is said to be of, its way down to the wire and up again leads back to
// it, and a field of a login decodes to what the wire holds.
func TestPartsLeadToTheWireAndBack(t *testing.T) {
	for _, s := range samples.All() {
		t.Run(s.Name, func(t *testing.T) {
			open := func(context.Context) (io.ReadCloser, error) {
				f, _, err := samples.Open(s.Name)
				return f, err
			}
			parts, logins := 0, 0
			for it, err := range captures.Read(context.Background(), []captures.Input{{Name: s.File, Size: -1, Open: open}}, captures.Options{}) {
				if err != nil {
					t.Fatal(err)
				}
				if it.Event == nil {
					continue
				}
				seamed(t, it.Event)
				p, l := linked(t, it.Event)
				parts, logins = parts+p, logins+l
			}
			if parts == 0 {
				t.Error("nothing can be selected in it")
			}
			if strings.Contains(s.Name, "scram") && logins < 8 {
				t.Errorf("only %d fields of logins", logins)
			}
		})
	}
}

// seamed checks that the seams between frames part the bytes of TCP in order.
func seamed(t *testing.T, e *decode.Event) {
	t.Helper()
	if n := max(len(e.Frames)-1, 0); len(e.Wire) > 0 && len(e.Seams) != n {
		t.Errorf("#%d: %d seams between %d frames", e.Seq, len(e.Seams), len(e.Frames))
	}
	at := e.Raw.Start
	for _, s := range e.Seams {
		if s <= at || s >= e.Raw.End {
			t.Errorf("#%d: seams %v in %v", e.Seq, e.Seams, e.Raw)
		}
		at = s
	}
}

// linked checks the parts of one event, and counts them.
func linked(t *testing.T, e *decode.Event) (parts, logins int) {
	t.Helper()
	l := linksOf(e)
	x := explain.Event(e)
	for _, s := range partsOf(e, l, &x) {
		parts++
		if s.start < 0 || s.start >= s.end || s.end > len(l.bytesOf(s.in)) {
			t.Fatalf("#%d: %s stands at %d to %d of %d bytes", e.Seq, s.name, s.start, s.end, len(l.bytesOf(s.in)))
		}
		if s.name == "" {
			t.Errorf("#%d: a part without a name at %d", e.Seq, s.start)
		}
		bottom := lint.InText
		if l.runs != nil {
			bottom = inWire
		}
		down, ok := l.find(s, bottom)
		if !ok {
			t.Fatalf("#%d: %s of %v is not on the wire", e.Seq, s.name, s.in)
		}
		if down.start < 0 || down.end > len(l.bytesOf(bottom)) || down.name != s.name {
			t.Fatalf("#%d: %s is at %d to %d of the wire", e.Seq, s.name, down.start, down.end)
		}
		up, ok := l.find(down, s.in)
		if !ok || up.start > s.start || up.end < s.end || up.end-up.start > s.end-s.start+4 {
			t.Errorf("#%d: %s at %d to %d leads back to %d to %d", e.Seq, s.name, s.start, s.end, up.start, up.end)
		}
		if s.in == lint.InLogin {
			logins++
			decodes(t, e, l, s, down)
		}
	}
	return parts, logins
}

// decodes checks that the characters of base64 which carry a field decode to
// bytes that hold it.
func decodes(t *testing.T, e *decode.Event, l *links, s, down stretch) {
	t.Helper()
	b64, ok := l.find(s, lint.InBase64)
	if !ok {
		if len(l.base64) > 0 {
			t.Errorf("#%d: %s is in no base64", e.Seq, s.name)
		}
		return
	}
	// Groups of four characters give whole bytes.
	from, to := b64.start/4*4, min((b64.end+3)/4*4, len(l.base64))
	var m sasl.Exchange
	data := m.Add(sasl.Response, l.base64[from:to]).Data
	if !bytes.Contains(data, l.of(s)) {
		t.Errorf("#%d: %q of %s is not in %q", e.Seq, l.of(s), s.name, data)
	}
	if down.in == lint.InText && !bytes.Equal(l.of(down), l.of(b64)) && bytes.Contains(l.text, l.base64) {
		t.Errorf("#%d: %s stands at %q of the text and %q of the base64", e.Seq, s.name, l.of(down), l.of(b64))
	}
}

// Broken base64, masked frames in pieces, compression and texts with references
// have places too, or none, but never wrong ones.
func TestPlacesOfHostileBytes(t *testing.T) {
	frame := "\x01\x83\x01\x02\x03\x04=`k" + "\x89\x80\x00\x00\x00\x00" + "\x80\x84\x00\x00\x00\x00/>ab"
	e := decode.Event{Kind: decode.KindNonza, Wire: []byte(frame), XML: []byte("<bh/>ab")}
	l := linksOf(&e)
	for _, c := range []struct {
		s    stretch
		to   lint.Part
		want string
	}{
		{stretch{start: 3, end: 5}, inWire, "/>"},
		{stretch{start: 0, end: 1}, inWire, "="},
		{stretch{start: 21, end: 23, in: inWire}, lint.InText, "/>"},
	} {
		got, ok := l.find(c.s, c.to)
		if text := string(l.of(got)); !ok || text != c.want {
			t.Errorf("%v leads to %q, not %q", c.s, text, c.want)
		}
	}
	if _, ok := l.find(stretch{start: 9, end: 13, in: inWire}, lint.InText); ok {
		t.Error("a ping between the pieces is taken for text")
	}
	for _, s := range []string{"", "=", "A", "AG 1i\nZWQ=", "AG==1iZWQ", "AG1iZWQ&#61;", "\xff\x00", "AG1i****ZWQ=", "A=G1=i=="} {
		e := decode.Event{Kind: decode.KindNonza, Wire: []byte("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + s + "</auth>")}
		x := &sasl.Exchange{Mechanism: "PLAIN"}
		x.Add(sasl.InitialResponse, []byte(s))
		e.SASL = x
		l := linksOf(&e)
		if len(l.places) != len(l.data) {
			t.Errorf("%q: %d places of %d bytes", s, len(l.places), len(l.data))
		}
		for i := range l.data {
			got, ok := l.find(stretch{start: i, end: i + 1, in: lint.InLogin}, lint.InBase64)
			if !ok || got.end > len(s) {
				t.Errorf("%q: byte %d is at %v", s, i, got)
			}
		}
	}
}
