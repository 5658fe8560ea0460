package sandbox

import (
	"strconv"
	"strings"

	"xmppscope/decode/jid"
)

// maxRemoved is how many removed contacts are remembered for clients that ask
// what has changed.
const maxRemoved = 100

// removal is a contact that was taken off a roster.
type removal struct {
	jid     jid.JID
	version uint64
}

// offerRosterVersions says that a client may name the roster that it knows
// (RFC 6121 §2.6.1).
func offerRosterVersions(c *conn) string {
	if c.stage != authentic {
		return ""
	}
	return element("", "ver", "xmlns", nsRosterVer)
}

// rosterVersion writes a version. Its first part is another one each time that
// a server starts, so that a client with the roster of an earlier one gets all.
func (s *Server) rosterVersion(v uint64) string { return s.epoch + "-" + strconv.FormatUint(v, 10) }

// pushRemoval tells the account's clients that a contact is gone.
func (a *account) pushRemoval(j jid.JID) {
	a.version++
	a.removed = append(a.removed, removal{j, a.version})
	if len(a.removed) > maxRemoved {
		a.removed = a.removed[1:]
	}
	for _, s := range a.sessions {
		if s.interested {
			s.pushed(gone(j), a.version)
		}
	}
}

func gone(j jid.JID) string {
	return element("", "item", "jid", j.String(), "subscription", "remove")
}

// catchUp answers a client that names the version it knows: with nothing, and
// then with a push for each change since (RFC 6121 §2.6.3). False: the version
// is none to start from, and the client needs the whole roster.
func (s *session) catchUp(q *request, known string) bool {
	a := s.account
	number, ours := strings.CutPrefix(known, s.srv.epoch+"-")
	v, err := strconv.ParseUint(number, 10, 64)
	forgotten := len(a.removed) == maxRemoved && v < a.removed[0].version
	if !ours || err != nil || v > a.version || forgotten {
		return false
	}
	q.result("")
	for v++; v <= a.version; v++ {
		for _, i := range a.roster {
			if i.version == v {
				s.pushed(i.xml(), v)
			}
		}
		for _, r := range a.removed {
			if r.version == v && a.contact(r.jid) == nil {
				s.pushed(gone(r.jid), v)
			}
		}
	}
	return true
}
