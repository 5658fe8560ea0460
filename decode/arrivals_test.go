package decode

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"testing"
	"time"

	"xmppscope/decode/tlswire"
)

// sent is what one side of a connection wrote at once.
type sent struct {
	dir  Dir
	data []byte
}

// taped notes what a side writes; the two sides take turns.
type taped struct {
	net.Conn
	dir Dir
	all *[]sent
}

func (c taped) Write(p []byte) (int, error) {
	*c.all = append(*c.all, sent{c.dir, append([]byte(nil), p...)})
	return c.Conn.Write(p)
}

// secrets is a key log as a source of keys.
type secrets struct{ log *tlswire.KeyLog }

func (s secrets) Secret(label string, random *[32]byte) ([]byte, string) {
	return s.log.Secret(label, random), "a key log"
}

// overTLS tapes a stream inside TLS 1.3 and its keys.
func overTLS(t *testing.T) (all []sent, log *tlswire.KeyLog) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	log = &tlswire.KeyLog{}
	near, far := net.Pipe()
	server := tls.Server(taped{far, FromReceiver, &all}, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, SessionTicketsDisabled: true})
	go io.Copy(server, server)
	client := tls.Client(taped{near, FromInitiator, &all}, &tls.Config{InsecureSkipVerify: true, KeyLogWriter: log, MinVersion: tls.VersionTLS13})
	const header = "<stream:stream version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	if _, err := io.WriteString(client, header); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(client, make([]byte, len(header))); err != nil {
		t.Fatal(err)
	}
	near.Close()
	log.Flush()
	return all, log
}

// What TLS hides has the time at which it came and stands in that order, whenever
// its keys come.
func TestTimesOfWhatWaitsForKeys(t *testing.T) {
	all, log := overTLS(t)
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	play := func(from int) (times []string) {
		late := &tlswire.KeyLog{}
		c := NewConn(1, Options{Hold: 1 << 20, Keys: secrets{late}})
		note := func(events []Event) {
			for i := range events {
				if e := &events[i]; e.Kind == KindOpen || e.Name.Local == "encrypted_extensions" {
					times = append(times, e.Dir.String()+" "+e.Name.Local+" "+e.Time.Sub(at).String())
				}
			}
		}
		for i, s := range all {
			if i == from {
				late.Write(log.Lines(&c.tls.Info().ClientRandom))
				late.Flush()
			}
			events, _ := c.Feed(s.dir, at.Add(time.Duration(i)*time.Second), s.data)
			note(events)
		}
		if from == len(all) {
			late.Write(log.Lines(&c.tls.Info().ClientRandom))
			late.Flush()
			note(c.Unlock())
		}
		return times
	}
	want := play(1)
	if len(want) != 3 {
		t.Fatalf("with the keys: %q", want)
	}
	for from := 2; from <= len(all); from++ {
		if got := play(from); len(got) != len(want) {
			t.Errorf("keys before piece %d of %d: %q, want %q", from, len(all), got, want)
		} else {
			for i := range got {
				if got[i] != want[i] {
					t.Errorf("keys before piece %d of %d: %s, want %s", from, len(all), got[i], want[i])
				}
			}
		}
	}
}
