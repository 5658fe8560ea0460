package tlswire

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	mrand "math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"
)

// ring is a key log as a source of keys.
type ring struct{ *KeyLog }

func (r ring) Secret(label string, random *[32]byte) ([]byte, string) {
	return r.KeyLog.Secret(label, random), "keylog"
}

// said is what one side put on the wire, in the order of both.
type said struct {
	side  int
	bytes []byte
}

// tape records both directions of a connection.
type tape struct {
	mu  sync.Mutex
	all []said
}

func (t *tape) add(side int, p []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = append(t.all, said{side, bytes.Clone(p)})
}

// spool is one end of a connection that is recorded.
type spool struct {
	net.Conn
	tape *tape
	side int
}

func (s *spool) Write(p []byte) (int, error) {
	s.tape.add(s.side, p)
	return s.Conn.Write(p)
}

func certificate(t testing.TB, key any) tls.Certificate {
	t.Helper()
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "example.org"}, DNSNames: []string{"example.org"},
		NotBefore: time.Unix(1700000000, 0), NotAfter: time.Unix(4000000000, 0)}
	var public any
	switch k := key.(type) {
	case *rsa.PrivateKey:
		public = &k.PublicKey
	case *ecdsa.PrivateKey:
		public = &k.PublicKey
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, public, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

var certificates = sync.OnceValue(func() []tls.Certificate {
	r, _ := rsa.GenerateKey(rand.Reader, 2048)
	e, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return []tls.Certificate{certificate(&testing.T{}, r), certificate(&testing.T{}, e)}
})

// talk makes a connection between two peers of crypto/tls, on which each says
// its lines in turn.
func talk(t testing.TB, client, server *tls.Config, lines [2][]string) (*tape, tls.ConnectionState) {
	t.Helper()
	tp := &tape{}
	a, b := net.Pipe()
	cc := tls.Client(&spool{a, tp, 0}, client)
	sc := tls.Server(&spool{b, tp, 1}, server)
	done := make(chan error, 1)
	go func() {
		for i := range lines[0] {
			buf := make([]byte, len(lines[0][i]))
			if _, err := io.ReadFull(sc, buf); err != nil {
				done <- err
				return
			}
			if _, err := sc.Write([]byte(lines[1][i])); err != nil {
				done <- err
				return
			}
		}
		go io.Copy(io.Discard, b)
		done <- sc.Close()
	}()
	for i := range lines[0] {
		if _, err := cc.Write([]byte(lines[0][i])); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, len(lines[1][i]))
		if _, err := io.ReadFull(cc, buf); err != nil {
			t.Fatal(err)
		}
	}
	state := cc.ConnectionState()
	go io.Copy(io.Discard, a)
	cc.Close()
	if err := <-done; err != nil {
		t.Log("server:", err)
	}
	tp.mu.Lock()
	defer tp.mu.Unlock()
	return tp, state
}

// joined has what one side says in a row as one piece.
func (t *tape) joined() *tape {
	j := &tape{}
	for _, s := range t.all {
		if n := len(j.all); n > 0 && j.all[n-1].side == s.side {
			j.all[n-1].bytes = append(j.all[n-1].bytes, s.bytes...)
			continue
		}
		j.add(s.side, s.bytes)
	}
	return j
}

// decoded is what a decoder made of a tape.
type decoded struct {
	data  [2][]byte
	items []Item
	d     *Decoder
}

// play feeds a tape to a decoder, cut as cut says.
func (tp *tape) play(o Options, cut func([]byte) [][]byte) decoded {
	r := decoded{d: NewDecoder(o)}
	take := func(items []Item) {
		for _, it := range items {
			if it.Kind == ItemData {
				r.data[it.Side] = append(r.data[it.Side], it.Bytes...)
				it.Bytes = bytes.Clone(it.Bytes)
			}
			r.items = append(r.items, it)
		}
	}
	for _, s := range tp.all {
		for _, p := range cut(s.bytes) {
			take(r.d.Feed(s.side, p))
		}
	}
	take(r.d.Flush(0))
	take(r.d.Flush(1))
	return r
}

func whole(p []byte) [][]byte { return [][]byte{p} }

func random(seed uint64) func([]byte) [][]byte {
	r := mrand.New(mrand.NewPCG(seed, 7))
	return func(p []byte) (all [][]byte) {
		for len(p) > 0 {
			n := 1 + r.IntN(min(len(p), 400))
			all = append(all, p[:n])
			p = p[n:]
		}
		return all
	}
}

