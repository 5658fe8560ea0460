package lint

import (
	"slices"
	"strconv"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
	"xmppscope/decode/tlswire"
)

// scramMemory is what logins by SCRAM have shown over the whole input.
type scramMemory struct {
	nonces map[string]nonceUse // by the client's part
	salts  map[string]string   // the user, by server, hash and salt
	users  map[string]string   // salt and rounds, by server, hash and user
}

// nonceUse is where a nonce was seen first.
type nonceUse struct {
	conn    decode.ConnID
	whole   string // the server's part included
	version uint16 // of TLS
}

// maxLogins bounds each of the memories.
const maxLogins = 1 << 14

// said is what a message of a login says, by the names of its attributes.
type said []sasl.Field

func readSCRAM(x *sasl.Exchange, i int) said {
	if i < 0 {
		return nil
	}
	return sasl.Decode(x, i).Fields
}

func (s said) attr(name string) string {
	for i := range s {
		if s[i].Name == name {
			return s[i].Value
		}
	}
	return ""
}

// clientFirst finds the first message of the client that has data; it may come
// in a response. -1 where there is none.
func clientFirst(x *sasl.Exchange) int {
	return slices.IndexFunc(x.Messages, func(m sasl.Message) bool { return m.Kind.FromInitiator() && len(m.Data) > 0 })
}

// remember compares the server's first message with those of other logins.
func remember(p *Pass) {
	x := p.Event.SASL
	mine, theirs := readSCRAM(x, clientFirst(x)), readSCRAM(x, len(x.Messages)-1)
	salt := theirs.attr("s")
	if mine == nil || salt == "" || len(x.Messages) != clientFirst(x)+2 {
		return // no salt, or not for the first time in this login
	}
	m := of(&p.shared.scramMemory)
	for _, text := range []string{x.Domain, salt, mine.attr("n"), mine.attr("r"), theirs.attr("r"), theirs.attr("i")} {
		if len(text) > maxKey {
			return
		}
	}
	if m.nonces == nil {
		m.nonces, m.salts, m.users = map[string]nonceUse{}, map[string]string{}, map[string]string{}
	}
	m.nonce(p, mine.attr("r"), theirs.attr("r"))
	user := strings.ToLower(mine.attr("n"))
	if user == "" {
		return
	}
	place := x.Domain + "\x00" + strings.TrimSuffix(x.Mechanism, "-PLUS") + "\x00"
	if other, ok := m.salts[place+salt]; ok && other != user {
		p.Report("scram-salt-shared", short(user)+" has the same salt as "+short(other))
	} else if len(m.salts) < maxLogins {
		m.salts[place+salt] = user
	}
	now := salt + "," + theirs.attr("i")
	if was, ok := m.users[place+user]; ok && was != now {
		p.Report("scram-salt-unstable", "salt or rounds of "+short(user)+" are not those of an earlier login")
	}
	if len(m.users) < maxLogins {
		m.users[place+user] = now
	}
}

// nonce finds a client's nonce that comes twice. With the same answer on
// another connection it is one login that somebody passes on.
func (m *scramMemory) nonce(p *Pass, client, whole string) {
	e := p.Event
	if client == "" {
		return
	}
	was, seen := m.nonces[client]
	version := e.State.TLS.Version
	switch {
	case !seen:
		if len(m.nonces) < maxLogins {
			m.nonces[client] = nonceUse{e.Conn, whole, version}
		}
	case was.whole != whole || was.conn == e.Conn:
		p.Add(Finding{Rule: "scram-nonce-reused", Who: WhoInitiator, Seq: e.Reply, Text: "the client's nonce was used in an earlier login"})
	case was.version != version && was.version != 0 && version != 0:
		p.Report("tls-legs-differ", "this login is passed on from or to another connection: one has "+
			tlswire.VersionName(was.version)+", the other "+tlswire.VersionName(version))
	}
}

// gradeSCRAM sets the level of faults that have more than one.
func gradeSCRAM(p *Pass) {
	if len(p.engine.found) == 0 {
		return
	}
	x := p.Event.SASL
	mine, theirs := readSCRAM(x, clientFirst(x)), readSCRAM(x, len(x.Messages)-1)
	// What decode sees of one login is that the nonce is short.
	p.regrade("scram-nonce-reused", LevelWarning)
	if mine != nil && strings.HasPrefix(theirs.attr("r"), mine.attr("r")) {
		p.regrade("scram-nonce-not-extended", LevelWarning) // it only adds nothing
	}
	if n, err := strconv.ParseUint(theirs.attr("i"), 10, 64); err == nil && n >= 4096 {
		p.regrade("scram-iterations-low", LevelNote) // too many
	}
}

// exporterNeedsEMS completes what decode tells of types of channel binding: it
// does not look at the extensions of TLS.
func exporterNeedsEMS(p *Pass) {
	f := of(&p.own.tlsFacts)
	if f.server && !f.ems && f.version < tlswire.TLS13 && sasl.BindingType(p.Event.SASL) == "tls-exporter" {
		p.Add(Finding{Rule: "scram-cb-type-invalid", Ref: spec.RFC(9266, "2"), Text: "tls-exporter on TLS 1.2 without the extended master secret"})
	}
}

// bindingList judges the list of types of channel binding. SASL 1 knows it
// only as an addition: there the mechanisms may stand without it.
func bindingList(p *Pass) {
	e := p.Event
	s := e.After
	if e.Dir != decode.FromReceiver || len(s.Features) == 0 {
		return
	}
	list := s.Feature(spaceBindings, "sasl-channel-binding")
	plus := slices.ContainsFunc(listedMechanisms(s), isPlus)
	sasl2 := s.Feature(spaceSASL2, "authentication") != nil
	f := Finding{Rule: "scram-cb-list", Level: LevelWarning}
	if sasl2 {
		f.Level = LevelError
	}
	switch {
	case list == nil && plus && sasl2:
		f.Text = "-PLUS is listed, but no type of channel binding"
	case list == nil:
	case !plus:
		f.Text = "types of channel binding are listed, but no mechanism that ends in -PLUS"
	case !slices.Contains(list.Values, "tls-server-end-point"):
		f.Text = "tls-server-end-point is not among the types of channel binding"
	}
	if f.Text != "" {
		p.Add(f)
	}
}

// acceptedDowngrade blames a server that lets in a client that was shown
// another list.
func acceptedDowngrade(p *Pass) {
	x := p.Event.SASL
	if !slices.ContainsFunc(x.Offered, isPlus) {
		return
	}
	if readSCRAM(x, clientFirst(x)).attr("gs2-cbind-flag") == "y" {
		p.Add(Finding{Rule: "scram-downgrade-suspected", Who: WhoReceiver, Text: "the server lists -PLUS and lets in a client that says it saw none"})
	}
}
