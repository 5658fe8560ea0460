package inspector

import (
	"encoding/binary"
	"reflect"
)

// Values that are rare and have many fields, such as faults and states, are
// packed by reflection: every exported field, in order. That keeps working
// when a field is added, for packed values never outlive the process. Events
// themselves have an encoding of their own in record.go, for speed.

// appendPacked appends the exported content of v: booleans, integers, strings,
// and structs, arrays and slices of such. Anything else is left out.
func appendPacked(dst []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			return append(dst, 1)
		}
		return append(dst, 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return binary.AppendVarint(dst, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return binary.AppendUvarint(dst, v.Uint())
	case reflect.String:
		return appendString(dst, v.String())
	case reflect.Slice:
		if v.IsNil() {
			return append(dst, 0)
		}
		dst = binary.AppendUvarint(dst, uint64(v.Len())+1)
		return appendElements(dst, v)
	case reflect.Array:
		return appendElements(dst, v)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				dst = appendPacked(dst, v.Field(i))
			}
		}
	}
	return dst
}

func appendElements(dst []byte, v reflect.Value) []byte {
	if b, ok := bytesOf(v); ok {
		return append(dst, b...)
	}
	for i := range v.Len() {
		dst = appendPacked(dst, v.Index(i))
	}
	return dst
}

func bytesOf(v reflect.Value) ([]byte, bool) {
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		return v.Bytes(), true
	}
	return nil, false
}

func appendString(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// unpacker reads what was packed. After the first thing that does not fit it
// is bad and gives zero values.
type unpacker struct {
	b   []byte
	bad bool
}

// unpack fills v, which must be settable and of the type that was packed.
func (u *unpacker) unpack(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(u.byte() != 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(u.varint())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(u.uvarint())
	case reflect.String:
		v.SetString(u.string())
	case reflect.Slice:
		n := u.uvarint()
		if n == 0 || n-1 > uint64(len(u.b)) {
			u.bad = u.bad || n != 0
			return
		}
		if _, ok := bytesOf(v); ok {
			v.SetBytes(append([]byte{}, u.bytes(int(n-1))...))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), int(n-1), int(n-1)))
		u.elements(v)
	case reflect.Array:
		u.elements(v)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				u.unpack(v.Field(i))
			}
		}
	}
}

func (u *unpacker) elements(v reflect.Value) {
	for i := range v.Len() {
		u.unpack(v.Index(i))
	}
}

func (u *unpacker) byte() byte {
	if b := u.bytes(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

// bytes takes n bytes, which share the input's memory.
func (u *unpacker) bytes(n int) []byte {
	if n < 0 || n > len(u.b) {
		u.bad, u.b = true, nil
		return nil
	}
	b := u.b[:n:n]
	u.b = u.b[n:]
	return b
}

func (u *unpacker) uvarint() uint64 {
	v, n := binary.Uvarint(u.b)
	if n <= 0 {
		u.bad, u.b = true, nil
		return 0
	}
	u.b = u.b[n:]
	return v
}

func (u *unpacker) varint() int64 {
	v, n := binary.Varint(u.b)
	if n <= 0 {
		u.bad, u.b = true, nil
		return 0
	}
	u.b = u.b[n:]
	return v
}

func (u *unpacker) string() string { return string(u.bytes(u.size())) }

// size reads a length that cannot be more than what is left.
func (u *unpacker) size() int {
	n := u.uvarint()
	if n > uint64(len(u.b)) {
		u.bad, u.b = true, nil
		return 0
	}
	return int(n)
}
