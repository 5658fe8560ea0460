package lint

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// presenceGroup is presence itself, without subscriptions (RFC 6121 §4).
var presenceGroup = Group{
	Kinds: []decode.Kind{decode.KindStanza, decode.KindClose},
	Check: checkPresence,
	Rules: []Rule{
		{Name: "presence-type", Level: LevelError, Ref: spec.RFC(6121, "4.7.1"),
			Doc:    "Presence has one of seven types, or none to say that somebody is there.",
			Advice: "leave type out to be online; there is no type available"},
		{Name: "presence-show", Level: LevelError, Ref: spec.RFC(6121, "4.7.2"),
			Doc:    "Presence says at most once how available somebody is, in one of four words, and which device comes first, as a number of one byte.",
			Advice: "use away, chat, dnd or xa, and a priority from -128 to 127"},
		{Name: "presence-unavailable-extras", Level: LevelError, Ref: spec.RFC(6121, "4.5.1"),
			Doc:    "Who goes away has no kind of availability and no priority.",
			Advice: "send only a status with type unavailable"},
		{Name: "presence-before-roster", Level: LevelNote, Who: WhoInitiator, Ref: spec.RFC(6121, "2.2"), Needs: NeedStart | NeedWhole,
			Doc:    "A client that fetches its roster before it goes online knows whose presence it gets.",
			Advice: "fetch the roster first, then send presence"},
		{Name: "presence-no-goodbye", Level: LevelNote, Who: WhoInitiator, Ref: spec.RFC(6121, "4.5.1"),
			Doc:    "A client says goodbye with presence before it closes its stream.",
			Advice: "send <presence type='unavailable'/> before </stream:stream>"},
		{Name: "presence-probe-by-client", Level: LevelWarning, Who: WhoInitiator, Ref: spec.RFC(6121, "4.3"),
			Doc:    "Asking for somebody's presence is the work of servers.",
			Advice: "send presence; the server asks all contacts for theirs"},
	},
}

// fetching is the memory of presenceGroup.
type fetching struct{ roster bool }

func checkPresence(p *Pass) {
	e := p.Event
	switch {
	case e.Kind == decode.KindClose:
		s := e.State
		if fromClient(e) && s.Available && s.Open[decode.FromReceiver] && s.Error == "" {
			p.Report("presence-no-goodbye", "the stream is closed while the client is available")
		}
	case e.Name.Local == "iq":
		if e.Payload.Space == nsRoster && fromClient(e) {
			of(&p.own.fetching).roster = true
		}
	case e.Name.Local == "presence":
		presenceType(p)
		if e.Step == decode.StepPresenceInitial && !e.State.Roster && !e.State.Resumed && !of(&p.own.fetching).roster {
			p.Report("presence-before-roster", "the client goes online before it has asked for its roster")
		}
	}
}

func presenceType(p *Pass) {
	e := p.Event
	switch e.Type {
	case "":
		if e.Payload.Local != "" {
			checkShow(p)
		}
	case "unavailable":
		if e.Payload.Local != "" && (fromClient(e) || e.State.Profile != decode.ProfileC2S) {
			checkExtras(p)
		}
	case "probe":
		if fromClient(e) {
			p.addNeeding(needsProfile(e), Finding{Rule: "presence-probe-by-client", Span: attrSpan(p, "type"),
				Text: fmt.Sprintf("the client asks for the presence of %s", short(e.To))})
		}
	case "error", "subscribe", "subscribed", "unsubscribe", "unsubscribed":
	default:
		p.ReportAt("presence-type", attrSpan(p, "type"), fmt.Sprintf("the type is \"%s\"", short(e.Type)))
	}
}

// needsProfile is what a capture must show before a stanza is a client's for
// sure: one that says who sends it may be a server's.
func needsProfile(e *decode.Event) Needs {
	if e.From != "" {
		return NeedStart
	}
	return 0
}

// checkShow looks at how available somebody is. What comes through a server may
// be another client's fault, which it passes on as it is.
func checkShow(p *Pass) {
	e := p.Event
	if !e.Inside.May(decode.InsideShow | decode.InsidePriority) {
		return
	}
	if e.Dir == decode.FromReceiver && e.State.Profile == decode.ProfileC2S {
		return
	}
	n := p.Node()
	if n == nil {
		return
	}
	var seen [2]bool
	for c := range n.Children() {
		i := slices.Index([]string{"show", "priority"}, c.Name.Local)
		if i < 0 || c.Name.Space != e.Name.Space {
			continue
		}
		if seen[i] {
			p.ReportAt("presence-show", c.Tag, fmt.Sprintf("there are two <%s/>", c.Name.Local))
			return
		}
		seen[i] = true
		if why := wrongShow(c, i == 1); why != "" {
			p.ReportAt("presence-show", c.InnerSpan(), why)
			return
		}
	}
}

func wrongShow(c *xmlstream.Node, priority bool) string {
	switch v := c.Inner(); string(v) {
	case "away", "chat", "dnd", "xa":
		if !priority {
			return ""
		}
	case "0", "1", "5", "10":
		if priority {
			return ""
		}
	}
	v := c.Text()
	if !priority {
		if slices.Contains([]string{"away", "chat", "dnd", "xa"}, v) {
			return ""
		}
		return fmt.Sprintf("show is \"%s\"", short(v))
	}
	if _, err := strconv.ParseInt(strings.TrimSpace(v), 10, 8); err != nil {
		return fmt.Sprintf("the priority is \"%s\"", short(v))
	}
	return ""
}

func checkExtras(p *Pass) {
	n := p.Node()
	if n == nil {
		return
	}
	for _, name := range []string{"show", "priority"} {
		if c := n.Child(n.Name.Space, name); c != nil {
			p.ReportAt("presence-unavailable-extras", c.Tag, fmt.Sprintf("the goodbye holds <%s/>", name))
			return
		}
	}
}
