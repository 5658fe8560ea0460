package explain

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var streamTopic = Topic{
	Name: "rfc6120-stream",
	Doc:  "Stream headers: the tags that open the two long documents of a connection, and open them anew.",
	Ref:  spec.RFC(6120, "4.7"),
	Steps: []Step{
		{Step: decode.StepStreamOpenInitial, Ref: spec.RFC(6120, "4.2"),
			Text:   "The initiating entity opens its stream: the start tag of one long XML document that stays open as long as the connection lasts.",
			Why:    "XMPP sends no separate letters. Each side writes one XML document, and every message is a child of its root. This tag is the root of the first document; the tag that closes it comes at the very end.",
			Expect: "The other side answers with a stream header of its own, and then with its list of stream features."},
		{Step: decode.StepStreamOpenResponse, Ref: spec.RFC(6120, "4.7"),
			Text:   "The receiving entity opens its own stream in answer and gives it an id.",
			Why:    "There are always two documents, one in each direction. This is the root of the second one. Its id is made for this stream alone.",
			Expect: "The list of stream features follows from the same side. If it did not like the first header, a stream error follows instead."},
		{Step: decode.StepRestartAfterTLS, Ref: spec.RFC(6120, "5.4.3.3"),
			Text:   "Both sides start their streams again, now inside TLS.",
			Why:    "Whatever was said before TLS could have been written by somebody on the way. So both sides forget it and begin again, on the same TCP connection.",
			Expect: "The receiving side answers with a new header and a new id, and then with a new list of features that has no STARTTLS in it and usually offers login."},
		{Step: decode.StepRestartAfterSASL, Ref: spec.RFC(6120, "6.4.6"),
			Text:   "Both sides start their streams again after a successful login.",
			Why:    "The old stream belonged to a stranger, the new one belongs to somebody known. The connection and its encryption stay; only the documents are new, and so is what is on offer.",
			Expect: "The server answers with a new header and a new id, and then with new features: for a client, resource binding is among them."},
		{Step: decode.StepRestartAfterCompress, Ref: spec.XEP(138, "2"),
			Text:   "Both sides start their streams again, now compressed.",
			Why:    "From the end of <compressed/> on the bytes mean something else, so both sides begin new documents inside the compressed flow.",
			Expect: "The server answers with a new header and a new list of features without compression in it."},
		{Step: decode.StepS2SOpen, Ref: spec.RFC(6120, "4.7"),
			Text:   "A server opens a stream to another server, naming both domains.",
			Why:    "A server that has something to deliver connects to the other domain by itself. Stanzas flow only from the server that connected; for the way back the other server opens a connection of its own.",
			Expect: "The other server answers with its header and its features. Then come encryption and the proof that the first server really speaks for its domain: a certificate, or dialback."},
	},
	Title:   streamTitle,
	Explain: explainStream,
}

func streamTitle(e *decode.Event) string {
	response := !fromInitiator(e)
	id := ""
	if e.ID != "" {
		id = ", id " + name(e.ID)
	}
	switch now := restartWord(e.Step); {
	case now != "" && response:
		return "starts its stream again too" + id
	case now != "":
		return "starts the stream again, now " + now
	case response:
		return "opens its stream in answer" + id
	case e.Step == decode.StepS2SOpen && e.From != "" && e.To != "":
		return "opens a stream from " + name(e.From) + " to " + name(e.To)
	case e.To == "":
		return "opens a stream, naming no domain"
	}
	return "opens a stream to " + name(e.To)
}

// restartWord says what is new after a restart; empty for a first header.
func restartWord(s decode.Step) string {
	switch s {
	case decode.StepRestartAfterTLS:
		return "encrypted"
	case decode.StepRestartAfterSASL:
		return "logged in"
	case decode.StepRestartAfterCompress:
		return "compressed"
	}
	return ""
}

