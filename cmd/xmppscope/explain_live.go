package main

import (
	"strings"

	"xmppscope/decode/explain"
	"xmppscope/inspector/export"
	"xmppscope/inspector/gate"
	"xmppscope/inspector/live"
)

// The words of the live side.
const (
	sortLive     = "word of the live side"
	sortAction   = "action of a rule"
	sortMutation = "way to mutate"
	sortVerb     = "action on live connections"
	sortMode     = "value of --binding"
)

// liveTerms are what can be done to what passes, and the words for it.
func liveTerms() []explain.Entry {
	var all []explain.Entry
	for _, w := range gate.ActionWords() {
		all = append(all, explain.Entry{Name: w.Name, Sort: sortAction, Text: "In a file of rules (proxy --rules), do = \"" + w.Name + "\": " + w.Doc + "."})
	}
	for _, w := range gate.MutationWords() {
		all = append(all, explain.Entry{Name: w.Name, Sort: sortMutation,
			Text: "In a file of rules, do = \"mutate\" with how = \"" + w.Name + "\": " + w.Doc + ". What is said stays the same."})
	}
	names, docs := live.Verbs()
	for i, name := range names {
		all = append(all, explain.Entry{Name: name, Sort: sortVerb, Text: "On standard input of proxy --headless --json, \"do\":\"" + name + "\": " + docs[i] + "."})
	}
	all = append(all, explain.Entry{Name: "rule actions", Sort: sortLive, Text: "What a rule of the proxy can do to a unit: " + strings.Join(gate.Actions(), ", ") + ".",
		Expect: "xmppscope explain actions says what each does, and which settings it takes."})
	return append(all, liveWords[:]...)
}

// actionList lists what rules and standard input can do.
func actionList(p *export.Page) {
	table := func(words []gate.Word) {
		var rows [][]string
		for _, w := range words {
			rows = append(rows, []string{w.Name, w.Doc})
		}
		p.Table(rows)
	}
	p.Head("actions of a rule (proxy --rules FILE, do = …)")
	table(gate.ActionWords())
	heading(p, 1, "settings of a rule")
	table(gate.Settings())
	heading(p, 1, "ways to mutate (how = …): other bytes, the same meaning")
	table(gate.MutationWords())
	heading(p, 1, "actions on live connections (proxy --headless --json, one object a line on standard input)")
	names, docs := live.Verbs()
	var verbs []gate.Word
	for i := range names {
		verbs = append(verbs, gate.Word{Name: names[i], Doc: docs[i]})
	}
	table(verbs)
}

