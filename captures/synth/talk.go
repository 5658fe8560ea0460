package synth

import (
	"fmt"
	"strconv"
	"strings"
)

const caps = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://client.example/' ver='q07IKJEyjvHSyhy//CH0CxmKi8w='/>"

// act is one thing that happens once two sides are logged in. Weights are of
// thousand, by what a busy day on a small server looks like.
type act struct {
	weight int
	do     func(g *writer, c *client)
}

var acts = []act{
	{330, func(g *writer, c *client) { g.burst(c, 1) }},
	{220, func(g *writer, c *client) { g.burst(c, 0) }},
	{150, func(g *writer, c *client) { g.presences(c) }},
	{60, func(g *writer, c *client) {
		g.exchange(c, "<ping xmlns='urn:xmpp:ping'/>", func() {})
	}},
	{60, func(g *writer, c *client) { g.disco(c) }},
	{24, func(g *writer, c *client) { g.avatar(c) }},
	{16, func(g *writer, c *client) { g.archive(c) }},
	{140, func(g *writer, c *client) { g.ledger(c) }},
}

// talk picks one act and moves the client's time on.
func (g *writer) talk(c *client) {
	n := g.r.IntN(1000)
	for _, a := range acts {
		if n -= a.weight; n < 0 {
			a.do(g, c)
			break
		}
	}
	c.now += 30_000 + int64(g.r.ExpFloat64()*180_000)
}

// burst is a write of one or several messages.
func (g *writer) burst(c *client, dir int) {
	n := 1
	if g.r.IntN(10) < 3 {
		n += 1 + g.r.IntN(6)
	}
	for range n {
		g.message(c, dir)
		g.counted(c, dir, kindMessage)
	}
	g.send(c, dir)
}

// message composes one message stanza of a random sort.
func (g *writer) message(c *client, dir int) {
	c.serial++
	id := "m" + strconv.Itoa(c.id) + "-" + strconv.Itoa(c.serial)
	peer := "friend" + strconv.Itoa(g.r.IntN(40)) + "@" + domain
	who := "to='" + peer + "'"
	if dir == 1 {
		who = "from='" + peer + "/mobile' to='" + c.jid() + "'"
	}
	open := func(kind string) {
		g.text = append(g.text, "<message "+who+" type='"+kind+"' id='"+id+"'>"...)
	}
	switch n := g.r.IntN(1000); {
	case n < 8:
		g.awkward(open, n)
	case n < 330:
		open("chat")
		g.body(4 + g.r.IntN(30))
		g.text = append(g.text, "<active xmlns='http://jabber.org/protocol/chatstates'/><request xmlns='urn:xmpp:receipts'/><origin-id xmlns='urn:xmpp:sid:0' id='"+id+"'/>"...)
	case n < 560:
		who = "to='room@conference." + domain + "'"
		if dir == 1 {
			who = "from='room@conference." + domain + "/" + words[g.r.IntN(len(words))] + "' to='" + c.jid() + "'"
		}
		open("groupchat")
		g.body(3 + g.r.IntN(40))
		g.text = append(g.text, "<stanza-id xmlns='urn:xmpp:sid:0' by='room@conference."+domain+"' id='"+id+"'/>"...)
	case n < 720:
		open("chat")
		g.text = append(g.text, [...]string{"<composing xmlns='http://jabber.org/protocol/chatstates'/>", "<paused xmlns='http://jabber.org/protocol/chatstates'/>"}[n&1]...)
	case n < 850:
		open("chat")
		g.text = append(g.text, "<received xmlns='urn:xmpp:receipts' id='"+id+"x'/><displayed xmlns='urn:xmpp:chat-markers:0' id='"+id+"x'/>"...)
	case n < 930:
		open("chat")
		g.text = append(g.text, "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='27183'><iv>"+g.token(12)+"</iv>"...)
		for i := range 2 + g.r.IntN(6) {
			g.text = append(g.text, "<key rid='"+strconv.Itoa(31415+i)+"'>"+g.token(110)+"</key>"...)
		}
		g.text = append(g.text, "</header><payload>"+g.token(60+g.r.IntN(300))+"</payload></encrypted><store xmlns='urn:xmpp:hints'/>"...)
	default:
		open("chat")
		g.text = append(g.text, "<sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' "+who+" type='chat'>"...)
		g.body(5 + g.r.IntN(20))
		g.text = append(g.text, "</message></forwarded></sent>"...)
	}
	g.text = append(g.text, "</message>"...)
}

// awkward opens a message that is legal XML and that careless readers cut in the
// wrong place.
func (g *writer) awkward(open func(string), n int) {
	open("normal")
	g.text = append(g.text, [...]string{
		"<body><![CDATA[ends here? </message> no ]]> and <![CDATA[<iq/>]]></body>",
		"<x xmlns='urn:example:odd' note='a > b &lt;/message> \"c\"' other=\">\"/><body>1 &lt; 2 &amp;&amp; 3 > 2</body>",
		"<body >spaces</body\n><subject\t/>",
		"<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'><message xmlns='urn:example:in'/></message></forwarded>",
	}[n%4]...)
}

// body composes text of n words.
func (g *writer) body(n int) {
	g.text = append(g.text, "<body>"...)
	for i := range n {
		if i > 0 {
			g.text = append(g.text, ' ')
		}
		g.text = append(g.text, words[g.r.IntN(len(words))]...)
	}
	g.text = append(g.text, "</body>"...)
}

