package proxy

import (
	"bytes"
	"crypto/tls"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/tlswire"
	"xmppscope/proxy/binding"
)

// TestFinished: the client's Finished of TLS 1.3 is known of both legs, and is
// what the recorded bytes say.
func TestFinished(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		s := newStage(t, func(o *Options) { o.Binding = binding.Options{Mode: binding.Recompute} })
		c, u := s.switching()
		c, u = both(t, c, u, &tls.Config{InsecureSkipVerify: true, MaxVersion: version}, serverTLS(t))
		login(c, u, false)
		conn := s.proxy.Conns()[0]
		for _, l := range []*leg{conn.a, conn.b} {
			want := clientFinished(s, l.which)
			if got := l.finishedBy(); !bytes.Equal(got, want) || (len(got) == 32) != (version == tls.VersionTLS13) {
				t.Errorf("%s, %v: %x, want %x", tls.VersionName(version), l.which, got, want)
			}
		}
	}
}

// clientFinished finds it in what the tap was told of leg A or B.
func clientFinished(s *stage, which Leg) []byte {
	watch := &shake{}
	s.tap.mu.Lock()
	watch.keys.Write(s.tap.keys)
	s.tap.mu.Unlock()
	watch.dec = tlswire.NewDecoder(tlswire.Options{Keys: watch})
	for dir := range 2 {
		said := s.tap.said(1, which, decode.Dir(dir))
		at := bytes.Index([]byte(said), []byte{0x16, 3})
		watch.see(dir, []byte(said[at:]))
	}
	return watch.finished
}
