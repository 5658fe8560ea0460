package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"xmppscope/inspector/tui"
)

// formSpec makes a form of a command. The fields, what they are for and what
// they have at first come from the command's flags.
type formSpec struct {
	command            string
	group, name, title string
	about, intro       string
	start              string
	direct             bool
	// arg is the argument of the command, first are the flags that stand first,
	// leave those that make no sense on a screen.
	arg          *tui.FormField
	first, leave []string
	// fixed are flags that the form is about: they are no fields.
	fixed []string
}

// The argument of commands that read captures.
var captureField = tui.FormField{Name: "capture", Holder: "FILE", Help: "The capture to read: pcap or pcapng, or " + samplePrefix + "NAME for one that comes along. Several are merged by time.", Kind: tui.FieldFile, Many: true}

// noScreen are flags that ask for what a screen does not have.
var noScreen = []string{"headless", "json", "style", "color", "help", "log", "log-file", "plain", "skin", "ascii"}

// startForms are those of the start screen.
func startForms() []formSpec {
	return []formSpec{
		{command: "demo", group: groupLive, name: "demo", title: "Two logins live, held at each step", start: "start the demo", direct: true,
			about: "A practice client, a practice server, and us between them. Everything waits at its first step, to be looked at, changed or let go. Nothing to set up; nothing is written."},
		{command: "proxy", group: groupLive, name: "proxy", title: "Stand between a client and a server", start: "start the proxy",
			about: "Clients connect to us instead of the server; every step can be held and changed. A form asks for the domain, where to listen, and all else.",
			intro: "Say where the server is: a domain, or an address. Then let your client connect to what stands at listen.",
			first: []string{"domain", "to", "listen", "upstream", "insecure", "record", "break", "rules", "password", "binding"}, leave: []string{"sandbox"}},
		{command: "proxy", group: groupLive, name: "practice", title: "A practice server, for a client of yours", start: "start both",
			about: "We start a server and stand before it. Log in at localhost with any client, as one of the practice accounts: nothing leaves this computer.",
			intro: "Let your client connect to what stands at listen, domain localhost. The accounts are told on the screen.",
			fixed: []string{"--sandbox"}, first: []string{"listen", "record", "break", "rules"}, leave: []string{"sandbox", "to", "domain", "upstream", "dns", "ca-file", "insecure", "client-cert", "client-key"}},
		{command: "open", group: groupMore, name: "open-how", title: "A capture with keys, a filter, or from a network", start: "open it",
			arg: &captureField, first: []string{"keylog", "password", "filter", "follow", "interface"}, about: "Key logs, passwords, a filter, one conversation; a file that still grows; a network interface: all that the command line can do with a capture."},
		{command: "probe", group: groupMore, name: "probe", title: "Ask a server what it offers", start: "ask",
			arg:   &tui.FormField{Name: "domain", Holder: "DOMAIN", Help: "The domain to ask about, such as jabber.org."},
			leave: []string{"console", "password", "password-file"}, about: "DNS, TLS, the certificate, features and mechanisms, each with its meaning. It never logs in."},
		{command: "ca", group: groupMore, name: "ca", title: "How clients come to trust the proxy", start: "show", direct: true, leave: []string{"path", "pem"},
			about: "Where the certificate of the proxy's own authority is, and what to do with it in common clients."},
		{command: "explain", group: groupMore, name: "explain", title: "Look a word of XMPP up", start: "look it up",
			arg: &tui.FormField{Name: "term", Holder: "TERM", Help: "An element, namespace, error condition, mechanism, phase, rule or filter field."}, about: "The dictionary of xmppscope explain."},
		{command: "decode", group: groupMore, name: "decode", title: "Take login data or XML apart", start: "decode it",
			arg: &tui.FormField{Name: "text", Holder: "TEXT", Help: "Base64 of SASL, or XML, as it is pasted."}, about: "Paste what somebody sent you."},
	}
}

// captureForms are what can be done with a capture that is looked at.
func captureForms() []formSpec {
	return []formSpec{
		{command: "lint", name: "lint", title: "Findings, as xmppscope lint writes them", start: "write them", arg: &captureField},
		{command: "stats", name: "stats", title: "Counts of this capture", start: "count", arg: &captureField},
		{command: "dump", name: "dump", title: "The conversation as text", start: "write it", arg: &captureField, leave: []string{"follow", "interface"}},
		{command: "export", name: "export", title: "Export to a file", start: "export", arg: &captureField, first: []string{"format", "output"}},
		{command: "open", name: "open-again", title: "Open again in another way", start: "open it", arg: &captureField, first: []string{"keylog", "password", "filter", "follow", "interface"}},
	}
}

const (
	groupLive = "Live"
	groupMore = "More"
)

// form is what a screen shows of a formSpec. values stand in it at first.
func (s *formSpec) form(e *env, g *guests, values map[string][]string) tui.Form {
	fields := s.fields(commandOf(e.tree(&env{streams: e.streams}), s.command))
	return tui.Form{
		Group: s.group, Name: s.name, Title: s.title, About: s.about, Intro: s.intro, Start: s.start, Direct: s.direct,
		Fields: fields, Values: values,
		Line: func(v map[string][]string) string { return s.line(fields, v) },
		Run: func(ctx context.Context, v map[string][]string) (*tui.Source, string, error) {
			src, text, err := g.run(ctx, append(s.args(fields, v, false), "--color=never"))
			return src, text, formFault(err, s.command, fields, v)
		},
	}
}