// presences come from the server, several in a write.
func (g *writer) presences(c *client) {
	for range 1 + g.r.IntN(5) {
		kind := [...]string{"", "<show>away</show><status>back soon</status>", "<show>dnd</show><priority>5</priority>"}[g.r.IntN(3)]
		g.say(c, 1, kindPresence, "<presence from='friend"+strconv.Itoa(g.r.IntN(40))+"@"+domain+"/desk' to='"+c.jid()+"'>"+kind+caps+"</presence>")
	}
	g.send(c, 1)
}

// exchange is an iq request of the client and its answer.
func (g *writer) exchange(c *client, request string, answer func()) {
	c.serial++
	id := "q" + strconv.Itoa(c.serial)
	g.say(c, 0, kindIQ, "<iq type='get' id='"+id+"' to='"+domain+"'>"+request+"</iq>")
	g.send(c, 0)
	c.now += 18_000 + int64(g.r.IntN(9000))
	g.text = append(g.text, "<iq type='result' id='"+id+"' from='"+domain+"' to='"+c.jid()+"'>"...)
	answer()
	g.text = append(g.text, "</iq>"...)
	g.counted(c, 1, kindIQ)
	g.send(c, 1)
}

func (g *writer) disco(c *client) {
	const ns = "http://jabber.org/protocol/disco#info"
	g.exchange(c, "<query xmlns='"+ns+"'/>", func() {
		g.text = append(g.text, "<query xmlns='"+ns+"'><identity category='server' type='im' name='Synth'/>"...)
		for i := range 6 + g.r.IntN(20) {
			g.text = append(g.text, "<feature var='urn:example:feature:"+strconv.Itoa(i)+"'/>"...)
		}
		g.text = append(g.text, "</query>"...)
	})
}

func (g *writer) avatar(c *client) {
	g.exchange(c, "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:data' max_items='1'/></pubsub>", func() {
		size := 6000 + g.r.IntN(40_000)
		g.text = append(g.text, "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:data'><item id='a'><data xmlns='urn:xmpp:avatar:data'>"...)
		g.text = append(g.text, g.token(size)...)
		g.text = append(g.text, "</data></item></items></pubsub>"...)
	})
}

// archive is a page of an archive (XEP-0313): results as messages, then the answer.
func (g *writer) archive(c *client) {
	c.serial++
	id := "a" + strconv.Itoa(c.serial)
	g.say(c, 0, kindIQ, "<iq type='set' id='"+id+"'><query xmlns='urn:xmpp:mam:2' queryid='"+id+"'/></iq>")
	g.send(c, 0)
	c.now += 25_000
	n := 5 + g.r.IntN(20)
	for i := range n {
		g.text = append(g.text, fmt.Sprintf("<message to='%s'><result xmlns='urn:xmpp:mam:2' queryid='%s' id='%d'><forwarded xmlns='urn:xmpp:forward:0'>"+
			"<delay xmlns='urn:xmpp:delay' stamp='2026-01-02T03:04:05Z'/><message xmlns='jabber:client' from='friend%d@%s/mobile' type='chat'>", c.jid(), id, i, i, domain)...)
		g.body(3 + g.r.IntN(20))
		g.text = append(g.text, "</message></forwarded></result></message>"...)
		g.counted(c, 1, kindMessage)
	}
	g.say(c, 1, kindIQ, "<iq type='result' id='"+id+"' to='"+c.jid()+"'><fin xmlns='urn:xmpp:mam:2' complete='true'/></iq>")
	g.send(c, 1)
}

// ledger is stream management at work: one side asks, the other counts.
func (g *writer) ledger(c *client) {
	dir := g.r.IntN(2)
	g.say(c, dir, kindNonza, "<r xmlns='urn:xmpp:sm:3'/>")
	g.send(c, dir)
	c.now += 15_000
	g.say(c, 1-dir, kindNonza, "<a xmlns='urn:xmpp:sm:3' h='"+strconv.FormatInt(c.stanzas[dir], 10)+"'/>")
	g.send(c, 1-dir)
}

func (g *writer) roster(c *client) string {
	var b strings.Builder
	b.WriteString("<iq type='result' id='r1' to='" + c.jid() + "'><query xmlns='jabber:iq:roster' ver='7'>")
	for i := range 12 + g.r.IntN(28) {
		fmt.Fprintf(&b, "<item jid='friend%d@%s' name='%s' subscription='both'><group>Friends</group></item>", i, domain, words[i%len(words)])
	}
	return b.String() + "</query></iq>"
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// token is n random characters of the base64 alphabet.
func (g *writer) token(n int) string {
	b := make([]byte, n)
	for i := 0; i < n; {
		for v, k := g.r.Uint64(), 0; k < 10 && i < n; k++ {
			b[i] = alphabet[v&63]
			v >>= 6
			i++
		}
	}
	return string(b)
}

var words = strings.Fields(`river lantern quiet morning copper bridge wander silver garden letter
	window harbour pepper marble violet thunder basket orchard candle meadow ribbon hollow
	saddle anchor feather compass velvet ginger timber pocket mirror whistle grüße naïve
	δοκιμή 雪 привет ☕ café`)
