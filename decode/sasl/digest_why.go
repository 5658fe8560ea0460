package sasl

import (
	"slices"
	"strings"
)

// digestChange puts another value in the place of one input.
type digestChange struct {
	differs, why string
	apply        func(*digestInput)
}

// why finds the input that must differ: it changes one input at a time, then
// two of different kinds, and looks whether the response on the wire comes
// out. MD5 is cheap enough for that.
func (c *digestCheck) why(wire string) Verdict {
	changes := c.changes()
	for _, one := range changes {
		if c.fits(wire, one) {
			return c.v.judge(false, "the response fits "+one.why, one.differs)
		}
	}
	if c.in.size() > maxPairSize {
		changes = nil
	}
	for i, one := range changes {
		for _, two := range changes[i+1:] {
			if one.differs != two.differs && c.fits(wire, one, two) {
				return c.v.judge(false, "the response fits "+one.why+" together with "+two.why, one.differs, two.differs)
			}
		}
	}
	return c.v.judgePassword(c.x, "or a field was changed on its way", "password", "username", "realm", "cnonce", "authzid")
}

func (c *digestCheck) fits(wire string, changes ...digestChange) bool {
	in := c.in
	for _, change := range changes {
		change.apply(&in)
	}
	return in.compute().response == wire
}

// maxPairSize bounds, in bytes, the inputs for which pairs of changes are
// tried.
const maxPairSize = 4096

func (in digestInput) size() int {
	return len(in.username) + len(in.realm) + len(in.nonce) + len(in.cnonce) + len(in.uri) + len(in.authzid)
}

// maxCandidates bounds the values tried for one input: a hostile challenge may
// list thousands of realms.
const maxCandidates = 16

func (c *digestCheck) changes() []digestChange {
	var list []digestChange
	replace := func(differs, current string, set func(*digestInput, string), candidates ...string) {
		slices.Sort(candidates)
		candidates = slices.Compact(candidates)
		for _, value := range candidates[:min(len(candidates), maxCandidates)] {
			if value == current {
				continue
			}
			shown := differs + " \"" + short(printable([]byte(value))) + "\""
			if value == "" {
				shown = "an empty " + differs
			}
			list = append(list, digestChange{differs, shown, func(in *digestInput) { set(in, value) }})
		}
	}
	host := strings.TrimPrefix(c.in.uri, "xmpp/")
	domain := c.x.Domain
	realms := append(slices.Clone(c.asked.values("realm")), "", host)
	uris := []string{"xmpp/" + host}
	if domain != "" {
		realms, uris = append(realms, domain), append(uris, "xmpp/"+domain)
	}
	replace("realm", c.in.realm, func(in *digestInput, v string) { in.realm = v }, realms...)
	replace("username", c.in.username, func(in *digestInput, v string) { in.username = v }, c.usernames()...)
	replace("digest-uri", c.in.uri, func(in *digestInput, v string) { in.uri = v }, append(uris, "xmpp/"+c.in.realm)...)
	if nonce := c.asked.value("nonce"); nonce != "" {
		replace("nonce", c.in.nonce, func(in *digestInput, v string) { in.nonce = v }, nonce)
	}
	replace("nc", c.in.nc, func(in *digestInput, v string) { in.nc = v }, "00000001", "1")
	replace("qop", c.in.qop, func(in *digestInput, v string) { in.qop = v }, "auth", "auth-int", "auth-conf")
	return append(list, c.switches()...)
}

func (c *digestCheck) usernames() []string {
	name := c.in.username
	names := []string{strings.ToLower(name)}
	if local, _, ok := strings.Cut(name, "@"); ok {
		names = append(names, local)
	}
	for _, domain := range []string{c.x.Domain, c.in.realm} {
		if domain != "" {
			names = append(names, name+"@"+domain)
		}
	}
	return names
}

// switches are the changes that are no other value but another way.
func (c *digestCheck) switches() []digestChange {
	list := []digestChange{
		{"charset", "names and password hashed in UTF-8 even where they fit ISO 8859-1", func(in *digestInput) { in.wideNames, in.wideRealm, in.password = true, true, c.password }},
		{"charset", "a realm hashed in UTF-8 even where it fits ISO 8859-1", func(in *digestInput) { in.wideRealm = true }},
		{"charset", "names and password hashed in ISO 8859-1", func(in *digestInput) {
			in.wideNames, in.wideRealm = true, true
			in.username, in.realm, in.password = narrow(in.username), narrow(in.realm), narrow(c.password)
		}},
	}
	bare := c.in.username + "@" + c.in.realm
	switch {
	case c.in.hasAuthzid:
		list = append(list, digestChange{"authzid", "a response without the authzid", func(in *digestInput) { in.hasAuthzid = false }})
	default:
		list = append(list,
			digestChange{"authzid", "an authzid \"" + short(printable([]byte(bare))) + "\" that is not in the message", func(in *digestInput) { in.hasAuthzid, in.authzid = true, bare }},
			digestChange{"authzid", "an empty authzid that is not in the message", func(in *digestInput) { in.hasAuthzid, in.authzid = true, "" }})
	}
	if prep := prepare(c.password); prep.changed {
		list = append(list, digestChange{"password", "the password in its SASLprep form", func(in *digestInput) { in.password = prep.text }})
	}
	if trimmed := strings.TrimSpace(c.password); trimmed != c.password {
		list = append(list, digestChange{"password", "the password without the white space at its end", func(in *digestInput) { in.password = trimmed }})
	}
	return append(list, digestChange{"password", "the password with a line break at its end", func(in *digestInput) { in.password += "\n" }})
}