// liveWords is the table of words for what stands between two sides.
var liveWords = [...]explain.Entry{
	{Name: "proxy", Sort: sortLive, Text: "A program that stands between a client and a server. To the client it is the server, to the server it is the client, so that it can read what is encrypted on the way, hold it and change it.",
		Why: "Who writes a client or a server wants to see what really passes, and to try what the other side does when something is missing, late or wrong.", Expect: "xmppscope proxy is one. A client has to trust its certificate: xmppscope ca tells how."},
	{Name: "man in the middle", Sort: sortLive, Text: "Somebody between two sides who each believe that they talk to the other. xmppscope proxy is one on purpose, for programs of your own.",
		Why: "TLS keeps it out as long as clients refuse certificates of authorities that they do not know; a login with channel binding notices it even then."},
	{Name: "leg", Sort: sortLive, Text: "One of the two connections of a proxied one. Leg A is between the client and the proxy, leg B between the proxy and the server. Each has its own TCP, and its own TLS.",
		Expect: "A conversation is shown as the client has it; what differs for the server is marked."},
	{Name: "lane", Sort: sortLive, Text: "One direction of a proxied connection, with what waits in it. Order is kept: what comes behind a unit that is held waits too."},
	{Name: "unit", Sort: sortLive, Text: "What can be held as one piece: a stream header, an element directly inside the stream, white space between elements, or the tag that ends the stream."},
	{Name: "gate", Sort: sortLive, Text: "What decides about each unit before it is sent on: rules first, then breakpoints, then whether everything is paused."},
	{Name: "held", Sort: sortLive, Text: "A unit waits in the proxy: one side has sent it and the other one has not got it. It can be let go, changed, dropped, or answered by ending the connection.",
		Why:    "While it waits nothing is lost. What comes behind it waits too, and both sides are kept alive where the standard allows it, unless --no-keepalive is given.",
		Expect: "On the screen s lets it go, e changes it, d drops it and u takes a change back. In JSON a record held tells of it, with the number that its event will have."},
	{Name: "breakpoint", Sort: sortLive, Text: "A condition, written as a filter. Every unit that fits it is held until somebody decides.",
		Expect: "b on the screen makes one, B lists them; --break 'step == \"bind\"' has one from the start, and --break 'once …' one that stops a single unit. The field hits counts how often it held before."},
	{Name: "pause", Sort: sortLive, Text: "Everything that comes is held, from now on, on all connections. p on the screen does it; c lets everything go again."},
	{Name: "freeze", Sort: sortLive, Text: "Everything of one direction is held, or of both, while the other goes on. Z on the screen does it."},
	{Name: "rule", Sort: sortLive, Text: "One thing that the proxy does by itself to each unit that fits a condition: a [[rule]] with when and do, in the TOML file of --rules. (The rules that findings name are another thing: those of lint.)",
		Expect: "xmppscope explain actions lists what a rule can do."},
	{Name: "mark", Sort: sortLive, Text: "The note of what the proxy did at one place: what it held, changed, dropped or put in, and by what rule or hand. A recording keeps marks as comments of its packets, so that it tells them when it is opened again.",
		Why: "What a tool did itself must never be taken for what a client or server did."},
	{Name: "recording", Sort: sortLive, Text: "The file of --record: both legs as two interfaces of a pcapng file, as they were on the wire, with the TLS keys inside. xmppscope open shows what was seen live; Wireshark and tshark open it too, decrypted.",
		Expect: "Whoever has the file can read everything in it, passwords too."},
	{Name: "ledger", Sort: sortLive, Text: "The counts of stream management (XEP-0198) for each side of a proxy. Once something was dropped or put in, the two sides have seen different numbers of stanzas, and the proxy translates between them.",
		Why: "Without it the first acknowledgement after a dropped stanza would end the stream, and a resumption would lose or repeat one."},
	{Name: "clocks", Sort: sortLive, Text: "How long each side has heard and said nothing while something is held, and who would give up first. The times are those of well-known programs as they come."},
	{Name: "authority", Sort: sortLive, Text: "The key of your own that signs the certificates which the proxy shows to clients. It is made on first use and stays in its folder. xmppscope ca tells of it, and how a client comes to trust it."},
	{Name: "ca", Sort: sortLive, Text: "Certificate authority: whoever signs certificates, so that those who trust it trust them. That of the proxy is your own: xmppscope ca tells of it."},
	{Name: "sandbox", Sort: sortLive, Text: "The practice server: a whole XMPP server in this program, which keeps everything in memory. xmppscope sandbox runs it."},
	{Name: "demo", Sort: sortLive, Text: "Two logins with nothing to set up: the practice server, a practice client and the proxy between them in one process. xmppscope demo stops at the first step."},
	{Name: "probe", Sort: sortLive, Text: "To ask a server what it offers without logging in: xmppscope probe DOMAIN."},
	{Name: "recompute", Sort: sortMode, Text: "A login that is bound to the client's TLS is bound anew to that with the server, which takes the password (--password). Both sides believe that nobody stands between them. It is what happens where a password was given.",
		Expect: "A server that does not know the type of a client refuses the client, as it does without the proxy: ejabberd 23.01 takes tls-unique alone, in TLS 1.3 too, where the client's Finished stands for it, and answers tls-exporter with \"Invalid channel binding\"."},
	{Name: "strip", Sort: sortMode, Text: "Channel binding is removed from what the server offers. A client that can bind may notice and stop; one that tells the server so is refused by it. It is what happens where no password was given."},
	{Name: "observe", Sort: sortMode, Text: "TLS passes untouched, so that nobody notices and nothing inside can be held. It is read only where --keylog has the keys."},
}
