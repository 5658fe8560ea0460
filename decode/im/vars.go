package im

import (
	"fmt"
	"strconv"
	"strings"

	"xmppscope/decode"
)

// Fact is one line of a state view: a value and the event that set it, zero
// where none did.
type Fact struct {
	Group, Name, Value string
	Seq                decode.Seq
}

// maxFacts is how many lines one group has; the last of more says how many are
// left out.
const maxFacts = 200

// Var is a group of a state view, with how to read it.
type Var struct {
	Group, Doc string
	list       func(*Session, *facts)
}

// Vars is the table of all groups, in the order of a state view.
func Vars() []Var { return vars[:] }

// Facts are the lines of one group.
func (v *Var) Facts(s *Session) []Fact {
	f := facts{group: v.Group}
	v.list(s, &f)
	if f.more > 0 {
		f.all = append(f.all, Fact{v.Group, "more", strconv.Itoa(f.more) + " more are not shown", 0})
	}
	return f.all
}

// Facts are the lines of all groups. There is nothing secret among them.
func (s *Session) Facts() (all []Fact) {
	for i := range vars {
		all = append(all, vars[i].Facts(s)...)
	}
	return all
}

var vars = [...]Var{
	{GroupAccount, "the client's own address and presence", accountFacts},
	{GroupRoster, "the contact list, as the server keeps it", rosterFacts},
	{GroupSubscriptions, "who may see whose presence, and who has asked", subscriptionFacts},
	{GroupPresence, "who is online, as far as the server has told", presenceFacts},
	{GroupBlocked, "addresses that the account has blocked", blockedFacts},
	{GroupRooms, "rooms and who is inside", roomFacts},
	{GroupRequests, "iq requests that have no answer yet", requestFacts},
	{GroupCapabilities, "what programs announce that they can do, and whether the hash is right", capsFacts},
	{GroupDiscovery, "what was asked about entities and answered", discoFacts},
	{GroupArchive, "queries of message archives", archiveFacts},
	{GroupLimits, "what was forgotten, lost or not seen", limitFacts},
}

// facts collects the lines of a group.
type facts struct {
	group string
	all   []Fact
	more  int
}

// full counts a line that finds no room.
func (f *facts) full() bool {
	if len(f.all) < maxFacts {
		return false
	}
	f.more++
	return true
}

func (f *facts) add(name, value string, seq decode.Seq) {
	if value != "" && !f.full() {
		f.all = append(f.all, Fact{f.group, name, value, seq})
	}
}

func accountFacts(s *Session, f *facts) {
	f.add("jid", s.own.JID, s.ownSeq)
	f.add("presence", presenceWords(&s.own), s.own.Seq)
	f.add("carbons", yes(s.carbons), s.carbonsSeq)
	for to, seq := range s.directed.all() {
		f.add("presence to "+to, "available", *seq)
	}
}

func rosterFacts(s *Session, f *facts) {
	if seq, whole := s.RosterSeq(); seq != 0 {
		f.add("fetched", map[bool]string{true: "whole", false: "what is new since the version of the client"}[whole], seq)
	}
	f.add("version", s.version, s.versionSeq)
	for i := range s.Roster() {
		if !f.full() {
			f.add(i.JID, itemWords(&i), i.Seq)
		}
	}
}

func itemWords(i *Item) string {
	words := []string{i.Subscription}
	if i.Subscription == "" {
		words[0] = "subscription not told"
	}
	if i.Ask {
		words = append(words, "ask=subscribe")
	}
	if i.Approved {
		words = append(words, "approved")
	}
	if i.Name != "" {
		words = append(words, "“"+i.Name+"”")
	}
	if len(i.Groups) > 0 {
		words = append(words, "in "+strings.Join(i.Groups, ", "))
	}
	return strings.Join(words, ", ")
}

func subscriptionFacts(s *Session, f *facts) {
	for _, list := range [...]*table[string, Item]{&s.roster, &s.strangers} {
		for _, i := range list.all() {
			if f.full() {
				continue
			}
			value := i.State.String()
			if !s.judge(i).Known() {
				value += ", as far as was seen"
			}
			seq := i.StateSeq
			if seq == 0 {
				seq = i.Seq
			}
			f.add(i.JID, value, seq)
		}
	}
}

func presenceFacts(s *Session, f *facts) {
	for _, c := range s.contacts.all() {
		for i := range c.resources {
			if !f.full() {
				f.add(c.resources[i].JID, presenceWords(&c.resources[i]), c.resources[i].Seq)
			}
		}
	}
}

func blockedFacts(s *Session, f *facts) {
	for jid, seq := range s.blocked.all() {
		f.add(jid, "blocked", *seq)
	}
}

