package binding

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net"
	"strings"
	"testing"

	"github.com/xdg-go/scram"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// wire is one TLS connection in memory, seen from both ends.
type wire struct{ client, server tls.ConnectionState }

func (w *wire) leaf() []byte { return w.client.PeerCertificates[0].Raw }

func (w *wire) leg() Leg { return LegOf(&w.server, w.leaf()) }

// binding is what an end of the wire binds to, as the SCRAM library takes it from
// its side of the connection.
func binding(t *testing.T, typ string, cs *tls.ConnectionState, leaf []byte) scram.ChannelBinding {
	t.Helper()
	switch typ {
	case "tls-unique":
		return scram.NewTLSUniqueBinding(cs.TLSUnique)
	case "tls-exporter":
		cb, err := scram.NewTLSExporterBinding(cs)
		if err != nil {
			t.Fatal(err)
		}
		return cb
	}
	withLeaf := *cs
	cert, err := x509.ParseCertificate(leaf)
	if err != nil {
		t.Fatal(err)
	}
	withLeaf.PeerCertificates = []*x509.Certificate{cert}
	cb, err := scram.NewTLSServerEndpointBinding(&withLeaf)
	if err != nil {
		t.Fatal(err)
	}
	return cb
}

// shake makes a TLS connection of that version over a pipe.
func shake(t *testing.T, version uint16) *wire {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"example.com"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	near, far := net.Pipe()
	defer near.Close()
	defer far.Close()
	cert := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	server := tls.Server(far, &tls.Config{Certificates: []tls.Certificate{cert}, SessionTicketsDisabled: true})
	client := tls.Client(near, &tls.Config{InsecureSkipVerify: true, MinVersion: version, MaxVersion: version})
	done := make(chan error, 1)
	go func() { done <- server.Handshake() }()
	if err := errors.Join(client.Handshake(), <-done); err != nil {
		t.Fatal(err)
	}
	return &wire{client: client.ConnectionState(), server: server.ConnectionState()}
}

// middle is a Session between two peers that speak one profile of SASL.
type middle struct {
	t       *testing.T
	s       *Session
	sasl2   bool
	notes   []string
	changed int
	tamper  func(dir decode.Dir, message string) string // before it reaches the Session
}

var exampleState = &decode.State{Domain: "example.com"}

// element parses one element as it stands in a stream.
func element(t testing.TB, xml string) *xmlstream.Node {
	t.Helper()
	var tree xmlstream.Tree
	n := tree.Parse([]byte(xml), xmlstream.MidStream(xmlstream.NSClient), xmlstream.Options{})
	if n == nil || tree.Err() != nil {
		t.Fatalf("%s: %v", xml, tree.Err())
	}
	return n
}

// pass sends an element through the Session and returns what comes out.
func (m *middle) pass(dir decode.Dir, xml string) *xmlstream.Node {
	m.t.Helper()
	v := m.s.Unit(dir, element(m.t, xml), exampleState)
	if v.Note != "" {
		m.notes = append(m.notes, v.Note)
		if strings.Contains(v.Note, "pencil") {
			m.t.Errorf("a note with the password: %s", v.Note)
		}
	}
	if v.Bytes == nil {
		return element(m.t, xml)
	}
	if string(v.Bytes) == xml {
		m.t.Errorf("changed into itself: %s", xml)
	}
	m.changed++
	return element(m.t, string(v.Bytes))
}

// data sends data inside the element name and returns the data that come out.
func (m *middle) data(dir decode.Dir, name, attrs, message string) (*xmlstream.Node, string) {
	m.t.Helper()
	if m.tamper != nil {
		message = m.tamper(dir, message)
	}
	b64 := base64.StdEncoding.EncodeToString([]byte(message))
	if b64 == "" && !m.sasl2 {
		b64 = "="
	}
	space, child := nsSASL, ""
	if m.sasl2 {
		space = nsSASL2
		child = map[string]string{"auth": "initial-response", "success": "additional-data"}[name]
		name = strings.Replace(name, "auth", "authenticate", 1)
	}
	if child != "" {
		b64 = "<" + child + ">" + b64 + "</" + child + ">"
	}
	out := m.pass(dir, fmt.Sprintf("<%s xmlns='%s'%s>%s</%[1]s>", name, space, attrs, b64))
	p := readPayload(out)
	if p.bad {
		m.t.Fatalf("no base64: %s", out.Wire())
	}
	return out, string(p.data)
}

