package jid

import (
	"strings"
	"unicode/utf8"

	"xmppscope/decode/spec"
)

// Part is one of the three parts of an address.
type Part uint8

const (
	// Whole: the fault is in no single part.
	Whole Part = iota
	Localpart
	Domainpart
	Resourcepart
)

var partNames = [...]string{"address", "localpart", "domainpart", "resourcepart"}

func (p Part) String() string {
	if int(p) < len(partNames) {
		return partNames[p]
	}
	return ""
}

// Fault is one thing that makes a text no address.
type Fault struct {
	Part Part
	// Pos and End are bytes of the text; equal where something is missing.
	Pos, End int
	Text     string
	Ref      spec.Ref
}

// Error says in which part something is wrong, and what.
func (f *Fault) Error() string { return f.Part.String() + ": " + f.Text }

// Piece is a part as it was written.
type Piece struct {
	// Present: its separator stands there, even if it is empty itself. A domain
	// is always present.
	Present  bool
	Pos, End int
	// Raw is what was written, Form its normal form; empty where a fault
	// forbids one.
	Raw, Form string
}

// Address is a text that was taken apart, right or wrong.
type Address struct {
	Text                    string
	Local, Domain, Resource Piece
	// ASCII is the domain as DNS has it, in A-labels; empty for an IP address.
	ASCII string
	// Faults are in the order of the bytes. Remarks are allowed but worth
	// knowing.
	Faults, Remarks []Fault
}

// maxText bounds what is looked at, in bytes: three parts of MaxPart, each
// character of which may have got shorter in its normal form.
const maxText = 16 << 10

// maxFaults bounds the faults of one part that are told.
const maxFaults = 16

// Read takes a text apart. It takes time in proportion to its length, and
// looks into none that is over 16 KiB.
func Read(s string) Address {
	a := Address{Text: s}
	if len(s) > maxText {
		a.Faults = []Fault{{Whole, maxText, len(s), "it is far too long", ref("3.1")}}
		return a
	}
	a.cut()
	if i := invalidUTF8(s); i >= 0 {
		a.fault(a.partAt(i), i, i+1, "this byte is no part of valid UTF-8", ref("3.1"))
		return a
	}
	a.readLocal()
	a.readDomain()
	a.readResource()
	return a
}

// JID is the normal form, whatever the faults.
func (a *Address) JID() JID { return JID{a.Local.Form, a.Domain.Form, a.Resource.Form} }

// cut finds the three parts: first the slash, then the at sign before it
// (RFC 7622 §3.1).
func (a *Address) cut() {
	s, from, to := a.Text, 0, len(a.Text)
	if i := strings.IndexByte(s, '/'); i >= 0 {
		a.Resource, to = Piece{Present: true, Pos: i + 1, End: len(s), Raw: s[i+1:]}, i
	}
	if i := strings.IndexByte(s[:to], '@'); i >= 0 {
		a.Local, from = Piece{Present: true, End: i, Raw: s[:i]}, i+1
	}
	a.Domain = Piece{Present: true, Pos: from, End: to, Raw: s[from:to]}
}

func (a *Address) partAt(i int) Part {
	switch {
	case a.Resource.Present && i >= a.Resource.Pos:
		return Resourcepart
	case i >= a.Domain.Pos:
		return Domainpart
	}
	return Localpart
}

func (a *Address) fault(p Part, pos, end int, text string, r spec.Ref) {
	if len(a.Faults) < 3*maxFaults {
		a.Faults = append(a.Faults, Fault{p, pos, end, text, r})
	}
}

func (a *Address) remark(p Part, pos, end int, text string, r spec.Ref) {
	if len(a.Remarks) < 3*maxFaults {
		a.Remarks = append(a.Remarks, Fault{p, pos, end, text, r})
	}
}

func ref(section string) spec.Ref { return spec.RFC(7622, section) }

func invalidUTF8(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return -1
}
