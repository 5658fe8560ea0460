package synth

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"encoding/base64"
	"strconv"
)

const (
	domain   = "example.org"
	password = "correct horse"
	rounds   = 4096
)

// credentials are what SCRAM derives once from password and salt.
type credentials struct {
	salt                string
	client, stored, srv []byte
}

func newCredentials() credentials {
	c := credentials{salt: "c3ludGhldGljIHNhbHQ="}
	salt, _ := base64.StdEncoding.DecodeString(c.salt)
	salted, _ := pbkdf2.Key(sha1.New, password, salt, rounds, sha1.Size)
	c.client = sign(salted, "Client Key")
	stored := sha1.Sum(c.client)
	c.stored = stored[:]
	c.srv = sign(salted, "Server Key")
	return c
}

func sign(key []byte, text string) []byte {
	h := hmac.New(sha1.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func (c *client) user() string { return "user" + strconv.Itoa(c.id) }
func (c *client) jid() string  { return c.user() + "@" + domain + "/desk" }

const (
	saslNS = " xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
	header = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' "
)

// step is one turn of a login. say returns nothing for a turn that is not taken.
type step struct {
	dir  int
	kind kind
	say  func(g *writer, c *client) string
}

// login is RFC 6120 section 9.1 after TLS, or without it, then what clients do
// next.
var login = []step{
	{0, kindOpen, func(g *writer, c *client) string {
		g.connect(c)
		return header + "to='" + domain + "'>"
	}},
	{1, kindOpen, serverHeader},
	{1, kindFeatures, func(*writer, *client) string {
		return "<stream:features><mechanisms" + saslNS + "><mechanism>SCRAM-SHA-1</mechanism><mechanism>PLAIN</mechanism></mechanisms></stream:features>"
	}},
	{0, kindNonza, func(g *writer, c *client) string {
		if !c.scram {
			return "<auth" + saslNS + " mechanism='PLAIN'>" + b64("\x00"+c.user()+"\x00"+password) + "</auth>"
		}
		return "<auth" + saslNS + " mechanism='SCRAM-SHA-1'>" + b64("n,,"+c.first()) + "</auth>"
	}},
	{1, kindNonza, func(g *writer, c *client) string {
		if !c.scram {
			return ""
		}
		return "<challenge" + saslNS + ">" + b64(g.serverFirst(c)) + "</challenge>"
	}},
	{0, kindNonza, func(g *writer, c *client) string {
		if !c.scram {
			return ""
		}
		return "<response" + saslNS + ">" + b64(c.final()+",p="+base64.StdEncoding.EncodeToString(g.proof(c))) + "</response>"
	}},
	{1, kindNonza, func(g *writer, c *client) string {
		if !c.scram {
			return "<success" + saslNS + "/>"
		}
		v := sign(g.creds.srv, g.authMessage(c))
		return "<success" + saslNS + ">" + b64("v="+base64.StdEncoding.EncodeToString(v)) + "</success>"
	}},
	{0, kindOpen, func(*writer, *client) string { return header + "to='" + domain + "'>" }},
	{1, kindOpen, serverHeader},
	{1, kindFeatures, func(*writer, *client) string {
		return "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/>" +
			"<ver xmlns='urn:xmpp:features:rosterver'/><csi xmlns='urn:xmpp:csi:0'/></stream:features>"
	}},
	{0, kindIQ, func(*writer, *client) string {
		return "<iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>desk</resource></bind></iq>"
	}},
	{1, kindIQ, func(_ *writer, c *client) string {
		return "<iq type='result' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>" + c.jid() + "</jid></bind></iq>"
	}},
	{0, kindNonza, func(*writer, *client) string { return "<enable xmlns='urn:xmpp:sm:3' resume='true'/>" }},
	{1, kindNonza, func(g *writer, c *client) string {
		return "<enabled xmlns='urn:xmpp:sm:3' resume='true' id='" + g.token(12) + "'/>"
	}},
	{0, kindIQ, func(_ *writer, c *client) string {
		c.managed = true
		return "<iq type='get' id='r1'><query xmlns='jabber:iq:roster' ver=''/></iq>"
	}},
	{1, kindIQ, (*writer).roster},
	{0, kindPresence, func(*writer, *client) string { return "<presence>" + caps + "</presence>" }},
}

// login takes the client's next turn.
func (g *writer) login(c *client) {
	s := g.steps[c.step]
	c.step++
	unit := s.say(g, c)
	if unit == "" {
		return
	}
	g.say(c, s.dir, s.kind, unit)
	if c.step < len(g.steps) && s.kind == kindOpen && g.steps[c.step].kind == kindFeatures {
		return // a server writes header and features at once
	}
	g.send(c, s.dir)
	c.now += 20_000 + int64(g.r.IntN(4000))
}

func serverHeader(g *writer, c *client) string {
	return header + "from='" + domain + "' id='" + g.token(12) + "' xml:lang='en'>"
}

// connect is the TCP handshake.
func (g *writer) connect(c *client) {
	g.segment(c, 0, c.now, SYN, nil)
	c.seq[0]++
	g.segment(c, 1, c.now+100, SYN|ACK, nil)
	c.seq[1]++
	g.segment(c, 0, c.now+19_000, ACK, nil)
	c.now += 19_100
}

func (c *client) first() string { return "n=" + c.user() + ",r=" + c.nonce[0] }
func (c *client) final() string { return "c=biws,r=" + c.nonce[0] + c.nonce[1] }

func (g *writer) serverFirst(c *client) string {
	return "r=" + c.nonce[0] + c.nonce[1] + ",s=" + g.creds.salt + ",i=" + strconv.Itoa(rounds)
}

func (g *writer) authMessage(c *client) string {
	return c.first() + "," + g.serverFirst(c) + "," + c.final()
}

func (g *writer) proof(c *client) []byte {
	p := sign(g.creds.stored, g.authMessage(c))
	for i := range p {
		p[i] ^= g.creds.client[i]
	}
	return p
}
