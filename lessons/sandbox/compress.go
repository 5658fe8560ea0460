package sandbox

import (
	"bytes"
	"compress/zlib"
	"net"
	"sync"

	"xmppscope/decode/inflate"
	"xmppscope/decode/xmlstream"
)

// Namespaces of compressed streams.
const (
	nsCompress        = "http://jabber.org/protocol/compress"
	nsCompressFeature = "http://jabber.org/features/compress"
)

// offerCompression says that the stream can be compressed from here on: behind
// the login and before a resource (XEP-0138 §2, XEP-0170 §2.2).
func offerCompression(c *conn) string {
	if c.stage != authentic || !c.compressible() {
		return ""
	}
	return element(text("zlib", "method"), "compression", "xmlns", nsCompressFeature)
}

// compressible tells whether the setting allows it on this connection, which is
// neither compressed already nor inside HTTP.
func (c *conn) compressible() bool {
	_, already := c.nc.(*zipConn)
	allowed := c.srv.o.Compression == CompressAlways || c.srv.o.Compression == CompressClear && c.tls == nil
	return allowed && !already && !c.web
}

// compress begins to (XEP-0138 §2).
func (c *conn) compress(n *xmlstream.Node) error {
	wanted := false
	for m := range n.Children() {
		wanted = wanted || m.Name.Local == "method" && m.Text() == "zlib"
	}
	condition := ""
	switch {
	case !c.compressible():
		condition = "setup-failed"
	case !wanted:
		condition = "unsupported-method"
	}
	if condition != "" {
		c.send(element(element("", condition), "failure", "xmlns", nsCompress))
		return nil
	}
	c.send(element("", "compressed", "xmlns", nsCompress))
	z := &zipConn{Conn: c.nc, in: inflate.NewZlib(inflate.Limits{}), buf: make([]byte, 8<<10)}
	z.out = zlib.NewWriter(&z.done)
	z.in.Write(c.framer.Take()) // what came behind the request is compressed
	c.nc = z
	c.out.follow(z)
	c.restart(nil)
	return nil
}

// zipConn is a compressed stream inside a connection (XEP-0138 §4).
type zipConn struct {
	net.Conn
	in    *inflate.Reader // of whoever reads
	ready []byte
	buf   []byte

	mu   sync.Mutex // guards what is below, and writing
	out  *zlib.Writer
	done bytes.Buffer // what out has made
}

// Read gives what the bytes so far stand for. A deadline that passes loses
// nothing.
func (z *zipConn) Read(p []byte) (int, error) {
	for {
		if len(z.ready) == 0 {
			z.ready = z.in.Read()
		}
		if len(z.ready) > 0 {
			n := copy(p, z.ready)
			z.ready = z.ready[n:]
			return n, nil
		}
		if err := z.in.Err(); err != nil {
			return 0, &streamError{condition: "undefined-condition", text: err.Text,
				app: element(element("", "processing-failed"), "failure", "xmlns", nsCompress)}
		}
		n, err := z.Conn.Read(z.buf)
		z.in.Write(z.buf[:n])
		if n == 0 {
			return 0, err
		}
	}
}

// Write sends all of it at once, so that nothing waits for more.
func (z *zipConn) Write(p []byte) (int, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	_, _ = z.out.Write(p) // into memory
	_ = z.out.Flush()
	defer z.done.Reset()
	if _, err := z.Conn.Write(z.done.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}
