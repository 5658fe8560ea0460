package inspector

import (
	"math"

	"xmppscope/decode/xmlstream"
)

// Bounds of the dictionaries: hostile input may not fill the memory with names.
const (
	maxWords     = 1 << 16
	maxWord      = 256     // longest string that is worth sharing, in bytes
	maxWordBytes = 4 << 20 // all of them together
	maxNames     = math.MaxUint16
)

// noName in a row means that the name stands in the record only.
const noName uint16 = math.MaxUint16

// words shares strings that come again and again, such as addresses and
// types. One writer, many readers.
type words struct {
	ids   map[string]uint32 // the writer's
	bytes int
	table published[string]
}

// id finds or makes the number of a string; false where it is not shared.
func (w *words) id(s string) (uint32, bool) {
	if id, ok := w.ids[s]; ok {
		return id, true
	}
	if len(s) > maxWord || len(w.ids) >= maxWords || w.bytes+len(s) > maxWordBytes {
		return 0, false
	}
	if w.ids == nil {
		w.ids = make(map[string]uint32)
	}
	id := uint32(len(w.ids))
	// A copy, so that the dictionary does not keep a whole unit alive.
	s = string([]byte(s))
	w.ids[s] = id
	w.bytes += len(s)
	w.table.add(s)
	return id, true
}

// word gives the string back, empty for a number that was never given out.
func (w *words) word(id uint32) string {
	if all := w.table.all(); int64(id) < int64(len(all)) {
		return all[id]
	}
	return ""
}

// names is the same for expanded names. Number 0 is the empty name.
type names struct {
	ids   map[xmlstream.Name]uint16
	last  [2]nameID // the last ones asked for; most events repeat them
	bytes int
	table published[xmlstream.Name]
}

type nameID struct {
	name xmlstream.Name
	id   uint16
}

// id finds or makes the number of a name, or noName where it is not shared.
func (n *names) id(name xmlstream.Name) uint16 {
	if name == (xmlstream.Name{}) {
		return 0
	}
	if n.last[0].name == name {
		return n.last[0].id
	}
	if n.last[1].name == name {
		n.last[0], n.last[1] = n.last[1], n.last[0]
		return n.last[0].id
	}
	id := n.find(name)
	n.last[1] = n.last[0]
	n.last[0] = nameID{name, id}
	return id
}

func (n *names) find(name xmlstream.Name) uint16 {
	if id, ok := n.ids[name]; ok {
		return id
	}
	size := len(name.Space) + len(name.Local)
	if size > maxWord || len(n.ids)+1 >= maxNames || n.bytes+size > maxWordBytes {
		return noName
	}
	if n.ids == nil {
		n.ids = make(map[xmlstream.Name]uint16)
	}
	name = xmlstream.Name{Space: string([]byte(name.Space)), Local: string([]byte(name.Local))}
	id := uint16(len(n.ids) + 1)
	n.ids[name] = id
	n.bytes += size
	n.table.add(name)
	return id
}

// name gives the name back; false where the record has to be asked.
func (n *names) name(id uint16) (xmlstream.Name, bool) {
	switch all := n.table.all(); {
	case id == 0:
		return xmlstream.Name{}, true
	case int(id) <= len(all):
		return all[id-1], true
	}
	return xmlstream.Name{}, false
}
