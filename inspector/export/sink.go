package export

import "io"

// flushAt is how many bytes are collected before they are written.
const flushAt = 64 << 10

// sink collects output and remembers the first error, so that the writers can
// append without asking after every line.
type sink struct {
	w   io.Writer
	b   []byte
	err error
}

// full writes what was collected once it is worth a call.
func (s *sink) full() error {
	if len(s.b) >= flushAt {
		return s.Flush()
	}
	return s.err
}

// Flush writes what was collected. Errors are those of the writer beneath.
func (s *sink) Flush() error {
	if s.err == nil && len(s.b) > 0 {
		_, s.err = s.w.Write(s.b)
	}
	s.b = s.b[:0]
	return s.err
}

func (s *sink) put(text string)   { s.b = append(s.b, text...) }
func (s *sink) line(text string)  { s.b = append(append(s.b, text...), '\n') }
func (s *sink) putBytes(p []byte) { s.b = append(s.b, p...) }
