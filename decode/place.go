package decode

// Place tells an event by what is the same whenever its packets are read.
type Place struct {
	Frame  uint32 // that completed it, the last of its frames
	Dir    Dir
	Kind   Kind
	Origin Origin
	Off    int64 // where it begins in its direction
	Length int   // bytes on the wire
	// Nth is the how-manieth of its carrier it is, from 1; 0 where it stands for
	// itself.
	Nth uint64
}

// PlaceOf is the place of an event; false where no frame carried it.
func PlaceOf(e *Event) (Place, bool) {
	if len(e.Frames) == 0 {
		return Place{}, false
	}
	p := Place{Dir: e.Dir, Kind: e.Kind, Origin: e.Origin, Off: e.Off, Length: len(e.Wire)}
	for _, f := range e.Frames {
		p.Frame = max(p.Frame, f)
	}
	if e.Carrier != 0 {
		p.Off, p.Length, p.Nth = 0, 0, uint64(e.Seq-e.Carrier)
	}
	return p, true
}
