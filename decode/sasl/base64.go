package sasl

import (
	"fmt"
	"slices"

	"xmppscope/decode/spec"
)

var (
	refBase64      = spec.RFC(6120, "13.9.1")
	refBase64SASL2 = spec.XEP(388, "2.2")
)

const (
	ruleIllegal = "sasl-base64-illegal"
	rulePadding = "sasl-base64-padding"
)

// decodeBase64 decodes strictly and goes on after a fault: a foreign
// character is skipped, padding in the middle closes a group. Each class of
// fault is reported once, with its first byte and its count, so that a
// message wrapped at 76 columns gives one fault and not a hundred. Unsound
// means that symbols are lost or shifted, so that the bytes after them are
// noise.
func decodeBase64(p []byte, ref spec.Ref) (data []byte, faults []Fault, unsound bool) {
	d := base64Reader{out: make([]byte, 0, len(p)/4*3+3)}
	for i, c := range p {
		d.symbol(i, c)
	}
	d.end(len(p))
	unsound = d.count[classForeign]+d.count[classLeftOver]+d.count[classEqualsEarly] > 0
	return d.out, d.report(ref), unsound
}

// base64Class is a way in which base64 goes wrong.
type base64Class uint8

const (
	classBlank base64Class = iota
	classURL
	classForeign
	classEqualsEarly
	classAfterPadding
	classLeftOver
	classUnpadded
	classBits
	classCount
)

type base64Reader struct {
	out   []byte
	acc   uint32 // the open group, 6 bits a symbol
	n     int    // symbols in it
	pads  int    // "=" seen in it
	padAt int    // byte of the first of those
	last  int    // byte of its last symbol
	at    [4]int // bytes of its symbols
	done  bool   // a padded group was closed: nothing may follow

	places []Span // of the symbols behind each byte, for [Places]

	first  [classCount]int
	count  [classCount]int
	sample [classCount]byte
}

func (d *base64Reader) fault(class base64Class, pos int, c byte) {
	if d.count[class] == 0 {
		d.first[class], d.sample[class] = pos, c
	}
	d.count[class]++
}

func (d *base64Reader) symbol(i int, c byte) {
	v := base64Value(c)
	switch {
	case c == '=':
		d.equals(i)
		return
	case v >= 0:
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		d.fault(classBlank, i, c)
		return
	case c == '-' || c == '_':
		d.fault(classURL, i, c)
		v = 62
		if c == '_' {
			v = 63
		}
	default:
		d.fault(classForeign, i, c)
		return
	}
	if d.pads > 0 { // a group with one "=" of two
		d.fault(classEqualsEarly, d.padAt, '=')
		d.flush()
	} else if d.done {
		d.fault(classAfterPadding, i, c)
	}
	d.done = false
	d.at[d.n] = i
	d.acc, d.n, d.last = d.acc<<6|uint32(v), d.n+1, i
	if d.n == 4 {
		d.out = append(d.out, byte(d.acc>>16), byte(d.acc>>8), byte(d.acc))
		d.place()
		d.acc, d.n = 0, 0
	}
}

func (d *base64Reader) equals(i int) {
	if d.n < 2 {
		d.fault(classEqualsEarly, i, '=')
		return
	}
	if d.pads == 0 {
		d.padAt = i
	}
	d.pads++
	if d.n+d.pads == 4 {
		d.flush()
		d.done = true
	}
}

// flush writes the whole bytes of a group that is not full.
func (d *base64Reader) flush() {
	switch d.n {
	case 2:
		d.out = append(d.out, byte(d.acc>>4))
		d.place()
		d.bits(d.acc & 0x0F)
	case 3:
		d.out = append(d.out, byte(d.acc>>10), byte(d.acc>>2))
		d.place()
		d.bits(d.acc & 0x03)
	}
	d.acc, d.n, d.pads = 0, 0, 0
}

func (d *base64Reader) bits(rest uint32) {
	if rest != 0 {
		d.fault(classBits, d.last, 0)
	}
}

func (d *base64Reader) end(length int) {
	switch {
	case d.n == 1:
		d.fault(classLeftOver, d.last, 0)
	case d.n > 1:
		d.fault(classUnpadded, length, 0)
		d.flush()
	}
}

func (d *base64Reader) report(ref spec.Ref) []Fault {
	var faults []Fault
	for class := range classCount {
		if d.count[class] == 0 {
			continue
		}
		rule, text := base64Text(class, d.sample[class])
		if more := d.count[class] - 1; more > 0 {
			text += fmt.Sprintf(" (and %d more like it)", more)
		}
		faults = append(faults, Fault{Rule: rule, Text: text, Pos: d.first[class], InBase64: true, Ref: ref})
	}
	slices.SortStableFunc(faults, func(a, b Fault) int { return a.Pos - b.Pos })
	return faults
}

func base64Text(class base64Class, c byte) (rule, text string) {
	switch class {
	case classBlank:
		name := map[byte]string{' ': "a blank", '\t': "a tab", '\n': "a line break", '\r': "a carriage return"}[c]
		return ruleIllegal, name + " inside the base64; many encoders wrap lines unless told not to"
	case classURL:
		return ruleIllegal, fmt.Sprintf("%q belongs to the URL-safe alphabet, which is not used here", c)
	case classForeign:
		return ruleIllegal, fmt.Sprintf("%s is no base64 character", charName(c))
	case classEqualsEarly:
		return rulePadding, "\"=\" where data must stand"
	case classAfterPadding:
		return rulePadding, "data after the closing \"=\""
	case classLeftOver:
		return rulePadding, "the length is impossible: one character is left over, too little for a byte"
	case classUnpadded:
		return rulePadding, "the closing \"=\" is missing"
	default:
		return rulePadding, "the unused bits of the last character are not zero"
	}
}

func charName(c byte) string {
	if c > 0x20 && c < 0x7F {
		return fmt.Sprintf("%q", rune(c))
	}
	return fmt.Sprintf("the byte %02X", c)
}

func base64Value(c byte) int {
	switch {
	case c >= 'A' && c <= 'Z':
		return int(c - 'A')
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 26
	case c >= '0' && c <= '9':
		return int(c-'0') + 52
	case c == '+':
		return 62
	case c == '/':
		return 63
	}
	return -1
}
