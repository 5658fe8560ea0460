package im

import (
	"encoding/binary"
	"math"

	"xmppscope/decode"
)

// Most sessions of a large capture are idle most of the time, and the roster is
// most of what they know. Rest keeps it as one piece of bytes, until somebody
// asks.

// Rest makes the session small until its next event or question. It changes no
// answer.
func (s *Session) Rest() {
	s.changes, s.words, s.codes, s.buf = nil, nil, nil, nil
	s.more, s.tree = 0, nil
	s.roster.rest(packItem, unpackItem)
}

// rest packs the entries; most and budget held them before, so nothing is
// forgotten when they are taken out again.
func (t *table[K, V]) rest(pack func([]byte, K, *V) []byte, unpack func([]byte) (K, V, []byte)) {
	if t.packed != nil || len(t.at) == 0 {
		return
	}
	var buf []byte
	for k, v := range t.all() {
		buf = binary.AppendUvarint(buf, uint64(t.at[k].size))
		buf = pack(buf, k, v)
	}
	n := len(t.at)
	t.packed = append([]byte(nil), buf...)
	t.at, t.first, t.last = nil, nil, nil
	t.wake = func() {
		buf, bytes := t.packed, t.bytes
		t.packed, t.wake = nil, nil
		t.at, t.bytes = make(map[K]*entry[K, V], n), 0
		most, budget := t.most, t.budget
		t.most, t.budget = math.MaxInt, math.MaxInt
		for len(buf) > 0 {
			size, used := binary.Uvarint(buf)
			var k K
			var v V
			k, v, buf = unpack(buf[used:])
			t.put(k, v, int(size))
		}
		t.most, t.budget, t.bytes = most, budget, bytes
	}
}

func packItem(to []byte, k string, i *Item) []byte {
	flags := byte(0)
	for n, b := range [...]bool{i.Ask, i.Approved, i.Listed, k == i.JID} {
		if b {
			flags |= 1 << n
		}
	}
	to = append(to, flags, byte(i.State))
	if k != i.JID {
		to = packText(to, k)
	}
	for _, text := range [...]string{i.JID, i.Name, i.Subscription, i.sent} {
		to = packText(to, text)
	}
	for _, seq := range [...]decode.Seq{i.Seq, i.StateSeq, i.sure, i.sweep, i.sentSeq} {
		to = binary.AppendUvarint(to, uint64(seq))
	}
	to = binary.AppendUvarint(to, uint64(len(i.Groups)))
	for _, g := range i.Groups {
		to = packText(to, g)
	}
	return to
}

func unpackItem(from []byte) (k string, i Item, rest []byte) {
	flags := from[0]
	i.State = State(from[1])
	i.Ask, i.Approved, i.Listed = flags&1 != 0, flags&2 != 0, flags&4 != 0
	from = from[2:]
	if flags&8 == 0 {
		k, from = unpackText(from)
	}
	for _, text := range [...]*string{&i.JID, &i.Name, &i.Subscription, &i.sent} {
		*text, from = unpackText(from)
	}
	if flags&8 != 0 {
		k = i.JID
	}
	for _, seq := range [...]*decode.Seq{&i.Seq, &i.StateSeq, &i.sure, &i.sweep, &i.sentSeq} {
		n, used := binary.Uvarint(from)
		*seq, from = decode.Seq(n), from[used:]
	}
	n, used := binary.Uvarint(from)
	from = from[used:]
	if n > 0 {
		i.Groups = make([]string, n)
	}
	for g := range i.Groups {
		i.Groups[g], from = unpackText(from)
	}
	return k, i, from
}

func packText(to []byte, text string) []byte {
	return append(binary.AppendUvarint(to, uint64(len(text))), text...)
}

func unpackText(from []byte) (text string, rest []byte) {
	n, used := binary.Uvarint(from)
	from = from[used:]
	return string(from[:n]), from[n:]
}
