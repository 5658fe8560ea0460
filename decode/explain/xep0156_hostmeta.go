package explain

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var hostMetaTopic = Topic{
	Name: "xep0156-host-meta",
	Doc:  "The small file on a web server that says where WebSocket and BOSH are offered.",
	Ref:  spec.XEP(156, "2"),
	Steps: []Step{
		{Step: decode.StepHostMeta, Ref: spec.XEP(156, "2"),
			Text:   "The client fetches a small file from the domain's web server that tells where WebSocket or BOSH is offered.",
			Why:    "A program inside a web browser cannot ask DNS for SRV records, so the domain publishes the same knowledge on the web.",
			Expect: "The web server answers with addresses that begin with wss: or https:."},
	},
	Title:   hostMetaTitle,
	Explain: explainHostMeta,
}

func hostMetaTitle(e *decode.Event) string {
	if e.Name.Local != "response" {
		return "asks the web where the domain is served"
	}
	n := len(altLinks(e))
	switch {
	case e.Type != "200":
		return "answers HTTP " + name(e.Type) + ": no host-meta"
	case n == 0:
		return "answers: no other ways to the domain"
	}
	return "answers: " + count(n, "other way") + " to the domain"
}

// altLinks are the ways that the document of an answer names.
func altLinks(e *decode.Event) []decode.AltLink {
	m := httpOf(e)
	all := decode.AltLinks(m.Body)
	return all[:min(len(all), maxLines)]
}

func explainHostMeta(x *Explanation, e *decode.Event, _ *xmlstream.Node) {
	x.noteHeaders(e)
	if e.Name.Local != "response" {
		x.What = sender(e) + " asks the web server for " + value(e.To) + ", the file that tells in which other ways the domain can be reached."
		return
	}
	links := altLinks(e)
	x.What = say(sender(e)+" answers with the status "+value(e.Type)+".", when(e.Type != "200", statusText(e.Type)))
	x.Expect = "The client connects to one of these addresses."
	if len(links) == 0 {
		x.What = say(x.What, "No address for WebSocket or BOSH is in it.")
		x.Expect = "The client has to know an address by itself."
	}
	for _, l := range links {
		how := value(l.Rel)
		switch l.Rel {
		case "websocket":
			how = "WebSocket"
		case "xbosh":
			how = "BOSH"
		}
		x.What = say(x.What, how+" is offered at "+value(l.Href)+".")
		if strings.HasPrefix(l.Href, "ws:") || strings.HasPrefix(l.Href, "http:") {
			x.What = say(x.What, "That address is not encrypted and must not be used.")
		}
	}
}
