package im

import (
	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// maxQueries is how many queries of archives are remembered.
const maxQueries = 1024

// Query is a query of an archive (XEP-0313 §4).
type Query struct {
	// Seq is the request, Done the answer that ended it; zero while it is open.
	Seq, Done decode.Seq
	// To is whose archive is asked, empty for the own one; ID is the queryid that
	// the results repeat.
	To, ID string
	// Results counts the messages that came.
	Results int
	// Complete is set where the archive has no more of them; Condition where it
	// refused.
	Complete  bool
	Condition string
}

// Query is the last query of an archive by its owner and queryid. An archive
// that answers without an address is the account's own.
func (s *Session) Query(from, id string) (Query, bool) {
	if q := s.query(from, id); q != nil {
		return *q, true
	}
	return Query{}, false
}

// Queries are all that are remembered, in their order.
func (s *Session) Queries() []Query {
	all := make([]Query, 0, s.queries.len())
	for _, q := range s.queries.all() {
		all = append(all, *q)
	}
	return all
}

func (s *Session) query(from, id string) *Query {
	if q := s.queries.get(queryKey(from, id)); q != nil {
		return q
	}
	if from == "" || same(from, bare(s.own.JID)) {
		return s.queries.get(queryKey("", id))
	}
	return nil
}

func queryKey(to, id string) string { return key(to) + "\x00" + id }

// openQuery notes a query and gives its key.
func (s *Session) openQuery(e *decode.Event, n *xmlstream.Node) string {
	if n == nil {
		return ""
	}
	c := n.Child(nsMAM, "query")
	if c == nil {
		return ""
	}
	to := e.To
	if s.own.JID != "" && same(to, bare(s.own.JID)) {
		to = ""
	}
	q := Query{Seq: e.Seq, To: clip(to), ID: attr(c, "queryid", "")}
	k := queryKey(to, q.ID)
	s.queries.put(k, q, 128+2*len(k))
	return k
}

// archived counts a result.
func (s *Session) archived(e *decode.Event, n *xmlstream.Node) {
	if n == nil {
		return
	}
	if c := n.Child(nsMAM, "result"); c != nil {
		if q := s.query(e.From, attr(c, "queryid", "")); q != nil && q.Done == 0 {
			q.Results++
		}
	}
}

// closeQuery takes the end of a query (XEP-0313 §4.2).
func (s *Session) closeQuery(k string, e *decode.Event, n *xmlstream.Node) {
	q := s.queries.get(k)
	if q == nil {
		return
	}
	q.Done, q.Condition = e.Seq, e.Condition
	if n != nil {
		if f := n.Child(nsMAM, "fin"); f != nil {
			q.Complete = attr(f, "complete", "true") == "true"
		}
	}
	s.change(Change{GroupArchive, q.ID, "results", "open", plural(q.Results, "message"), q.Seq})
}
