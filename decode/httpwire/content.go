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

// decoded takes the content codings off a body (RFC 9110 §8.4).
func (c *Conn) decoded(m *Message, raw []byte) []byte {
	coding := strings.ToLower(strings.TrimSpace(m.Header("Content-Encoding")))
	var r io.Reader
	var err error
	switch coding {
	case "", "identity":
		return raw
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(bytes.NewReader(raw))
	case "deflate":
		if r, err = zlib.NewReader(bytes.NewReader(raw)); err != nil {
			r, err = flate.NewReader(bytes.NewReader(raw)), nil // many send it bare
		}
	default:
		m.fault("http-coding", "a content coding that is not read here: "+coding, refCoding)
		return nil
	}
	if err != nil {
		m.fault("http-coding", "the body is not compressed as its head says", refCoding)
		return nil
	}
	out, err := io.ReadAll(io.LimitReader(r, int64(c.o.MaxBody)+1))
	switch {
	case len(out) > c.o.MaxBody:
		m.fault("http-coding", "far more comes out of the compressed body than is read here", refCoding)
		return nil
	case err != nil:
		m.fault("http-coding", "the compressed body is damaged", refCoding)
	}
	return out
}
