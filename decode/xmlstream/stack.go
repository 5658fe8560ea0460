package xmlstream

// stack holds the names of open elements. It keeps copies: names are short,
// and the bytes they came from may have left the unit.
type stack struct {
	names []byte
	open  []mark
}

type mark struct {
	end int // of the name in names
	at  int // where in the unit the start tag is
}

func (s *stack) depth() int { return len(s.open) }

func (s *stack) push(name []byte, at int) {
	s.names = append(s.names, name...)
	s.open = append(s.open, mark{len(s.names), at})
}

// top is the innermost open element.
func (s *stack) top() (name []byte, at int) {
	i := len(s.open) - 1
	return s.name(i), s.open[i].at
}

func (s *stack) name(i int) []byte {
	if i == 0 {
		return s.names[:s.open[0].end]
	}
	return s.names[s.open[i-1].end:s.open[i].end]
}

// find is how many elements would be open if the innermost one called name
// were closed; -1 if none is.
func (s *stack) find(name []byte) int {
	for i := len(s.open) - 1; i >= 0; i-- {
		if string(s.name(i)) == string(name) {
			return i
		}
	}
	return -1
}

// cutTo leaves the n outermost elements open.
func (s *stack) cutTo(n int) {
	s.open = s.open[:n]
	if n == 0 {
		s.names = s.names[:0]
		return
	}
	s.names = s.names[:s.open[n-1].end]
}

// clear closes everything, and lets go of what a freak of a name took.
func (s *stack) clear() {
	s.cutTo(0)
	if cap(s.names) > 16<<10 {
		s.names = nil
	}
}
