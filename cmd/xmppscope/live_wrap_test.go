package main

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"mellium.im/sasl"
	"mellium.im/xmlstream"
	"mellium.im/xmpp"
	"mellium.im/xmpp/jid"
	"mellium.im/xmpp/mux"
	"mellium.im/xmpp/stanza"
	melliumws "mellium.im/xmpp/websocket"
)

// webPaths are where the servers of the stage have what.
var webPaths = map[string]string{"prosody ws": "/xmpp-websocket", "prosody bosh": "/http-bind", "ejabberd ws": "/ws", "ejabberd bosh": "/bosh"}

// address is where a server of the stage speaks a wrapping: wss and https with
// TLS, ws and http without, tcp a plain stream.
func (h *house) address(scheme string) string {
	port := h.HTTP
	switch scheme {
	case "tcp":
		return h.at(h.StartTLS)
	case "wss", "https":
		port = h.HTTPS
	}
	kind := map[string]string{"ws": "ws", "wss": "ws", "http": "bosh", "https": "bosh"}[scheme]
	return scheme + "://" + h.at(port) + webPaths[h.Kind+" "+kind]
}

// visitors is the table of clients that come in by one door and find the server
// behind another; transport is what their conversation is.
var visitors = []struct {
	name, door, wrap, transport string
	upstreams                   string // those that are tried in any case
	needs                       []string
	run                         func(*visit)
}{
	{"script of WebSocket", "ws", "plain", "websocket", "https", []string{"/usr/bin/python3"}, (*visit).scriptSocket},
	{"script of BOSH", "bosh", "direct", "bosh", "wss", []string{"/usr/bin/python3"}, (*visit).scriptBOSH},
	{"mellium over WebSocket", "ws", "direct", "websocket", "wss tcp", nil, (*visit).melliumSocket},
	{"coder over WebSocket", "ws", "direct", "websocket", "https", nil, (*visit).coderSocket},
	{"slixmpp", "starttls", "starttls", "tcp", "https wss", []string{"slixmpp"}, (*visit).slixmpp},
	{"mellium", "tls", "direct", "direct-tls", "https", nil, (*visit).mellium},
	{"slixmpp in clear text", "starttls", "plain", "tcp", "", []string{"slixmpp"}, (*visit).slixmpp},
}

// TestLiveWrappings: clients over what they speak, servers over another. What
// was seen live is what the recording says.
func TestLiveWrappings(t *testing.T) {
	s := newStage(t)
	for _, h := range []*house{s.prosody(t, house{Domain: "verona.example"}), s.ejabberd(t, house{Domain: "mantua.example"})} {
		for _, g := range visitors {
			upstreams := g.upstreams
			if whole() {
				upstreams = "tcp ws wss http https"
			}
			if g.wrap == "plain" && g.transport == "tcp" {
				upstreams = "ws http" // where the server's leg has TLS, the client's must have it
			}
			for _, scheme := range strings.Fields(upstreams) {
				t.Run(h.Kind+"/"+g.name+"/"+scheme, func(t *testing.T) {
					if scheme == "ws" && g.transport == "tcp" && g.wrap == "starttls" || scheme == "http" && g.wrap == "starttls" {
						t.Skip("a client that insists on STARTTLS, and a server's leg without TLS")
					}
					needs(t, g.needs...)
					args := []string{"--listen", g.door + "://127.0.0.1:0", "--to", h.address(scheme), "--domain", h.Domain}
					if scheme == "tcp" {
						args = append(args, "--upstream", "starttls")
					}
					r := s.behind(t, h, h.HTTP, args...)
					g.run(&visit{t, r, r.door(g.door), h, g.wrap})
					r.next("record", "conversation") // also of a session of BOSH, when it is over
					c := summed(r.end())
					if !c.is("transport", g.transport) || !strings.HasPrefix(c.str("jid"), "juliet@"+h.Domain) {
						t.Errorf("the conversation is %v", c)
					}
				})
			}
		}
	}
}

func (v *visit) scriptSocket() { v.web("ws") }
func (v *visit) scriptBOSH()   { v.web("bosh") }

func (v *visit) web(kind string) {
	if out := v.script("web.py", kind, "TARGET="+webPaths[v.h.Kind+" "+kind]); !strings.Contains(out, "ok heard") {
		v.Error(out)
	}
}

