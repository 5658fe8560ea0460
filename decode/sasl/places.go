package sasl

// Places tells for every byte that base64 text decodes to which of its
// characters hold it: two that are neighbours unless something that does not
// belong stands between them. It has as many entries as Message.Data has bytes.
func Places(base64 []byte) []Span {
	if len(base64) == 1 && base64[0] == '=' { // zero bytes on purpose
		return nil
	}
	d := base64Reader{out: make([]byte, 0, len(base64)/4*3+3), places: make([]Span, 0, len(base64)/4*3+3)}
	for i, c := range base64 {
		d.symbol(i, c)
	}
	d.end(len(base64))
	return d.places
}

// place notes the characters of the bytes that a group gave.
func (d *base64Reader) place() {
	if d.places == nil {
		return
	}
	for i := range d.n - 1 {
		d.places = append(d.places, Span{d.at[i], d.at[i+1] + 1})
	}
}