// essence is what must not depend on how bytes were cut.
func essence(items []Item) string {
	var b bytes.Buffer
	for _, it := range items {
		fmt.Fprintf(&b, "%d %d %d-%d %v %v %s %x\n", it.Side, it.Kind, it.From, it.To, it.Encrypted, it.Early, it.Why, it.Bytes)
	}
	return b.String()
}

var chat = [2][]string{
	{"<stream:stream to='example.org'>", "<iq id='1'/>", string(bytes.Repeat([]byte("x"), 40000)), "</stream:stream>"},
	{"<stream:features/>", "<iq type='result' id='1'/>", string(bytes.Repeat([]byte("y"), 50000)), "</stream:stream>"},
}

func said2(lines []string) (all string) {
	for _, l := range lines {
		all += l
	}
	return all
}

func check(t *testing.T, tp *tape, keys Keys) decoded {
	t.Helper()
	r := tp.play(Options{Keys: keys}, whole)
	for side := range r.data {
		if got, want := string(r.data[side]), said2(chat[side]); got != want {
			t.Fatalf("side %d: %d bytes decrypted, want %d; %s", side, len(got), len(want), problems(r.items))
		}
	}
	want := essence(r.items)
	if got := essence(tp.joined().play(Options{Keys: keys}, whole).items); got != want {
		t.Fatal("the items depend on how much comes at once")
	}
	for seed := range uint64(3) {
		if got := essence(tp.play(Options{Keys: keys}, random(seed)).items); got != want {
			t.Fatal("the items depend on how the bytes are cut")
		}
	}
	return r
}

func problems(items []Item) (all string) {
	for _, it := range items {
		if it.Kind >= ItemOpaque {
			all += fmt.Sprintf("[%d %d-%d kind %d: %s %v]", it.Side, it.From, it.To, it.Kind, it.Why, it.Faults)
		}
	}
	return all[:min(len(all), 1000)]
}

// Every version and every suite that crypto/tls has, in full and resumed.
func TestDecryptsCryptoTLS(t *testing.T) {
	t.Setenv("GODEBUG", "tlsrsakex=1,tls3des=1,tls10server=1")
	for v := uint16(tls.VersionTLS10); v <= tls.VersionTLS13; v++ {
		for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
			fits := false
			for _, sv := range s.SupportedVersions {
				fits = fits || sv == v
			}
			if !fits {
				continue
			}
			t.Run(VersionName(v)+" "+s.Name, func(t *testing.T) {
				log := &KeyLog{}
				cache := tls.NewLRUClientSessionCache(4)
				client := &tls.Config{ServerName: "example.org", InsecureSkipVerify: true, MinVersion: v, MaxVersion: v, CipherSuites: []uint16{s.ID}, KeyLogWriter: log, ClientSessionCache: cache}
				server := &tls.Config{Certificates: certificates(), MinVersion: v, MaxVersion: v, CipherSuites: []uint16{s.ID}}
				var master []byte
				for _, resumed := range []bool{false, true} {
					tp, state := talk(t, client, server, chat)
					if v == tls.VersionTLS13 && state.CipherSuite != s.ID {
						return // crypto/tls chooses by itself here; openssl_test.go has every suite
					}
					if state.DidResume != resumed {
						t.Fatalf("resumed is %v", state.DidResume)
					}
					first := tp.play(Options{Keys: ring{log}}, whole).d.Info()
					if resumed && v < tls.VersionTLS13 {
						// crypto/tls writes no line for these; others do.
						fmt.Fprintf(log, "CLIENT_RANDOM %x %x\n", first.ClientRandom, master)
					}
					master = log.Secret("CLIENT_RANDOM", &first.ClientRandom)
					r := check(t, tp, ring{log})
					i := r.d.Info()
					if i.Version != v || i.Cipher != s.ID || i.SNI != "example.org" || i.Keys != "keylog" || i.Resumed != resumed || i.Closed != [2]bool{true, true} {
						t.Fatalf("%+v", i)
					}
					compareBinding(t, r.d, &state)
				}
			})
		}
	}
}

func compareBinding(t *testing.T, d *Decoder, state *tls.ConnectionState) {
	t.Helper()
	if state.TLSUnique != nil {
		if got, why := d.Binding("tls-unique"); !bytes.Equal(got, state.TLSUnique) {
			t.Fatalf("tls-unique is %x, want %x: %s", got, state.TLSUnique, why)
		}
	}
	if state.Version == tls.VersionTLS12 {
		want, err := state.ExportKeyingMaterial("EXPORTER-Channel-Binding", []byte{}, 32)
		if err != nil {
			return
		}
		if got, why := d.Binding("tls-exporter"); !bytes.Equal(got, want) {
			t.Fatalf("tls-exporter is %x, want %x: %s", got, want, why)
		}
	}
}
