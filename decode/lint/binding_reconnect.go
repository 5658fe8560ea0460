package lint

import (
	"fmt"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
)

// reconnectGroup looks at the connections of an account one after the other.
var reconnectGroup = Group{
	Kinds: []decode.Kind{decode.KindTCP, decode.KindOpen, decode.KindStanza, decode.KindNonza, decode.KindFeatures,
		decode.KindStreamError, decode.KindClose},
	Check: func(p *Pass) { of(&p.own.lifetime).note(p.Event) },
	End:   endReconnect,
	Rules: []Rule{
		{Name: "reconnect-storm", Level: LevelWarning, Who: WhoInitiator, Ref: spec.RFC(6120, "3.3"),
			Doc:    "A client that is thrown out waits a random time before it comes back, and longer each time.",
			Advice: "wait a random time of up to a minute, then back off"},
	},
}

// lifetime is the memory of reconnectGroup about one conversation.
type lifetime struct {
	first      decode.Seq
	start, end time.Time
	user       string // who tried to log in
	bound      bool
	// left: the client ended a session itself, and nobody had thrown it out.
	// over: somebody ended something.
	left, over bool
}

func (l *lifetime) note(e *decode.Event) {
	if l.first == 0 {
		l.first, l.start = e.Seq, e.Time
	}
	l.end = e.Time
	if !l.over && leaves(e) {
		l.over, l.left = true, l.bound && e.Dir == decode.FromInitiator && e.Kind != decode.KindStreamError
	}
	if e.After != nil {
		l.bound = e.After.JID != "" || e.After.Resumed
	}
	if l.user == "" && e.SASL != nil && e.State != nil && e.State.Profile == decode.ProfileC2S {
		if name, _ := sasl.Username(e.SASL); name != "" {
			l.user = strings.ToLower(short(name) + "@" + short(e.State.Domain))
		}
	}
}

// leaves tells whether an event ends a stream or a connection. A reset may be
// the network.
func leaves(e *decode.Event) bool {
	return e.Kind == decode.KindStreamError || e.Kind == decode.KindClose || e.Kind == decode.KindTCP && e.Name.Local == "end"
}

const (
	// storm is how many connections make one, pause the longest time between
	// them that counts.
	storm      = 4
	stormPause = 5 * time.Second
	maxStorms  = 1 << 12
)

// storms are the last connections of each account that did not end as they
// should, by account and host.
type storms struct{ tries map[string][]lifetime }

// endReconnect counts only connections of one account that do not overlap and
// that went wrong: a client that logs in and out again is no storm, not even one
// that leaves without a word, and two devices of an account are none.
func endReconnect(p *Pass) {
	l := of(&p.own.lifetime)
	c := p.Conversation
	if l.user == "" {
		return
	}
	all := of(&p.shared.storms)
	if all.tries == nil {
		all.tries = map[string][]lifetime{}
	}
	host := c.Initiator
	if at := strings.LastIndexByte(host, ':'); at >= 0 {
		host = host[:at]
	}
	key := host + " " + c.Receiver + " " + l.user
	tries := all.tries[key]
	if n := len(tries); n > 0 {
		if gap := l.start.Sub(tries[n-1].end); gap < 0 || gap > stormPause {
			tries = nil
		}
	}
	tries = append(tries, *l)
	if n := len(tries); n >= storm {
		if delay, steady := steadyDelay(tries[n-storm:]); steady {
			p.Add(Finding{Rule: "reconnect-storm", Seq: l.first, Text: fmt.Sprintf("%s connects for the %dth time in a row, each time about %s after the last connection", l.user, storm, delay)})
			tries = nil
		} else {
			tries = tries[n-storm+1:]
		}
	}
	switch {
	case c.Outcome == decode.OutcomeClosed && l.bound || l.left || c.Outcome == decode.OutcomeTruncated || c.Outcome == decode.OutcomeOpen:
		delete(all.tries, key)
	case all.tries[key] != nil || len(all.tries) < maxStorms:
		all.tries[key] = tries
	}
}

// steadyDelay tells whether the pauses between connections are almost the same.
func steadyDelay(tries []lifetime) (time.Duration, bool) {
	var least, most, sum time.Duration
	for i := 1; i < len(tries); i++ {
		pause := tries[i].start.Sub(tries[i-1].end)
		if i == 1 {
			least, most = pause, pause
		}
		least, most, sum = min(least, pause), max(most, pause), sum+pause
	}
	mean := sum / time.Duration(len(tries)-1)
	return mean.Round(time.Millisecond), most-least <= max(mean/5, 100*time.Millisecond)
}
