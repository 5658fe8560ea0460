package decode

import "strings"

// maxOpen is how many unanswered iq requests one direction keeps; past it the
// oldest is forgotten (law 5).
const maxOpen = 4096

// request is an iq that waits for its answer (RFC 6120 §8.2.3).
type request struct {
	seq  Seq
	to   string
	rule *iqRule
	// user and resource are those of a request for an account; remove is set
	// where it is to be given up.
	user, resource string
	remove         bool
	// version is that of the roster which the client has.
	version string
}

// askOpen notes a header of the initiating entity, which may send the next one
// before the first is answered (XEP-0305).
func (c *Conn) askOpen(seq Seq) {
	if c.asked[slotOpen] != 0 {
		c.early = seq
		return
	}
	c.asked[slotOpen] = seq
}

// answerOpen takes the header that the receiving entity answers.
func (c *Conn) answerOpen() Seq {
	q := c.asked[slotOpen]
	c.asked[slotOpen], c.early = c.early, 0
	return q
}

// requests are the open iq requests of one direction, by id and address.
type requests struct {
	open  map[requestKey]*request
	order []requestKey // oldest first; answered ones are skipped
	still bool         // only looked at, for a preview
}

type requestKey struct{ id, to string }

func (q *requests) add(id string, r *request) {
	if q.still {
		return
	}
	if q.open == nil {
		q.open = make(map[requestKey]*request)
	}
	k := requestKey{id, r.to}
	q.open[k] = r
	q.order = append(q.order, k)
	if len(q.order) < 2*maxOpen {
		for len(q.open) > maxOpen {
			delete(q.open, q.order[0])
			q.order = q.order[1:]
		}
		return
	}
	kept := make([]requestKey, 0, maxOpen)
	for _, k := range q.order[len(q.order)-maxOpen:] {
		if q.open[k] != nil {
			kept = append(kept, k)
		}
	}
	for _, k := range q.order[:len(q.order)-maxOpen] {
		delete(q.open, k)
	}
	q.order = kept
}

// take finds and removes the request that an answer belongs to. A request
// without `to` went to the sender's own account, so its answer may come from
// nobody, the bare JID or the domain (RFC 6120 §8.1.2.1, §10.3.3); an answer
// whose `from` does not fit is no answer.
func (q *requests) take(id, from string, s *State) *request {
	if r := q.pop(requestKey{id, from}); r != nil {
		return r
	}
	if from == "" {
		// The server answers for the account or for itself.
		for _, own := range [...]string{bare(s.JID), s.Domain, s.JID} {
			if r := q.pop(requestKey{id, own}); r != nil {
				return r
			}
		}
		return nil
	}
	if from == s.Domain || s.JID == "" || from == s.JID || from == bare(s.JID) {
		return q.pop(requestKey{id, ""})
	}
	return nil
}

func (q *requests) pop(k requestKey) *request {
	r := q.open[k]
	if r != nil && !q.still {
		delete(q.open, k)
	}
	return r
}

// bare cuts the resource off a JID.
func bare(jid string) string {
	b, _, _ := strings.Cut(jid, "/")
	return b
}
