package explain

import (
	"strings"

	"xmppscope/decode/jid"
	"xmppscope/decode/spec"
)

// linkAction is what a link can ask a program to do (XEP-0147 §3), with the
// keys that it knows.
type linkAction struct {
	name, text string
	keys       [][2]string
	ref        spec.Ref
}

var linkActions = [...]linkAction{
	{"message", "Write a message to the address.", [][2]string{{"subject", "the subject"}, {"body", "the words"}, {"thread", "the id of the conversation"}, {"from", "the sender's address"}, {"id", "the id of the message"}, {"type", "the type of the message"}}, spec.XEP(147, "3.1")},
	{"roster", "Put the address on the contact list.", [][2]string{{"name", "the name under which to list it"}, {"group", "the group to sort it into"}, tokenKey, {"ibr", "y: an account may be made with this invitation"}}, spec.XEP(147, "3.2.1")},
	{"remove", "Take the address off the contact list.", nil, spec.XEP(147, "3.2.2")},
	{"subscribe", "Put the address on the contact list and ask to see its presence.", [][2]string{tokenKey}, spec.XEP(147, "3.3.1")},
	{"unsubscribe", "Give up seeing the presence of the address.", nil, spec.XEP(147, "3.3.2")},
	{"join", "Join the room.", [][2]string{{"password", "the room's password, which everybody can read who sees the link"}}, spec.XEP(45, "15.7")},
	{"invite", "Join the room and invite somebody else to it.", [][2]string{{"jid", "whom to invite"}, {"password", "the room's password"}}, spec.XEP(45, "15.7")},
	{"disco", "Ask the address what it is and can do.", [][2]string{{"node", "the node to ask about"}, {"request", "info or items"}, {"type", "get or set"}}, spec.XEP(30, "")},
	{"command", "Run a command at the address.", [][2]string{{"node", "the command"}, {"action", "execute, next, prev, complete or cancel"}}, spec.XEP(50, "")},
	{"pubsub", "Use something that is published at the address.", [][2]string{{"node", "the node"}, {"item", "the item"}, {"action", "subscribe, unsubscribe or retrieve"}}, spec.XEP(60, "")},
	{"register", "Make an account with the service.", [][2]string{tokenKey}, spec.XEP(77, "")},
	{"unregister", "Cancel the account with the service.", nil, spec.XEP(77, "")},
	{"vcard", "Fetch the contact card.", nil, spec.XEP(54, "")},
	{"sendfile", "Send a file to the address.", nil, spec.XEP(96, "")},
	{"recvfile", "Receive a file that the address offers.", [][2]string{{"sid", "the id of the transfer"}, {"name", "the name of the file"}, {"mime-type", "what sort of file it is"}, {"size", "its size in bytes"}}, spec.XEP(96, "")},
}

var tokenKey = [2]string{"preauth", "the token of an invitation, a secret"}

// linkEntries are the actions as terms.
func linkEntries() []Entry {
	var all []Entry
	for _, a := range linkActions {
		var keys []string
		for _, k := range a.keys {
			keys = append(keys, k[0]+" ("+k[1]+")")
		}
		all = append(all, Entry{Name: a.name, Sort: SortLinkAction, Text: a.text, Ref: a.ref,
			Why: "It stands behind the question mark of a link, as in xmpp:juliet@example.com?" + a.name + "." + when(keys != nil, " Its keys: "+strings.Join(keys, ", ")+".")})
	}
	return all
}

// Link takes a link to an address apart: xmpp:juliet@example.com?message.
func Link(s string) Anatomy {
	u := jid.ReadURI(s)
	x := Anatomy{Shown: s, Faults: marks(u.Faults)}
	x.Entry = Entry{Name: s, Sort: SortLink, Ref: spec.RFC(5122, "2"), Text: "A link to an address, which a web page or a program can hand to an XMPP client."}
	x.Parts = append(x.Parts, AnatomyPart{"scheme", s[:min(len(s), len(jid.Scheme))], "Says that an XMPP address follows."})
	if u.Account != "" {
		x.address("account", u.Account, "The account with which to act; a program that has it should use it.")
	}
	if u.Path != "" {
		x.address("address", u.Path, "Whom the link is about, with its percent signs undone.")
	}
	if u.Action != "" {
		x.action(&u)
	} else if u.Query && len(u.Pairs) == 0 {
		x.Parts = append(x.Parts, AnatomyPart{"action", "", "Nothing stands behind the question mark."})
	}
	for _, p := range u.Pairs {
		x.Parts = append(x.Parts, AnatomyPart{"key " + p.Key, p.Value, keyText(u.Action, p.Key)})
	}
	if u.Fragment != "" {
		x.Parts = append(x.Parts, AnatomyPart{"fragment", u.Fragment, "Has no defined meaning in such a link."})
	}
	return x
}

// address adds an address that stands in a link, with its parts; places of
// faults are those of the decoded address, so the words alone are told.
func (x *Anatomy) address(what, s, text string) {
	a := jid.Read(s)
	x.Parts = append(x.Parts, AnatomyPart{what, s, text})
	for _, p := range addressParts(&a) {
		x.Parts = append(x.Parts, AnatomyPart{"  " + p.Name, p.Value, p.Text})
	}
	for _, m := range marks(a.Faults) {
		m.Pos, m.End = -1, -1
		m.Text = "Of the " + what + ", i" + strings.TrimPrefix(m.Text, "I")
		x.Faults = append(x.Faults, m)
	}
}

func (x *Anatomy) action(u *jid.URI) {
	text := "What to do. This program does not know it; a client that does not either shows the address alone."
	if a := linkActionOf(u.Action); a != nil {
		text = "What to do: " + strings.ToLower(a.text[:1]) + a.text[1:] + " A client asks its user first. See " + a.ref.String() + "."
	}
	x.Parts = append(x.Parts, AnatomyPart{"action", u.Action, text})
}

func linkActionOf(name string) *linkAction {
	for i := range linkActions {
		if strings.EqualFold(linkActions[i].name, name) {
			return &linkActions[i]
		}
	}
	return nil
}

func keyText(action, key string) string {
	if a := linkActionOf(action); a != nil {
		for _, k := range a.keys {
			if k[0] == key {
				return upper(k[1]) + "."
			}
		}
	}
	if strings.HasPrefix(key, "omemo-sid-") {
		return "The fingerprint of the OMEMO key of one device, to compare without trusting the server."
	}
	return "No key that is defined for this action; a client passes over it."
}
