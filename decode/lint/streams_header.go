package lint

import (
	"fmt"
	"strconv"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// headerGroup is the attributes of the two stream headers (RFC 6120 §4.7).
// WebSocket has them on <open/> (RFC 7395 §3.4). The wrapper of BOSH has others
// and is asked for what XEP-0206 §3 wants of it.
var headerGroup = Group{
	Kinds: []decode.Kind{decode.KindOpen, decode.KindFeatures, decode.KindStanza, decode.KindNonza, decode.KindStreamError},
	Check: checkHeader,
	Rules: []Rule{
		{Name: "stream-version-missing", Level: LevelWarning, Who: WhoInitiator, Ref: spec.RFC(6120, "4.7.5"),
			Doc:    "A stream header says which version of XMPP it speaks; without that it is taken for a protocol of before 2004.",
			Advice: "send version='1.0'"},
		{Name: "stream-version-malformed", Level: LevelError, Ref: spec.RFC(6120, "4.7.5"),
			Doc:    "A version is two numbers with a point between them and without leading zeros.",
			Advice: "send version='1.0'"},
		{Name: "stream-version-too-high", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6120, "4.7.5"),
			Doc:    "The answering side never speaks a higher version than the side that asked.",
			Advice: "compare versions as numbers and answer the lower one"},
		{Name: "stream-to-missing", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6120, "4.7.2"),
			Doc:    "The first stream header names the domain that is wanted, for one server may hold many.",
			Advice: "put the domain of the account into to"},
		{Name: "stream-to-changed", Level: LevelWarning, Who: WhoInitiator, Ref: spec.RFC(6120, "4.7.2"),
			Doc:    "Every restart on a connection asks for the same domain, because the certificate was checked for that one.",
			Advice: "repeat the domain of the first header; the certificate was checked for it"},
		{Name: "stream-from-missing-response", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6120, "4.7.1"),
			Doc:    "The answering side says in its stream header which domain it is.",
			Advice: "put the served domain into from"},
		{Name: "stream-response-to-wrong", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6120, "4.7.2"), Needs: NeedWhole,
			Doc:    "A server repeats in its stream header the address that the client gave, and invents none.",
			Advice: "answer the bare JID of the client's from, and no to where the client gave none"},
		{Name: "stream-lang-missing", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6120, "4.7.4"),
			Doc:    "The answering side says in which language it writes what people will read.",
			Advice: "send xml:lang in the stream header"},
		{Name: "stream-from-missing-secured", Level: LevelWarning, Who: WhoInitiator, Ref: spec.RFC(6120, "4.7.1"),
			Doc:    "Once TLS protects the stream, the side that connects should say who it is.",
			Advice: "send from with the bare JID (a server: its domain) in headers inside TLS; SASL 2 and FAST need it"},
		{Name: "stream-from-in-clear", Level: LevelNote, Who: WhoInitiator, Ref: spec.RFC(6120, "4.7.1"),
			Doc:    "An address in a stream header before TLS shows the account's name to the whole network.",
			Advice: "leave from out until TLS is on"},
		{Name: "stream-id-missing", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(6120, "4.7.3"),
			Doc:    "The answering side gives every stream an identifier.",
			Advice: "send a fresh random id in every stream header"},
		{Name: "stream-id-in-initial", Level: LevelError, Who: WhoInitiator, Ref: spec.RFC(6120, "4.7.3"),
			Doc:    "Only the answering side gives a stream its identifier.",
			Advice: "leave id out; it is ignored"},
	},
}

// initial is what an initial stream header said.
type initial struct {
	seq                        decode.Seq
	to, from, version, content string
}

// headers is the memory of headerGroup and contentGroup.
type headers struct {
	// asked are the last initial headers: a client may send the next before the
	// first is answered (XEP-0305).
	asked [4]initial
	next  int
	first string // the domain of the first one
	// unnamed is a header inside TLS without from, until it is known how the
	// client logs in; told says that it was reported.
	unnamed decode.Seq
	told    bool
	// answer is the last response header, until it is known what follows it.
	answer *answered
}

// answered is a response header that is not judged yet.
type answered struct {
	seq           decode.Seq
	id, to, from  string
	content, lang string
	version       string
	// asked is the header that it answers.
	asked   initial
	carrier carrier
	profile decode.Profile
	// places are where the attributes stand that may be wrong, by rule.
	places map[string]xmlstream.Span
}

func (h *headers) find(seq decode.Seq) (initial, bool) {
	for i := range h.asked {
		if seq != 0 && h.asked[i].seq == seq {
			return h.asked[i], true
		}
	}
	return initial{}, false
}

