package explain

import (
	"encoding/json"
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

// altLink is a way to connect that a host-meta document names.
type altLink struct{ rel, href string }

// altRel begins the relations that count here.
const altRel = "urn:xmpp:alt-connections:"

// altLinks are the ways that the document of an answer names, in XML or in
// JSON (XEP-0156 §2, RFC 6415).
func altLinks(e *decode.Event) []altLink {
	m := httpOf(e)
	var all []altLink
	add := func(rel, href string) {
		if strings.HasPrefix(rel, altRel) && len(all) < maxLines {
			all = append(all, altLink{strings.TrimPrefix(rel, altRel), href})
		}
	}
	if body := strings.TrimSpace(string(m.Body)); strings.HasPrefix(body, "{") {
		var doc struct {
			Links []struct{ Rel, Href string }
		}
		if json.Unmarshal([]byte(body), &doc) == nil {
			for _, l := range doc.Links {
				add(l.Rel, l.Href)
			}
		}
		return all
	}
	at := strings.Index(string(m.Body), "<XRD")
	if at < 0 {
		return nil
	}
	n := new(xmlstream.Tree).Parse(m.Body[at:], nil, xmlstream.Options{})
	if n == nil {
		return nil
	}
	for c := range n.Children() {
		if c.Name.Local == "Link" {
			add(attr(c, "rel"), attr(c, "href"))
		}
	}
	return all
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
		how := value(l.rel)
		switch l.rel {
		case "websocket":
			how = "WebSocket"
		case "xbosh":
			how = "BOSH"
		}
		x.What = say(x.What, how+" is offered at "+value(l.href)+".")
		if strings.HasPrefix(l.href, "ws:") || strings.HasPrefix(l.href, "http:") {
			x.What = say(x.What, "That address is not encrypted and must not be used.")
		}
	}
}
