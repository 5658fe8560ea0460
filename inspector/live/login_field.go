package live

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// Value is the bytes of a field as they go into the message; false where it is
// to be hexadecimal and is not.
func (f *LoginField) Value() ([]byte, bool) {
	if !f.Hex {
		return []byte(f.Now), true
	}
	raw, err := hex.DecodeString(strings.ReplaceAll(f.Now, " ", ""))
	if err != nil {
		return nil, false
	}
	if f.Base64 {
		return []byte(base64.StdEncoding.EncodeToString(raw)), true
	}
	return raw, true
}

// Changed tells whether the value is another one than it came with.
func (f *LoginField) Changed() bool {
	v, ok := f.Value()
	return !ok || string(v) != f.raw
}

// Text is the whole unit as the fields have it now. A field that has no value is
// as it came, see Fault.
func (l *Login) Text() string {
	var b []byte
	for i := range l.Fields {
		v, ok := l.Fields[i].Value()
		if !ok {
			v = []byte(l.Fields[i].raw)
		}
		b = append(append(b, l.fixed[i]...), v...)
	}
	return l.finish(append(b, l.fixed[len(l.Fields)]...))
}

// Fault says which field has no value, empty where each has one.
func (l *Login) Fault() string {
	for i := range l.Fields {
		if _, ok := l.Fields[i].Value(); !ok {
			return l.Fields[i].Name + " is to be hexadecimal: two digits for each byte"
		}
	}
	return ""
}

// bytes are those that a field is about: what its base64 stands for, or its
// value.
func (f *LoginField) bytes() ([]byte, bool) {
	v, ok := f.Value()
	if !ok {
		return nil, false
	}
	if f.Base64 {
		raw, err := base64.StdEncoding.DecodeString(string(v))
		return raw, err == nil
	}
	return v, true
}

// put writes bytes as the field shows them; false where it cannot.
func (f *LoginField) put(raw []byte) bool {
	switch {
	case f.Hex:
		f.Now = hex.EncodeToString(raw)
	case f.Base64:
		f.Now = base64.StdEncoding.EncodeToString(raw)
	case !editable(string(raw)):
		return false
	default:
		f.Now = string(raw)
	}
	return true
}

// TurnHex shows a field in hexadecimal, or as it came again; false where that
// cannot be.
func (f *LoginField) TurnHex() bool {
	raw, ok := f.bytes()
	if !ok {
		return false
	}
	f.Hex = !f.Hex
	if !f.put(raw) {
		f.Hex = !f.Hex
		return false
	}
	return true
}

// Flip turns the lowest bit of the byte that stands at an offset of Now, of the
// last one behind its end; false where there is none, or where the result
// could not be shown.
func (f *LoginField) Flip(at int) bool {
	raw, ok := f.bytes()
	if !ok || len(raw) == 0 {
		return false
	}
	switch {
	case f.Hex:
		at /= 2
	case f.Base64:
		at = at * 3 / 4
	}
	at = max(0, min(at, len(raw)-1))
	raw[at] ^= 1
	return f.put(raw)
}
