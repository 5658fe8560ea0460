package lint

import (
	"fmt"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// iqGroup is the shape of requests and answers (RFC 6120 §8.2.3).
var iqGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza},
	Check: checkIQ,
	Rules: []Rule{
		{Name: "iq-no-id", Level: LevelError, Ref: spec.RFC(6120, "8.2.3"),
			Doc:    "Every request has an id, by which its answer is found.",
			Advice: "give every iq an id; an answer repeats that of its request"},
		{Name: "iq-type", Level: LevelError, Ref: spec.RFC(6120, "8.2.3"),
			Doc:    "An iq asks with get or set and answers with result or error; there is nothing else.",
			Advice: "set type to get, set, result or error"},
		{Name: "iq-payload", Level: LevelError, Ref: spec.RFC(6120, "8.2.3"),
			Doc:    "A request carries exactly one element, a result at most one, and an error says what went wrong.",
			Advice: "put one child into a request, and <error/> into an error"},
	},
}

func checkIQ(p *Pass) {
	e := p.Event
	if e.Name.Local != "iq" {
		return
	}
	if e.ID == "" {
		p.Report("iq-no-id", "the iq has no id")
	}
	switch e.Type {
	case "get", "set", "result", "error":
		checkPayload(p)
	case "":
		p.Report("iq-type", "the iq has no type")
	default:
		p.ReportAt("iq-type", attrSpan(p, "type"), fmt.Sprintf("the type is \"%s\"", short(e.Type)))
	}
}

func checkPayload(p *Pass) {
	e := p.Event
	if e.Type == "result" && e.Payload.Local == "" {
		return
	}
	if e.Type != "error" && e.Payload.Local != "" && !e.Inside.May(decode.InsideSeveral) {
		return
	}
	n := p.Node()
	if n == nil {
		return
	}
	count := 0
	for range n.Children() {
		count++
	}
	switch {
	case e.Type == "error":
		if n.Child(e.Name.Space, "error") == nil {
			p.Report("iq-payload", "the error does not say what went wrong: there is no <error/>")
		}
	case e.Type == "result" && count > 1:
		p.Report("iq-payload", fmt.Sprintf("the result carries %d elements", count))
	case e.Type != "result" && count == 0:
		p.Report("iq-payload", "the request is empty")
	case e.Type != "result" && count > 1:
		p.Report("iq-payload", fmt.Sprintf("the request carries %d elements", count))
	}
}