func presenceWords(p *Presence) string {
	if p.Seq == 0 {
		return ""
	}
	words := []string{p.String()}
	if p.Condition != "" {
		words = append(words, p.Condition)
	}
	if p.Priority != 0 {
		words = append(words, "priority "+strconv.Itoa(int(p.Priority)))
	}
	if p.Status != "" {
		words = append(words, "“"+p.Status+"”")
	}
	return strings.Join(words, ", ")
}

func roomFacts(s *Session, f *facts) {
	for r := range s.Rooms() {
		f.add(r.JID, roomWord(&r), r.StateSeq)
		f.add(r.JID+" nick", r.Nick, r.NickSeq)
		f.add(r.JID+" wanted nick", r.Wanted, r.WantedSeq)
		if r.SubjectSeq != 0 {
			f.add(r.JID+" subject", "“"+r.Subject+"”", r.SubjectSeq)
		}
		for _, c := range r.Codes {
			f.add(r.JID+" status", strconv.Itoa(c.Number), c.Seq)
		}
		f.add(r.JID+" go to", r.Alternate, r.StateSeq)
		for _, o := range r.inside.all() {
			if !f.full() {
				f.add(o.JID, occupantWords(o), max(o.Presence.Seq, o.RoleSeq, o.AffiliationSeq))
			}
		}
	}
}

func occupantWords(o *Occupant) string {
	words := []string{o.Presence.String()}
	if o.Role != "" {
		words = append(words, o.Role)
	}
	if o.Affiliation != "" {
		words = append(words, "affiliation "+o.Affiliation)
	}
	if o.Real != "" {
		words = append(words, "is "+o.Real)
	}
	return strings.Join(words, ", ")
}

func requestFacts(s *Session, f *facts) {
	for d := range s.pending {
		for _, r := range s.pending[d].all() {
			if f.full() {
				continue
			}
			value := r.Type + " " + r.Name.Local + " " + r.Name.Space
			if r.To != "" {
				value += " to " + r.To
			}
			f.add(r.Dir.String()+" "+r.ID, value, r.Seq)
		}
	}
}

func capsFacts(s *Session, f *facts) {
	if s.server != nil {
		capsFact(s, f, s.server, "the server")
	}
	for _, a := range s.clients.all() {
		if *a != s.server && !f.full() {
			capsFact(s, f, *a, (*a).String())
		}
	}
}

func capsFact(s *Session, f *facts, a *Announced, name string) {
	c := Caps{Announced: *a}
	value, seq := "announced", a.Seq
	i := s.infoOf(a)
	if a == s.server {
		i = s.infoFor(a, "")
	}
	if i != nil {
		c.Info = *i
		c.check()
		value, seq = i.String()+", the hash "+c.Verdict.String(), i.Seq
	}
	f.add(name, value, seq)
}

func discoFacts(s *Session, f *facts) {
	for _, i := range s.infos.all() {
		if !f.full() {
			f.add(infoName(*i), (*i).String(), (*i).Seq)
		}
	}
	for _, i := range s.items.all() {
		if !f.full() {
			f.add((*i).JID+" items", plural(len((*i).Entries), "item"), (*i).Seq)
		}
	}
}

func archiveFacts(s *Session, f *facts) {
	for _, q := range s.queries.all() {
		value, seq := "open", q.Seq
		switch {
		case q.Condition != "":
			value, seq = "refused: "+q.Condition, q.Done
		case q.Done != 0 && q.Complete:
			value, seq = "to the end", q.Done
		case q.Done != 0:
			value, seq = "a part", q.Done
		}
		f.add("query "+q.ID, value+", "+plural(q.Results, "message"), seq)
	}
}

func limitFacts(s *Session, f *facts) {
	if s.lost != 0 {
		f.add("lost", "bytes are missing from the capture; what was set before may have changed", s.lost)
	}
	inside := s.roomless
	for _, r := range s.rooms.all() {
		inside += (*r).inside.forgotten
	}
	for _, t := range [...]struct {
		name string
		n    int
	}{
		{"contacts", s.roster.forgotten + s.strangers.forgotten}, {"presences", s.contacts.forgotten}, {"occupants and rooms", inside},
		{"requests", s.pending[0].forgotten + s.pending[1].forgotten}, {"directed presences", s.directed.forgotten},
		{"capabilities", s.clients.forgotten}, {"answers", s.infos.forgotten + s.items.forgotten}, {"queries", s.queries.forgotten},
		{"blocked addresses", s.blocked.forgotten},
	} {
		if t.n > 0 {
			f.add("forgotten", fmt.Sprintf("the oldest %d of %s, for want of room", t.n, t.name), 0)
		}
	}
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return strconv.Itoa(n) + " " + word + "s"
}