// melliumSocket is mellium over WebSocket with TLS.
func (v *visit) melliumSocket() {
	ctx, stop := context.WithTimeout(context.Background(), patient)
	defer stop()
	d := melliumws.Dialer{Origin: "https://" + v.h.Domain, TLSConfig: &tls.Config{RootCAs: v.rig.trust(), ServerName: v.h.Domain}}
	conn, err := d.DialDirect(ctx, "wss://"+v.addr+webPaths[v.h.Kind+" ws"])
	if err != nil {
		v.Fatalf("mellium: %v", err)
	}
	defer conn.Close()
	me := jid.MustParse("juliet@" + v.h.Domain)
	login := xmpp.SASL("", people["juliet"], sasl.ScramSha256, sasl.ScramSha1)
	s, err := xmpp.NewSession(ctx, me.Domain(), me, conn, xmpp.Secure, melliumws.Negotiator(func(*xmpp.Session, *xmpp.StreamConfig) xmpp.StreamConfig {
		return xmpp.StreamConfig{Features: []xmpp.StreamFeature{login, xmpp.BindResource()}}
	}))
	if err != nil {
		v.Fatalf("mellium: the session: %v", err)
	}
	came, served := make(chan struct{}, 1), make(chan error, 1)
	go func() {
		served <- s.Serve(mux.New(stanza.NSClient, mux.MessageFunc(stanza.ChatMessage, xml.Name{Local: "body"},
			func(stanza.Message, xmlstream.TokenReadEncoder) error { came <- struct{}{}; return nil })))
	}()
	if err := s.Send(ctx, stanza.Presence{}.Wrap(nil)); err != nil {
		v.Fatal(err)
	}
	if err := s.Encode(ctx, said{Message: stanza.Message{To: s.LocalAddr(), Type: stanza.ChatMessage}, Body: "to myself"}); err != nil {
		v.Fatal(err)
	}
	select {
	case <-came:
	case <-ctx.Done():
		v.Error("mellium: the message has not come")
	}
	if err := s.Close(); err != nil {
		v.Errorf("mellium: %v", err)
	}
	_ = conn.Close() // it waits for an end tag that WebSocket does not have
	<-served
}

// coderSocket is a client by hand over coder/websocket, which knows the frames
// and nothing of XMPP.
func (v *visit) coderSocket() {
	ctx, stop := context.WithTimeout(context.Background(), patient)
	defer stop()
	c, answer, err := websocket.Dial(ctx, "wss://"+v.addr+webPaths[v.h.Kind+" ws"], &websocket.DialOptions{Subprotocols: []string{"xmpp"},
		HTTPClient: &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: v.rig.trust(), ServerName: v.h.Domain}}}})
	if err != nil {
		v.Fatalf("coder/websocket: %v", err)
	}
	defer c.CloseNow()
	if got := answer.Header.Get("Sec-WebSocket-Protocol"); got != "xmpp" {
		v.Errorf("the protocol is %q", got)
	}
	open := "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='" + v.h.Domain + "' version='1.0'/>"
	jid := "juliet@" + v.h.Domain + "/coder"
	for _, x := range []struct{ say, hear string }{
		{open, "PLAIN"},
		{"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + base64.StdEncoding.EncodeToString([]byte("\x00juliet\x00"+people["juliet"])) + "</auth>", "<success"},
		{open, "xmpp-bind"},
		{"<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>coder</resource></bind></iq>", "<jid>"},
		{"<presence xmlns='jabber:client'/>", "<presence"},
		{"", "PING"},
		{"<message xmlns='jabber:client' type='chat' to='" + jid + "'><body>It is the east</body></message>", "It is the east"},
		{"<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", "<close"},
	} {
		if x.hear == "PING" { // answered while messages come
			go func() { _ = c.Ping(ctx) }()
			continue
		}
		if err := c.Write(ctx, websocket.MessageText, []byte(x.say)); err != nil {
			v.Fatalf("coder/websocket: saying %q: %v", x.say, err)
		}
		for said := ""; !strings.Contains(said, x.hear); {
			_, p, err := c.Read(ctx)
			if err != nil {
				v.Fatalf("coder/websocket: waiting for %q: %v", x.hear, err)
			}
			said = string(p)
		}
	}
	if err := c.Close(websocket.StatusNormalClosure, ""); err != nil && !strings.Contains(fmt.Sprint(err), "EOF") {
		v.Errorf("coder/websocket: %v", err)
	}
}