// fields are the argument and the flags of a command.
func (s *formSpec) fields(c *cobra.Command) []tui.FormField {
	var all []tui.FormField
	add := func(f *pflag.Flag) {
		if f == nil || f.Hidden || slices.Contains(noScreen, f.Name) || slices.Contains(s.leave, f.Name) ||
			slices.ContainsFunc(all, func(x tui.FormField) bool { return x.Name == f.Name }) {
			return
		}
		all = append(all, fieldOfFlag(c, f))
	}
	if s.arg != nil {
		all = append(all, *s.arg)
	}
	for _, name := range s.first {
		add(c.Flags().Lookup(name))
	}
	c.Flags().VisitAll(add)
	return all
}

// fieldOfFlag is a field that does what a flag does.
func fieldOfFlag(c *cobra.Command, f *pflag.Flag) tui.FormField {
	holder, help := pflag.UnquoteUsage(f)
	d := tui.FormField{Name: f.Name, Holder: holder, Help: strings.ToUpper(help[:1]) + help[1:] + "."}
	var words []string
	if complete, ok := c.GetFlagCompletionFunc(f.Name); ok {
		all, _ := complete(c, nil, "")
		for _, w := range all {
			word, _, _ := strings.Cut(string(w), "\t")
			words = append(words, word)
		}
	}
	_, d.Many = f.Value.(pflag.SliceValue)
	switch {
	case f.Value.Type() == "bool":
		d.Kind = tui.FieldSwitch
	case f.Name == "filter":
		d.Kind = tui.FieldFilter
	case f.Name == "break":
		d.Kind = tui.FieldBreak
	case isSecret(f):
		d.Kind = tui.FieldSecret
	case holder == "FILE":
		d.Kind = tui.FieldFile
	case len(words) > 0 && !d.Many:
		d.Kind, d.Choices = tui.FieldChoice, words
	}
	switch v := f.Value.String(); {
	case d.Many:
		d.Default = f.Value.(pflag.SliceValue).GetSlice()
	case v != "" && v != "false" && v != "0":
		d.Default = []string{v}
	}
	if len(d.Default) == 0 {
		d.Default = nil
	}
	return d
}

// args is the command line for values. Where it is to be shown, secrets are left
// out.
func (s *formSpec) args(fields []tui.FormField, values map[string][]string, shown bool) []string {
	all := append([]string{s.command}, s.fixed...)
	var last []string
	for i := range fields {
		d := &fields[i]
		v, given := values[d.Name]
		if !given {
			continue
		}
		switch {
		case s.arg != nil && d.Name == s.arg.Name:
			last = append(last, v...)
			continue
		case d.Kind == tui.FieldSwitch && len(v) > 0:
			all = append(all, "--"+d.Name)
			continue
		case d.Kind == tui.FieldSwitch:
			all = append(all, "--"+d.Name+"=false")
			continue
		}
		for _, text := range v {
			if shown && d.Kind == tui.FieldSecret {
				who, _, _ := strings.Cut(text, "=")
				text = who + "=…"
			}
			all = append(all, "--"+d.Name+"="+text)
		}
	}
	if slices.ContainsFunc(last, func(a string) bool { return strings.HasPrefix(a, "-") && a != "-" }) {
		return append(append(all, "--"), last...) // the color flag comes before
	}
	return append(all, last...)
}

// line is the command line as it is typed in a shell.
func (s *formSpec) line(fields []tui.FormField, values map[string][]string) string {
	words := s.args(fields, values, true)
	for i, w := range words {
		name, value, ok := strings.Cut(w, "=")
		switch {
		case ok && strings.HasPrefix(name, "--"):
			words[i] = name + " " + shellWord(value)
		default:
			words[i] = shellWord(w)
		}
	}
	return "xmppscope " + strings.Join(words, " ")
}

// openWith is the form that opens a capture in another way than as it is.
func (e *env) openWith(name string) *tui.Form {
	for _, s := range startForms() {
		if s.name == "open-how" {
			f := s.form(e, e.guest, map[string][]string{captureField.Name: {name}})
			return &f
		}
	}
	return nil
}

// formsOf are what can be done with what is read, with the same keys and
// passwords. There are none where it cannot be read again.
func (e *env) formsOf(r *reading) (all []tui.Form) {
	if e.guest == nil || len(r.args) == 0 || !r.flags.readTwice(r.args) {
		return nil
	}
	values := map[string][]string{captureField.Name: r.args}
	for name, v := range map[string][]string{"keylog": r.flags.keylogs, "password": r.flags.passwords} {
		if len(v) > 0 {
			values[name] = v
		}
	}
	if r.flags.passFile != "" {
		values["password-file"] = []string{r.flags.passFile}
	}
	for _, s := range captureForms() {
		all = append(all, s.form(e, e.guest, values))
	}
	return all
}