func checkHeader(p *Pass) {
	e := p.Event
	if e.Kind != decode.KindOpen {
		switch h := of(&p.own.headers); {
		case e.Dir == decode.FromReceiver && h.answer != nil:
			h.judge(p)
		case e.Dir == decode.FromInitiator && h.unnamed != 0:
			h.nameless(p)
		}
		return
	}
	n := p.Node()
	if n == nil {
		return
	}
	c := carrierOf(e)
	if c == onTCP && n.Name.Space != nsStreams {
		return // it is no stream header; stream-ns-wrong says so
	}
	h := of(&p.own.headers)
	if !of(&p.own.opening).began && h.next == 0 && (e.Dir == decode.FromReceiver || e.ID != "" && e.To == "") {
		return // where the beginning is missing, nobody knows which side is which
	}
	version := versionOf(n, c)
	if bad := malformed(version); bad != "" {
		p.ReportAt("stream-version-malformed", valueSpan(n, "", "version"), fmt.Sprintf("the version is \"%s\", %s", short(version), bad))
	}
	if e.Dir == decode.FromInitiator {
		h.initial(p, n, c, version)
		return
	}
	h.response(p, n, c, version)
}

func versionOf(n *xmlstream.Node, c carrier) string {
	space := ""
	if c == onBOSH {
		space = nsXBOSH
	}
	v, _ := n.AttrNS(space, "version")
	return v
}

func (h *headers) initial(p *Pass, n *xmlstream.Node, c carrier, version string) {
	e := p.Event
	content, _ := n.Scope.Lookup("")
	h.asked[h.next%len(h.asked)] = initial{seq: e.Seq, to: e.To, from: e.From, version: version, content: content}
	h.next++
	component := strings.HasPrefix(content, "jabber:component:")
	// A restart of BOSH repeats little of what the session began with
	// (XEP-0206 §5), and components have no version (XEP-0114 §3).
	begins := c != onBOSH || e.Step == decode.StepBOSHCreate
	if version == "" && begins && !component {
		p.ReportAt("stream-version-missing", n.Tag, "the stream header has no version, so it speaks a protocol older than XMPP 1.0")
	}
	if c != onBOSH && n.FindAttr("", "id") != nil {
		p.ReportAt("stream-id-in-initial", valueSpan(n, "", "id"), fmt.Sprintf("the initial stream header has the id \"%s\"", short(e.ID)))
	}
	h.to(p, n, begins, content)
	secured := e.Layer&decode.LayerTLS != 0
	switch {
	case !secured && strings.Contains(e.From, "@"):
		p.ReportAt("stream-from-in-clear", valueSpan(n, "", "from"), fmt.Sprintf("the address %s is sent in the clear", short(e.From)))
	case secured && e.From == "" && c != onBOSH && !component && !h.told:
		h.unnamed = e.Seq
	}
}

// nameless reports a header that does not say who sends it. A client whose name
// comes from its login, or which has none, cannot know it (RFC 6120 §4.7.1), and
// with it not before it is bound.
func (h *headers) nameless(p *Pass) {
	e := p.Event
	f := Finding{Rule: "stream-from-missing-secured", Seq: h.unnamed, Text: "the stream header inside TLS does not say who sends it"}
	h.unnamed = 0
	if e.State.Profile == decode.ProfileS2S {
		f.Level = LevelError
	} else if m := e.After.Mechanism; m == "ANONYMOUS" || m == "EXTERNAL" || strings.HasPrefix(m, "GS") {
		return
	}
	h.told = true
	p.Add(f)
}

// to judges which domain is asked for. A server that dials a component names it
// in from (XEP-0114 §3).
func (h *headers) to(p *Pass, n *xmlstream.Node, begins bool, content string) {
	e := p.Event
	if content == "jabber:component:connect" {
		return
	}
	switch {
	case e.To == "" && begins:
		p.ReportAt("stream-to-missing", n.Tag, "the initial stream header does not say which domain is wanted")
	case e.To == "":
	case h.first == "":
		h.first = short(e.To)
	case !strings.EqualFold(h.first, short(e.To)):
		p.ReportAt("stream-to-changed", valueSpan(n, "", "to"), fmt.Sprintf("the restart asks for %s, the first header asked for %s", short(e.To), h.first))
	}
}

