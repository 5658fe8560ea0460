package sasl

// Parts are the pieces of a message that AddParts made, nil for any other. A
// message made again from them equals this one.
func (m *Message) Parts() []Part {
	if m.parts == nil {
		return nil
	}
	parts := make([]Part, len(m.parts))
	for i, p := range m.parts {
		parts[i] = Part{p.name, string(m.Data[p.span.Start:p.span.End])}
	}
	return parts
}
