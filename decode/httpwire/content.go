package httpwire

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"

	"xmppscope/decode/spec"
)

var refCoding = spec.RFC(9110, "8.4")

// budget bounds what the compressed bodies of a connection become, all together:
// the first MiB is free, then so many bytes may come of one.
type budget struct{ in, out int }

const (
	freeBytes = 1 << 20
	maxRatio  = 200
)

// left is what may still come out, another n bytes having come in.
func (b *budget) left(n int) int {
	b.in += n
	return max(freeBytes, maxRatio*b.in) - b.out
}

// coding is what a body is compressed with; empty for none.
func (m *Message) coding() string {
	if c := strings.ToLower(strings.TrimSpace(m.Header("Content-Encoding"))); c != "" && c != "identity" {
		return c
	}
	te := strings.ToLower(m.Header("Transfer-Encoding"))
	te, _ = strings.CutSuffix(strings.TrimSpace(te), "chunked")
	return strings.Trim(te, " \t,")
}

// decoded takes the codings off a body (RFC 9110 §8.4, RFC 9112 §7.2).
func (c *Conn) decoded(m *Message, raw []byte) []byte {
	coding := m.coding()
	if len(raw) == 0 || coding == "" {
		return raw
	}
	var r io.Reader
	var err error
	switch coding {
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(bytes.NewReader(raw))
	case "deflate":
		if r, err = zlib.NewReader(bytes.NewReader(raw)); err != nil {
			r, err = flate.NewReader(bytes.NewReader(raw)), nil // many send it bare
		}
	default:
		m.fault("http-coding", "a content coding that is not read here", refCoding)
		return nil
	}
	if err != nil {
		m.fault("http-coding", "the body is not compressed as its head says", refCoding)
		return nil
	}
	limit := max(0, min(c.o.MaxBody, c.packed.left(len(raw))))
	out, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	c.packed.out += min(len(out), limit)
	switch {
	case len(out) > limit:
		m.fault("http-coding", "far more comes out of the compressed body than is read here", refCoding)
		return nil
	case err != nil:
		m.fault("http-coding", "the compressed body is damaged", refCoding)
	}
	return out
}