func (h *headers) response(p *Pass, n *xmlstream.Node, c carrier, version string) {
	e := p.Event
	h.answer = nil
	if c == onBOSH {
		return
	}
	asked, _ := h.find(e.Reply)
	content, _ := n.Scope.Lookup("")
	lang, _ := n.AttrNS(xmlstream.NSXML, "lang")
	h.answer = &answered{seq: e.Seq, id: e.ID, to: e.To, from: e.From, content: content, lang: lang, version: version, asked: asked, carrier: c}
	if e.After != nil {
		h.answer.profile = e.After.Profile
	}
	if a := h.answer; a.wrongVersion() != "" || a.wrongTo() != "" || a.content != a.asked.content {
		a.places = map[string]xmlstream.Span{
			"stream-version-too-high":  valueIn(n, "version"),
			"stream-response-to-wrong": valueIn(n, "to"),
			"content-ns-mismatch":      declared(e, n),
		}
	}
}

// judge reports about a response header once it is known what follows. One that
// only carries an error is written by a side that knows little of the stream:
// its addresses may be anything (RFC 6120 §4.9.1.3), and what is wrong is told
// by the error.
func (h *headers) judge(p *Pass) {
	a := h.answer
	h.answer = nil
	if p.Event.Kind == decode.KindStreamError {
		return
	}
	about := func(rule, text string) { p.Add(Finding{Rule: rule, Seq: a.seq, Span: a.places[rule], Text: text}) }
	if a.from == "" {
		about("stream-from-missing-response", "the stream header of the answering side has no from")
	}
	if a.id == "" {
		about("stream-id-missing", "the stream header of the answering side has no id")
	}
	// Components and the protocol before 1.0 know no xml:lang.
	if a.lang == "" && a.version != "" && a.profile != decode.ProfileComponent {
		about("stream-lang-missing", "the stream header of the answering side has no xml:lang")
	}
	if a.asked.seq == 0 {
		return
	}
	if text := a.wrongVersion(); text != "" {
		about("stream-version-too-high", text)
	}
	if text := a.wrongTo(); text != "" && a.profile == decode.ProfileC2S {
		p.after(decode.FromInitiator, Finding{Rule: "stream-response-to-wrong", Seq: a.seq, Span: a.places["stream-response-to-wrong"], Text: text})
	}
	if a.carrier == onTCP && isContent(a.asked.content) && isContent(a.content) && a.content != a.asked.content {
		about("content-ns-mismatch", fmt.Sprintf("the answer has the content namespace %s, the header that it answers %s", a.content, a.asked.content))
	}
}

func (a *answered) wrongVersion() string {
	switch {
	case malformed(a.version) != "" || malformed(a.asked.version) != "" || !higher(a.version, a.asked.version):
		return ""
	case a.asked.version == "":
		return fmt.Sprintf("the answer speaks version %s, but the header that it answers has none", a.version)
	}
	return fmt.Sprintf("the answer speaks version %s, but %s was asked for", a.version, a.asked.version)
}

func (a *answered) wrongTo() string {
	want := bare(a.asked.from)
	switch {
	case strings.EqualFold(a.to, want), strings.EqualFold(a.to, a.asked.from):
		// A client may wrongly say a resource too. The section does not tell what
		// to answer then; servers repeat what they read.
		return ""
	case want == "":
		return fmt.Sprintf("the answer is addressed to %s, though the client did not say who it is", short(a.to))
	case a.to == "":
		return fmt.Sprintf("the client said that it is %s, but the answer has no to", short(want))
	}
	return fmt.Sprintf("the answer is addressed to %s, the client said that it is %s", short(a.to), short(want))
}

// malformed says what is wrong with a version; an absent one is not malformed.
func malformed(v string) string {
	if v == "" {
		return ""
	}
	major, minor, point := strings.Cut(v, ".")
	for _, part := range [...]string{major, minor} {
		switch {
		case !point || part == "" || strings.Trim(part, "0123456789") != "":
			return "which is not two numbers with a point between them"
		case len(part) > 1 && part[0] == '0':
			return "which has a leading zero"
		}
	}
	return ""
}

// higher compares two well-formed versions as numbers; an absent one is the
// lowest (RFC 6120 §4.7.5).
func higher(a, b string) bool {
	if a == "" || b == "" {
		return a != ""
	}
	aMajor, aMinor, _ := strings.Cut(a, ".")
	bMajor, bMinor, _ := strings.Cut(b, ".")
	if aMajor != bMajor {
		return number(aMajor) > number(bMajor)
	}
	return number(aMinor) > number(bMinor)
}

// number reads a number; one that is too big is the biggest.
func number(s string) uint64 {
	n, _ := strconv.ParseUint(s, 10, 64)
	return n
}
