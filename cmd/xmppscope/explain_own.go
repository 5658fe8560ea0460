package main

import (
	"slices"
	"strings"

	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
	"xmppscope/inspector/tui"
)

// What the program itself adds to the dictionary of the protocol.
const (
	sortField    = "filter field"
	sortFunction = "filter function"
	sortPrefix   = "prefix for xpath in filters"
	sortRule     = "rule"
	sortKey      = "key"
	sortLevel    = "level of findings"
	sortSide     = "side of a conversation"
	sortLayer    = "layer"
	sortOrigin   = "origin of an event"
)

// ownTerms are the senses that a term has in the program itself. Keys are told
// apart by their case.
func ownTerms(term string) []explain.Entry {
	var found []explain.Entry
	term = strings.TrimSpace(term)
	for _, e := range allOwnTerms() {
		if e.Name == term || e.Sort != sortKey && strings.EqualFold(e.Name, strings.TrimSuffix(term, ":")) || e.Sort == sortKey && len(term) > 1 && strings.EqualFold(e.Name, term) {
			found = append(found, e)
		}
	}
	return found
}

func ownNames() []string {
	names := listNames()
	for _, e := range allOwnTerms() {
		if !slices.Contains(names, e.Name) {
			names = append(names, e.Name)
		}
	}
	return names
}

func allOwnTerms() []explain.Entry {
	var all []explain.Entry
	for _, r := range lint.Rules() {
		all = append(all, ruleEntry(&r))
	}
	for _, f := range inspector.Fields() {
		all = append(all, explain.Entry{Name: f.Name, Sort: sortField, Text: fieldText(f)})
	}
	for _, f := range inspector.Functions() {
		all = append(all, explain.Entry{Name: f.Name, Sort: sortFunction, Text: f.Doc + ". For example: " + f.Example})
	}
	for _, x := range inspector.Prefixes() {
		all = append(all, explain.Entry{Name: x.Prefix, Sort: sortPrefix, Text: "Stands for the namespace " + x.Space + ", whatever prefix the wire has. " + spaceWords(x.Space)})
	}
	for _, k := range tui.Keys() {
		for _, key := range k.Keys {
			all = append(all, explain.Entry{Name: key, Sort: sortKey, Text: "In the terminal UI: " + k.Help + "."})
		}
	}
	all = append(all, ownWords[:]...)
	return append(all, liveTerms()...)
}

// spaceWords is what a namespace is for.
func spaceWords(space string) string {
	for _, s := range explain.Namespaces() {
		if s.Space == space {
			return s.Text
		}
	}
	return ""
}

// ruleEntry tells of a rule all that is known of it.
func ruleEntry(r *lint.Rule) explain.Entry {
	e := explain.Entry{Name: r.Name, Sort: sortRule, Ref: r.Ref,
		Text: r.Doc + " " + levelWords(r.Level) + " " + blame(r.Who) + needWords(r.Needs)}
	if r.Advice != "" {
		e.Expect = r.Advice + "."
	}
	return e
}

func levelWords(l lint.Level) string {
	switch l {
	case lint.LevelError:
		return "It is an error: it breaks a requirement."
	case lint.LevelWarning:
		return "It is a warning: it goes against a recommendation, or is a clear risk."
	}
	return "It is a note: worth knowing, and often nothing is wrong."
}

func blame(w lint.Who) string {
	switch w {
	case lint.WhoInitiator:
		return "To blame is the initiator."
	case lint.WhoReceiver:
		return "To blame is the receiver."
	case lint.WhoPath:
		return "To blame is somebody on the way between the two."
	}
	return "To blame is whoever sent it."
}

// needWords say what the input must show for a rule to be judged.
func needWords(n lint.Needs) string {
	var needs []string
	for _, x := range [...]struct {
		need lint.Needs
		text string
	}{
		{lint.NeedStart, "the beginning of the conversation"}, {lint.NeedBoth, "both directions"}, {lint.NeedWhole, "no lost bytes before it"},
		{lint.NeedEnd, "the end of the conversation"}, {lint.NeedSecret, "a password"},
		{lint.NeedPeer, "the TLS of the server itself, not that of a proxy"},
		{lint.NeedAnswers, "the connection that brings the answers (between servers that is another one)"}, {lint.NeedAsked, "all that was asked (between servers that is never sure)"},
	} {
		if n&x.need != 0 {
			needs = append(needs, x.text)
		}
	}
	if len(needs) == 0 {
		return ""
	}
	return " Judging it takes " + strings.Join(needs, " and ") + "."
}

// ownWords are values of the program's own fields.
var ownWords = [...]explain.Entry{
	{Name: "error", Sort: sortLevel, Text: "A finding that breaks a requirement of a standard."},
	{Name: "warning", Sort: sortLevel, Text: "A finding that goes against a recommendation of a standard, or is a clear risk."},
	{Name: "note", Sort: sortLevel, Text: "A finding that is worth knowing; often nothing is wrong."},
	{Name: "initiator", Sort: sortSide, Text: "The side that opened the connection: the client, the server that has something to send, or the component."},
	{Name: "receiver", Sort: sortSide, Text: "The side that was connected to: the server."},
	{Name: "path", Sort: sortSide, Text: "Something between the two sides, such as a proxy or an attacker: only findings have it."},
	{Name: "plain", Sort: sortLayer, Text: "What was sent could be read by everybody on the way."},
	{Name: "tls", Sort: sortLayer, Text: "What was sent was encrypted by TLS."},
	{Name: "zlib", Sort: sortLayer, Text: "What was sent was compressed."},
	{Name: "tls+zlib", Sort: sortLayer, Text: "What was sent was compressed, and then encrypted by TLS."},
	{Name: "wire", Sort: sortOrigin, Text: "It came as it is shown."},
	{Name: "edited", Sort: sortOrigin, Text: "This program has changed it on its way, by hand or by a rule; the original is kept beside it."},
	{Name: "dropped", Sort: sortOrigin, Text: "This program has not passed it on: only one side knows of it."},
	{Name: "injected", Sort: sortOrigin, Text: "This program has sent it in the name of one side, by hand or by a rule: that side knows nothing of it."},
	{Name: "synthetic", Sort: sortOrigin, Text: "This program has made it up by itself: to keep a side alive while something is held, to count for stream management, or to say why it refuses."},
}
