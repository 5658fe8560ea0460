package sandbox

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"

	"xmppscope/lessons/practice"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// identity makes a certificate for localhost and the pool that trusts it.
func identity(t testing.TB) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost", "montague.localhost"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(1000 * time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

// house is a server with clients.
type house struct {
	*testing.T
	*Server
	pool *x509.CertPool
}

// slack is how long anything may take that comes at once on an idle computer.
const slack = time.Minute

// newHouse makes a server with TLS; it is shut down at the end of the test.
func newHouse(t *testing.T, o Options) *house {
	t.Helper()
	conf, pool := identity(t)
	o.TLS = conf
	if o.Iterations == 0 {
		o.Iterations = 4096 // the least that clients take
	}
	pick(&o.Limits.Linger, slack/3) // a busy client may take its time to close too
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, stop := context.WithTimeout(context.Background(), slack)
		defer stop()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
	})
	return &house{T: t, Server: s, pool: pool}
}

// certificate is what the server shows.
func (s *house) certificate() *x509.Certificate {
	cert, err := x509.ParseCertificate(s.o.TLS.Certificates[0].Certificate[0])
	if err != nil {
		s.Fatal(err)
	}
	return cert
}

// options are those of a client of the stage.
func (s *house) options() practice.Options {
	return practice.Options{
		Dial:     func(context.Context) (net.Conn, error) { return s.Dial(StartTLS) },
		TLS:      &tls.Config{RootCAs: s.pool},
		Patience: slack,
		Pause:    time.Millisecond,
		Nonce:    func() string { return "oQ8iJ5q1RkmVZt0wqPZkWw" },
	}
}

// actor is a client of the stage that does what it is told.
type actor struct {
	*house
	*practice.Client
}

func (s *house) actor(change ...func(*practice.Options)) *actor {
	o := s.options()
	for _, f := range change {
		f(&o)
	}
	a := &actor{s, practice.New(o)}
	s.Cleanup(a.Drop)
	return a
}

// do plays lines of a script, and leaves the connection as it is.
func (a *actor) do(lines string) {
	a.Helper()
	if err := a.try(lines); err != nil {
		a.Fatal(err)
	}
}

func (a *actor) try(lines string) error {
	script, err := practice.Parse(lines)
	if err != nil {
		return err
	}
	for _, s := range script {
		if err := a.Do(a.Context(), s); err != nil {
			return &lineError{s, err}
		}
	}
	return nil
}

type lineError struct {
	step practice.Step
	err  error
}

func (e *lineError) Error() string { return e.step.String() + ": " + e.err.Error() }
func (e *lineError) Unwrap() error { return e.err }

// quiet fails if something comes that fits.
func (a *actor) quiet(line string) {
	a.Helper()
	a.do("ping") // what was sent before it has been handled
	p, err := practice.ParsePattern(line)
	if err != nil {
		a.Fatal(err)
	}
	if e := a.Has(p); e != nil {
		a.Errorf("this must not come: %s", e.XML)
	}
}

// online brings somebody in, with a resource and presence.
func (s *house) online(user, resource string) *actor {
	s.Helper()
	a := s.actor()
	a.login(user)
	a.do("bind " + resource + "\nroster\npresence\nS: presence from=" + user + "@localhost/" + resource)
	return a
}

// login goes up to the login.
func (a *actor) login(user string) {
	a.Helper()
	a.do("open\nstarttls\nlogin PLAIN " + user + " " + a.find(user).password)
}

// dialer dials an address, with TLS around it at once where that is asked for.
func dialer(addr string, direct bool, trust *tls.Config) func(context.Context) (net.Conn, error) {
	if direct {
		return func(ctx context.Context) (net.Conn, error) {
			return (&tls.Dialer{Config: trust}).DialContext(ctx, "tcp", addr)
		}
	}
	return func(ctx context.Context) (net.Conn, error) { return (&net.Dialer{}).DialContext(ctx, "tcp", addr) }
}