func explainStream(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	version, versioned := attrOf(n, "version")
	lang := ""
	if n != nil {
		lang, _ = n.AttrNS(xmlstream.NSXML, "lang")
	}
	if fromInitiator(e) {
		x.What = say(openingWords(e), fromWords(e), domainChange(e))
	} else {
		x.What = say(answerWords(e), when(e.From != "", upper(receiver(e))+" speaks for "+value(e.From)+"."),
			when(e.To != "", "It takes "+initiator(e)+" for "+value(e.To)+"."))
	}
	x.What = say(x.What, versionWords(e, n, version, versioned), when(lang != "", "Text for people is in the language "+value(lang)+" unless marked otherwise."))
	if e.Step == decode.StepS2SOpen && !fromInitiator(e) {
		x.Expect = "The list of stream features follows, or a stream error if one of the two domains is not accepted."
	}
	if restartWord(e.Step) != "" && !fromInitiator(e) {
		x.Expect = "A new list of features follows from the same side."
	}
	if stateOf(e).Profile == decode.ProfileComponent {
		x.Ref = spec.XEP(114, "3")
		x.Expect = componentExpect(e)
	} else if n != nil && !versioned {
		x.Expect = oldExpect(e)
	}
	noteHeader(x, e, n)
}

func openingWords(e *decode.Event) string {
	to := "names no domain, so " + reader(e) + " must guess which one is meant"
	if e.To != "" {
		to = "asks for the domain " + value(e.To)
	}
	if now := restartWord(e.Step); now != "" {
		return sender(e) + " starts a new stream on the same connection, now " + now + ", and again " + to + "."
	}
	return sender(e) + " opens its stream and " + to + "."
}

func fromWords(e *decode.Event) string {
	switch s := before(e); {
	case e.From == "" && s.Authenticated, stateOf(e).Profile == decode.ProfileComponent:
		return ""
	case e.From == "" && fromInitiator(e):
		return "It does not yet say who it is."
	case s.Authenticated && s.Identity != "" && bare(e.From) == bare(s.Identity):
		return "It says that it is " + value(e.From) + ", as the login has proven."
	}
	return "It says that it is " + value(e.From) + ". That is a claim: nothing has proven it so far."
}

func domainChange(e *decode.Event) string {
	was := before(e).Domain
	if was == "" || e.To == "" || strings.EqualFold(was, e.To) {
		return ""
	}
	return "The stream before this one was for " + value(was) + ", another domain."
}

func answerWords(e *decode.Event) string {
	id := "It gives the stream no id."
	if e.ID != "" {
		id = "The id of this stream is " + value(e.ID) + "."
	}
	old := before(e).StreamID
	return say(sender(e)+pick(restartWord(e.Step) != "", " starts its own stream again in answer.", " opens its own stream in answer."), id,
		when(old != "" && old != e.ID && e.ID != "", "The old id "+value(old)+" is void."),
		when(old != "" && old == e.ID, "That is the id of the stream before, although every stream needs a new one."))
}

func versionWords(e *decode.Event, n *xmlstream.Node, version string, has bool) string {
	switch {
	case n == nil || stateOf(e).Profile == decode.ProfileComponent:
		return ""
	case !has:
		return "There is no version attribute: that means the protocol as it was before XMPP 1.0, without stream features."
	case version == "1.0":
		return "It speaks XMPP 1.0."
	}
	return "It gives the version as " + value(version) + "."
}

func oldExpect(e *decode.Event) string {
	if fromInitiator(e) {
		return upper(receiver(e)) + " answers with its own header. No list of features has to follow; a client of that age then logs in with an iq of the namespace jabber:iq:auth."
	}
	return "No list of features has to follow. " + upper(initiator(e)) + " goes on by itself, for a client with an iq of the namespace jabber:iq:auth."
}

func componentExpect(e *decode.Event) string {
	if fromInitiator(e) {
		return "The server answers with a header whose id goes into the handshake."
	}
	return "The component sends <handshake/> with a hash of this id and the secret that both share."
}

func noteHeader(x *Explanation, e *decode.Event, n *xmlstream.Node) {
	if n == nil {
		return
	}
	if fromInitiator(e) {
		x.noteAttr(n, "to", "The domain that is wanted. One machine may serve many.")
		x.noteAttr(n, "from", "Who the sender says it is.")
		x.noteAttr(n, "id", "An id here means nothing: only the receiving side gives a stream its id.")
	} else {
		x.noteAttr(n, "to", "Whom the stream is for: what the first header gave as its sender.")
		x.noteAttr(n, "from", "The domain that answers.")
		x.noteAttr(n, "id", "The id of this stream. It is new with every header and should be impossible to guess.")
	}
	x.noteAttr(n, "version", "The version of XMPP. From 1.0 on there are stream features.")
	if n.Tag.Start > 0 {
		x.note(xmlstream.Span{Start: 0, End: n.Tag.Start}, "The XML declaration: this is where a new document begins.")
	}
}
