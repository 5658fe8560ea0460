package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// Bounds of an archive, and of one page of it.
const (
	maxArchive = 1000
	maxPage    = 50
)

// archive is what was said, kept (XEP-0313). Server.mu guards it.
type archive struct {
	ids *ids
	all []archived
}

// archived is one message.
type archived struct {
	id, xml string
	with    jid.JID
	at      time.Time
}

// add keeps a message, and returns the id that it has here.
func (a *archive) add(xml string, with jid.JID, at time.Time) string {
	id := a.ids.id(8)
	a.all = append(a.all, archived{id, xml, with, at})
	if len(a.all) > maxArchive {
		a.all = a.all[1:]
	}
	return id
}

// archiveGet sends the form that a query can be narrowed down by (XEP-0313
// §4.1.5); archiveSet answers one.
func archiveGet(_ *session, q *request) { q.archiveForm() }

func archiveSet(s *session, q *request) { q.archivePage(&s.account.archive, s.account.bare) }

func (r *room) archiveForm(q *request) { q.archiveForm() }

// archiveQuery lets those look who may come in (XEP-0313 §5.1.1).
func (r *room) archiveQuery(q *request) {
	a := r.affiliation(q.from)
	if a == "outcast" || r.at(q.from) == nil && (r.membersOnly && a == "none" || r.password != "" && rank(a) < rank("admin")) {
		q.fail("forbidden", "")
		return
	}
	q.archivePage(&r.archive, r.bare)
}

func (q *request) archiveForm() {
	q.result(element(form("form", nsMAM, "", field{"with", "jid-single", "", nil}, field{"start", "text-single", "", nil},
		field{"end", "text-single", "", nil}), "query", "xmlns", nsMAM))
}

// archivePage sends one page of an archive (XEP-0313 §4, XEP-0059 §2): each
// message in one of its own, then the answer with where the page stands.
func (q *request) archivePage(a *archive, owner jid.JID) {
	fit, condition := a.narrowed(submitted(q.payload))
	if condition != "" {
		q.fail(condition, "")
		return
	}
	page, at, complete, ok := paged(fit, q.payload.Child(nsRSM, "set"))
	if !ok {
		q.fail("item-not-found", "There is no such message.")
		return
	}
	queryID, _ := q.payload.Attr("queryid")
	for _, m := range page {
		delay := element("", "delay", "xmlns", nsDelay, "stamp", stamp(m.at))
		inside := element(element(delay+inClient(m.xml), "forwarded", "xmlns", nsForward), "result", "xmlns", nsMAM, "queryid", queryID, "id", m.id)
		q.answer(element(inside, "message", "from", owner.String(), "to", q.from.String()))
	}
	set := text(strconv.Itoa(len(fit)), "count")
	if len(page) > 0 {
		set = text(page[0].id, "first", "index", strconv.Itoa(at)) + text(page[len(page)-1].id, "last") + set
	}
	done := ""
	if complete {
		done = "true"
	}
	q.result(element(element(set, "set", "xmlns", nsRSM), "fin", "xmlns", nsMAM, "complete", done))
}

// narrowed are the messages that a form asks for.
func (a *archive) narrowed(values map[string][]string) (fit []archived, condition string) {
	var start, end time.Time
	for name, to := range map[string]*time.Time{"start": &start, "end": &end} {
		if v := first(values[name]); v != "" {
			t, err := time.Parse(time.RFC3339, v)
			if err != nil {
				return nil, "bad-request"
			}
			*to = t
		}
	}
	var with jid.JID
	if v := first(values["with"]); v != "" {
		var err error
		if with, err = jid.Parse(v); err != nil {
			return nil, "jid-malformed"
		}
	}
	for name := range values { // what is not understood must be refused (XEP-0313 §4.1.5)
		if !slices.Contains([]string{"FORM_TYPE", "with", "start", "end"}, name) {
			return nil, "feature-not-implemented"
		}
	}
	for _, m := range a.all {
		switch {
		case !start.IsZero() && m.at.Before(start), !end.IsZero() && m.at.After(end):
		case with != (jid.JID{}) && with != m.with && (with.Resource != "" || with != m.with.Bare()):
		default:
			fit = append(fit, m)
		}
	}
	return fit, ""
}

// paged cuts a page out (XEP-0059 §2): the first ones, those after or before
// one, or with an empty before the last ones. It tells how many stand before,
// and whether nothing is left on the far side. Not ok: there is no such one.
func paged(all []archived, set *xmlstream.Node) (page []archived, at int, complete, ok bool) {
	most := maxPage
	if m := child(set, nsRSM, "max"); m != nil {
		if n, err := strconv.Atoi(strings.TrimSpace(m.Text())); err == nil && n >= 0 {
			most = min(n, maxPage)
		}
	}
	find := func(id string) int { return slices.IndexFunc(all, func(m archived) bool { return m.id == id }) }
	lo, hi := 0, len(all)
	if n := child(set, nsRSM, "after"); n != nil {
		i := find(n.Text())
		if i < 0 {
			return nil, 0, false, false
		}
		lo = i + 1
	}
	if n := child(set, nsRSM, "before"); n != nil {
		if id := n.Text(); id != "" {
			if hi = find(id); hi < 0 {
				return nil, 0, false, false
			}
		}
		lo = max(lo, hi-most)
		return all[min(lo, hi):hi], lo, lo == 0, true
	}
	end := min(hi, lo+most)
	return all[lo:end], lo, end == hi, true
}