// features sends those of a server and returns what the client sees.
func (m *middle) features(mechanisms, types []string) (seenMechanisms, seenTypes []string) {
	m.t.Helper()
	list, space, mech := "mechanisms", nsSASL, ""
	if m.sasl2 {
		list, space = "authentication", nsSASL2
	}
	for _, name := range mechanisms {
		mech += "<mechanism>" + name + "</mechanism>"
	}
	xml := fmt.Sprintf("<stream:features><%s xmlns='%s'>%s</%[1]s>", list, space, mech)
	if types != nil {
		xml += "<sasl-channel-binding xmlns='" + nsChannelB + "'>"
		for _, name := range types {
			xml += "<channel-binding type='" + name + "'/>"
		}
		xml += "</sasl-channel-binding>"
	}
	n := m.pass(decode.FromReceiver, xml+"</stream:features>")
	r := reader{keep: keep{func(string) bool { return true }, func(string) bool { return true }, func(s string) string { return s }, true}}
	r.features(n)
	return r.real.of(m.sasl2), r.real.types
}

// login runs a whole SCRAM exchange. The error is that of the first peer that
// refuses.
func (m *middle) login(mechanism string, client *scram.ClientConversation, server *scram.ServerConversation) (towards string, err error) {
	m.t.Helper()
	first, err := client.Step("")
	if err != nil {
		return "", err
	}
	n, first := m.data(decode.FromInitiator, "auth", " mechanism='"+mechanism+"'", first)
	towards, _ = n.Attr("mechanism")
	challenge, err := server.Step(first)
	if err != nil {
		return towards, fmt.Errorf("server, first message: %w", err)
	}
	_, challenge = m.data(decode.FromReceiver, "challenge", "", challenge)
	final, err := client.Step(challenge)
	if err != nil {
		return towards, fmt.Errorf("client, first answer: %w", err)
	}
	_, final = m.data(decode.FromInitiator, "response", "", final)
	success, err := server.Step(final)
	if err != nil {
		m.pass(decode.FromReceiver, "<failure xmlns='"+nsSASL+"'><not-authorized/></failure>")
		return towards, fmt.Errorf("server, proof: %w", err)
	}
	_, success = m.data(decode.FromReceiver, "success", "", success)
	if _, err = client.Step(success); err != nil {
		return towards, fmt.Errorf("client, signature: %w", err)
	}
	if !client.Valid() || !server.Valid() {
		return towards, errors.New("a side is not content")
	}
	return towards, nil
}

var scramHashes = map[string]scram.HashGeneratorFcn{"SCRAM-SHA-1": scram.SHA1, "SCRAM-SHA-256": scram.SHA256, "SCRAM-SHA-512": scram.SHA512}

func newClient(t *testing.T, mechanism, password string) *scram.Client {
	t.Helper()
	c, err := scramHashes[strings.TrimSuffix(mechanism, "-PLUS")].NewClient("user", password, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// newServer knows user with the password pencil.
func newServer(t *testing.T, mechanism string) *scram.Server {
	t.Helper()
	stored, err := newClient(t, mechanism, "pencil").GetStoredCredentialsWithError(scram.KeyFactors{Salt: "salt of the sea", Iters: 4096})
	if err != nil {
		t.Fatal(err)
	}
	s, err := scramHashes[strings.TrimSuffix(mechanism, "-PLUS")].NewServer(func(user string) (scram.StoredCredentials, error) {
		if user != "user" {
			return scram.StoredCredentials{}, errors.New("unknown")
		}
		return stored, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func pencil(user, domain string) (string, bool) {
	return "pencil", user == "user" && domain == "example.com"
}
