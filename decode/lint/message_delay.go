package lint

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// delayGroup is the stamps of what was kept for later (XEP-0203).
var delayGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza},
	Check: checkDelay,
	Rules: []Rule{
		{Name: "delay-stamp", Level: LevelError, Ref: spec.XEP(203, "2"),
			Doc:    "What is delivered late says once when it was sent, in UTC.",
			Advice: "write the time as 2002-09-10T23:41:07Z, and only on what was kept"},
	},
}

// clockSkew is by how much clocks may differ.
const clockSkew = 5 * time.Minute

// presentSince is the memory of delayGroup: since when the client is available.
type presentSince struct{ at time.Time }

func checkDelay(p *Pass) {
	e := p.Event
	if e.Name.Local == "presence" && fromClient(e) && e.After.Available != e.State.Available {
		of(&p.own.presentSince).at = e.Time
	}
	if !e.Inside.May(mayDelay) {
		return
	}
	n := p.Node()
	if n == nil {
		return
	}
	for x := range n.All() {
		if x.Kind == xmlstream.ElementNode && x.Name.Space == nsDelay && x.Name.Local == "delay" {
			checkStamp(p, x)
		}
	}
}

func checkStamp(p *Pass, x *xmlstream.Node) {
	e := p.Event
	v, ok := x.Attr("stamp")
	if !ok {
		p.ReportAt("delay-stamp", x.Tag, "the delay has no stamp")
		return
	}
	at, err := stamp(v)
	if err != nil {
		p.ReportAt("delay-stamp", valueSpan(x, "", "stamp"), fmt.Sprintf("the stamp is \"%s\"", short(v)))
		return
	}
	for o := x.Next; o != nil; o = o.Next {
		if o.Kind == xmlstream.ElementNode && o.Name == x.Name {
			f := Finding{Rule: "delay-stamp", Span: o.Tag, Text: "there are two delays"}
			one, _ := x.Attr("from")
			if two, _ := o.Attr("from"); one != two {
				// An archive and a room may both have kept it, and many servers
				// then say so twice.
				f.Level = LevelNote
			}
			p.Add(f)
			return
		}
	}
	since := of(&p.own.presentSince).at
	switch {
	case e.Time.IsZero():
	case at.Sub(e.Time) > clockSkew:
		p.Add(Finding{Rule: "delay-stamp", Level: LevelNote, Span: valueSpan(x, "", "stamp"), Text: fmt.Sprintf("the stamp %s is in the future", short(v))})
	case x.Parent != nil && x.Parent.Parent == nil && e.Name.Local == "message" && e.Type != "groupchat" && e.Dir == decode.FromReceiver &&
		e.State.Available && !e.State.Inactive && !e.State.Resumed && !since.IsZero() && at.Sub(since) > clockSkew && e.Time.Sub(at) < 2*time.Second:
		p.Add(Finding{Rule: "delay-stamp", Level: LevelNote, Span: x.Tag, Text: "what was sent just now is stamped as late"})
	}
}

// stampShape is the profile of XEP-0082 §3.2 in UTC.
var stampShape = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]00:00)$`)

// stamp reads a time of XEP-0082 in UTC.
func stamp(v string) (time.Time, error) {
	if !stampShape.MatchString(v) {
		return time.Time{}, fmt.Errorf("not a time of XEP-0082 in UTC")
	}
	return time.Parse(time.RFC3339Nano, strings.Replace(v, "-00:00", "+00:00", 1))
}
