package inspector

import (
	"encoding/binary"
	"reflect"
	"unsafe"
)

// States and logins follow each other and have most of their large values in
// common: a list of features, an id of a megabyte. Written out each time, a
// few hostile bytes on the wire would cost a megabyte in the file. So a large
// value is written once, and again only when it is another one.

// sharing remembers, by the number of the field, where a large value of a
// struct type was written last.
type sharing map[int]blob

// blob is a value in the log. It holds on to the value itself, so that no
// other can come to lie at its address.
type blob struct {
	data unsafe.Pointer
	n    int
	at   int64
}

// largeString is from which length on a string is shared.
const largeString = 64

// large tells where a value lies that is worth sharing.
func large(v reflect.Value) (data unsafe.Pointer, n int, ok bool) {
	switch v.Kind() {
	case reflect.String:
		s := v.String()
		return unsafe.Pointer(unsafe.StringData(s)), len(s), len(s) > largeString
	case reflect.Slice:
		return v.UnsafePointer(), v.Len(), v.Len() > 0
	}
	return nil, 0, false
}

// appendFields packs the exported fields of a struct, the large ones as the
// places where the log has them.
func (s *Store) appendFields(dst []byte, v reflect.Value, known sharing) []byte {
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			continue
		}
		f := v.Field(i)
		data, n, ok := large(f)
		if !ok {
			dst = appendPacked(append(dst, 0), f)
			continue
		}
		b := known[i]
		if b.data != data || b.n != n {
			b = blob{data, n, s.log.write(appendPacked(nil, f), nil)}
			known[i] = b
		}
		dst = binary.AppendUvarint(append(dst, 1), uint64(b.at))
	}
	return dst
}

// fields fills the exported fields of a struct again.
func (s *Store) fields(u *unpacker, v reflect.Value) {
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			continue
		}
		if u.byte() == 0 {
			u.unpack(v.Field(i))
			continue
		}
		b, err := s.log.read(int64(u.uvarint()))
		value := unpacker{b: b}
		value.unpack(v.Field(i))
		u.bad = u.bad || err != nil || value.bad
	}
}
