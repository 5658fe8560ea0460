// Package inflate decompresses streams that never end: zlib (RFC 1950) and raw
// deflate (RFC 1951) as they come in, piece by piece. Whatever the input
// determines comes out at once, however the peer flushes.
//
// It knows compressed bytes. It must not know what is inside.
package inflate

// Limits of a stream. Zero values mean the defaults.
type Limits struct {
	// Ratio is how many bytes may come of one, judged once the first MiB is
	// out; default 200.
	Ratio int
	// Total is how many bytes may come out altogether; default 1 GiB.
	Total int64
}

func (l Limits) withDefaults() Limits {
	if l.Ratio == 0 {
		l.Ratio = 200
	}
	if l.Total == 0 {
		l.Total = 1 << 30
	}
	return l
}

// Error says where a stream cannot be read any more.
type Error struct {
	Pos  int64  // compressed bytes before the fault
	Rule string // in the style of the lint rules
	Text string // in plain words
}

func (e *Error) Error() string { return e.Text }

const (
	windowSize = 32 << 10
	maxOut     = 64 << 10 // bytes of one Read
	freeRatio  = 1 << 20  // bytes before the ratio counts
)

// state is a place where reading can stop for want of input.
type state uint8

const (
	atHeader state = iota
	atBlock
	atStored
	inStored
	atDynamic
	atCodeLengths
	atLengths
	inSymbols
	inLength
	atDistance
	inDistance
	inCopy
	atTrailer
	finished
)

// Reader decompresses one stream. It is not safe for concurrent use.
type Reader struct {
	limits Limits
	zlib   bool
	state  state
	err    *Error
	in     []byte // not read yet
	pos    int64  // bytes read
	bits   uint64 // read and not used, lowest first
	nbits  uint
	last   bool // the block at hand is the final one

	// out is the window and what comes next: what stands before sent was given
	// out.
	out  []byte
	sent int
	all  int64 // bytes given out
	sum  uint32

	stored     int
	nlit, ndis int
	ncode, got int
	lengths    [320]uint8
	lit, dis   table
	code       table
	isFixed    bool // lit and dis are those of RFC 1951 §3.2.6
	sym        int
	copyLen    int
	copyDist   int
}

// NewZlib reads a stream with the header and checksum of RFC 1950.
func NewZlib(l Limits) *Reader {
	return &Reader{limits: l.withDefaults(), zlib: true, sum: 1}
}

// NewRaw reads a stream of RFC 1951 alone.
func NewRaw(l Limits) *Reader {
	return &Reader{limits: l.withDefaults(), state: atBlock}
}

// Write takes the next compressed bytes.
func (r *Reader) Write(p []byte) {
	if r.err == nil {
		r.in = append(r.in, p...)
	}
}

// Read gives the next plaintext, at most 64 KiB, or nil where the input so far
// determines no more. It is valid until the next call.
func (r *Reader) Read() []byte {
	if r.err != nil {
		return nil
	}
	r.shift()
	r.run()
	p := r.out[r.sent:]
	r.sent = len(r.out)
	if len(p) == 0 {
		return nil
	}
	r.all += int64(len(p))
	if r.zlib {
		r.sum = update(r.sum, p)
	}
	switch {
	case r.err != nil:
	case r.all > r.limits.Total:
		r.fail("zlib-bomb", "more comes out of this stream than is read here")
	case r.all > freeRatio && r.all > int64(r.limits.Ratio)*r.pos:
		r.fail("zlib-bomb", "far more comes out of this stream than goes in, as nobody sends it who means well")
	}
	return p
}

// update goes on with the checksum of RFC 1950 §9.
func update(sum uint32, p []byte) uint32 {
	const mod = 65521
	a, b := sum&0xffff, sum>>16
	for len(p) > 0 {
		n := min(len(p), 5552)
		for _, c := range p[:n] {
			a += uint32(c)
			b += a
		}
		a, b = a%mod, b%mod
		p = p[n:]
	}
	return b<<16 | a
}

// shift drops what is behind the window.
func (r *Reader) shift() {
	if len(r.out) < windowSize+maxOut {
		return
	}
	n := copy(r.out, r.out[len(r.out)-windowSize:])
	r.out, r.sent = r.out[:n], n
}

// Consumed is how many compressed bytes were read so far.
func (r *Reader) Consumed() int64 { return r.pos }

// Err is why the stream cannot be read any more; nil while it can.
func (r *Reader) Err() *Error { return r.err }

// Done tells whether the stream has ended.
func (r *Reader) Done() bool { return r.state == finished }

// Rest is what was not read, after the end or an error.
func (r *Reader) Rest() []byte { return r.in }

func (r *Reader) fail(rule, text string) {
	if r.err == nil {
		r.err = &Error{Pos: r.pos, Rule: rule, Text: text}
	}
}

func (r *Reader) corrupt(text string) bool {
	r.fail("zlib-corrupt", text)
	return false
}

// need makes n bits ready, at most 32. False means that more input must come.
func (r *Reader) need(n uint) bool {
	for r.nbits < n {
		if len(r.in) == 0 {
			return false
		}
		r.bits |= uint64(r.in[0]) << r.nbits
		r.nbits += 8
		r.in = r.in[1:]
		r.pos++
	}
	return true
}

func (r *Reader) take(n uint) int {
	v := r.bits & (1<<n - 1)
	r.bits >>= n
	r.nbits -= n
	return int(v)
}

// room tells how much may still come out before the reader must be asked again.
func (r *Reader) room() int { return maxOut - (len(r.out) - r.sent) }
