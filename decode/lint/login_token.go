package lint

import (
	"slices"
	"strconv"
	"strings"

	"xmppscope/decode/sasl"
)

// givenTokens are the tokens of all accounts (XEP-0484): for which mechanisms a
// program has got one, and how often it was used.
type givenTokens struct{ programs map[string]*tokenUse }

type tokenUse struct {
	mechanisms []string
	count      uint64
	counted    bool
}

const (
	maxPrograms   = 1 << 12
	maxMechanisms = 16
)

// of finds the program of an account, by the id that it gives itself; nil where
// there is none or no room.
func (t *givenTokens) of(p *Pass, agent string) *tokenUse {
	user, _ := sasl.Username(p.Event.SASL)
	if user == "" || agent == "" {
		return nil
	}
	if t.programs == nil {
		t.programs = map[string]*tokenUse{}
	}
	key := p.Event.State.Domain + "\x00" + strings.ToLower(user) + "\x00" + agent
	u := t.programs[key]
	if u == nil && len(t.programs) < maxPrograms && len(key) <= maxKey {
		u = new(tokenUse)
		t.programs[key] = u
	}
	return u
}

// gaveToken notes a token that came with a success.
func gaveToken(p *Pass, m *sasl2) {
	token := p.Event.After.Token
	if !token.Given {
		return
	}
	u := of(&p.shared.givenTokens).of(p, m.agent)
	if u != nil && len(u.mechanisms) < maxMechanisms && len(token.Mechanism) <= maxKey && !slices.Contains(u.mechanisms, token.Mechanism) {
		u.mechanisms = append(u.mechanisms, token.Mechanism)
	}
	if u != nil {
		u.counted = false // a new token is counted anew
	}
}

// usedToken judges a login with a token. What was given out before the capture
// is not known.
func usedToken(p *Pass, m *sasl2) {
	e := p.Event
	u := of(&p.shared.givenTokens).of(p, m.agent)
	name := e.SASL.Mechanism
	if u != nil && len(u.mechanisms) > 0 && !slices.Contains(u.mechanisms, name) {
		p.Report("fast-mechanism-changed", "the token was given out for "+short(strings.Join(u.mechanisms, ", "))+", the login is by "+short(name))
	}
	count, err := strconv.ParseUint(e.After.Token.Count, 10, 64)
	early := of(&p.own.tlsFacts).inEarlyData()
	switch {
	case early && err != nil:
		p.Report("fast-0rtt-count", "a login in early data without count")
	case early && u != nil && u.counted && count <= u.count:
		p.Report("fast-0rtt-count", "a login in early data with the count "+strconv.FormatUint(count, 10)+", which is not above the last one")
	}
	if u != nil && err == nil {
		u.count, u.counted = count, true
	}
}
