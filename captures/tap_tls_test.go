package captures

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	bigint "math/big"
	"net"
	"testing"
	"time"

	"xmppscope/decode"
)

// tapped is the proxy's end of a client's connection.
type tapped struct {
	net.Conn
	tap *Tap
	now time.Time
}

func (c *tapped) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.tell(decode.FromInitiator, p[:n])
	}
	return n, err
}

func (c *tapped) Write(p []byte) (int, error) {
	c.tell(decode.FromReceiver, p)
	return c.Conn.Write(p)
}

func (c *tapped) tell(d decode.Dir, p []byte) {
	c.now = c.now.Add(time.Millisecond)
	c.tap.Data(1, false, d, c.now, p)
}

// keyTeller tells key log lines to a tap.
type keyTeller struct{ tap *Tap }

func (k keyTeller) Write(p []byte) (int, error) {
	k.tap.Keys(p)
	return len(p), nil
}

// overTLS tells a tap of a stream inside TLS.
func overTLS(t *testing.T, tap *Tap, version uint16) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: bigint.NewInt(1), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	near, far := net.Pipe()
	start := time.Unix(1767323045, 0)
	tap.Open(1, false, tapClient, tapDoor, start)
	server := tls.Server(&tapped{far, tap, start}, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, KeyLogWriter: keyTeller{tap}, MaxVersion: version})
	done := make(chan error, 1)
	go func() {
		buf := make([]byte, 4096)
		for range 2 {
			n, err := server.Read(buf)
			if err != nil {
				done <- err
				return
			}
			if _, err := server.Write(buf[:n]); err != nil {
				done <- err
				return
			}
		}
		done <- server.Close()
	}()
	client := tls.Client(near, &tls.Config{InsecureSkipVerify: true, MaxVersion: version})
	for _, s := range []string{"<stream:stream version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>", "<message/>"} {
		if _, err := io.WriteString(client, s); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(client, make([]byte, len(s))); err != nil {
			t.Fatal(err)
		}
	}
	go io.Copy(io.Discard, client)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	tap.End(1, false, decode.FromReceiver, start.Add(time.Second), false)
	tap.End(1, false, decode.FromInitiator, start.Add(time.Second), false)
}
