package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xmppscope/lessons/practice"
)

// withRules starts a proxy with a file of rules.
func withRules(t *testing.T, toml string) *rig {
	t.Helper()
	return newRig(t, rigOptions{args: []string{"--rules", rulesFile(t, toml)}})
}

func rulesFile(t *testing.T, toml string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rules.toml")
	if err := os.WriteFile(path, []byte(toml), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// over ends the proxy after so many conversations have.
func (r *rig) over(conversations int) []record {
	r.Helper()
	for range conversations {
		r.next("record", "conversation")
	}
	return r.end()
}

// summed is the last conversation that was summed up.
func summed(all []record) (c record) {
	for _, e := range all {
		if e.is("record", "conversation") {
			c = e
		}
	}
	return c
}

// only is the one event for which fields have values.
func only(t *testing.T, all []record, pairs ...string) record {
	t.Helper()
	var found []record
	for _, e := range all {
		if e.is("record", "event") && e.is(pairs...) {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		t.Errorf("%d events with %v", len(found), pairs)
		return record{}
	}
	return found[0]
}

// TestRuleHidesStartTLS: a strict client refuses, and the event says what was
// taken out and by what.
func TestRuleHidesStartTLS(t *testing.T) {
	r := withRules(t, `[[rule]]
name = "hide-starttls"
when = 'kind == "features" and has("{urn:ietf:params:xml:ns:xmpp-tls}starttls")'
do = "remove"
xpath = "tls:starttls"`)
	err := r.client().try(mbed)
	if err == nil || !strings.Contains(err.Error(), "does not offer STARTTLS") {
		t.Errorf("the client: %v", err)
	}
	r.next("kind", "features")
	e := only(t, r.end(), "kind", "features")
	if !e.is("origin", "edited") || strings.Contains(e.str("wire"), "starttls") || !strings.Contains(e.str("original"), "<starttls") || !strings.Contains(e.str("note"), "hide-starttls") {
		t.Errorf("%v", e)
	}
}

// TestRuleMechanisms: the list is another one for the client.
func TestRuleMechanisms(t *testing.T) {
	r := newRig(t, rigOptions{direct: true, args: []string{"--rules", rulesFile(t, `[[rule]]
name = "plain-only"
when = 'kind == "features" and has("{urn:ietf:params:xml:ns:xmpp-sasl}mechanisms")'
do = "replace"
xpath = "sasl:mechanisms"
xml = "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ONLY-THIS</mechanism></mechanisms>"`)}})
	a := r.client(dialTLS(r, "starttls"))
	a.do("C: <stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>\nS: stream")
	if said := a.hears("features"); !strings.Contains(said, "<mechanism>ONLY-THIS</mechanism>") || strings.Contains(said, "SCRAM") {
		t.Errorf("the client is offered %s", said)
	}
	a.do("close")
	e := only(t, r.over(1), "kind", "features")
	if !e.is("origin", "edited") || !strings.Contains(e.str("original"), "SCRAM-SHA-256") || !strings.Contains(e.str("note"), "plain-only") {
		t.Errorf("%v", e)
	}
}

// TestRuleWrongPassword: PLAIN with another password is refused by the server
// as such; once, so that the second try works.
func TestRuleWrongPassword(t *testing.T) {
	r := withRules(t, `[[rule]]
name = "forget"
when = 'step == "sasl-auth" and sasl.mechanism == "PLAIN"'
do = "set"
xpath = "."
value = "AG1iZWQAd3Jvbmc="
times = 1`)
	var waited []string
	a := r.client(func(o *practice.Options) {
		o.Tell = func(p practice.Progress) {
			if p.State == practice.Waiting {
				waited = append(waited, p.Why)
			}
		}
	})
	a.do(mbed + "close")
	if len(waited) != 1 || !strings.Contains(waited[0], "not-authorized") {
		t.Errorf("refused: %q", waited)
	}
	live := r.over(1)
	e := only(t, live, "step", "sasl-auth", "origin", "edited")
	if !strings.Contains(e.str("wire"), "AG1iZWQAd3Jvbmc=") || !strings.Contains(e.str("original"), "AG1iZWQAbWlycm9y") {
		t.Errorf("%v", e)
	}
	only(t, live, "step", "sasl-failure")
	only(t, live, "step", "sasl-success")
}

// TestRuleResource: the server binds another resource than the client asked for,
// and the client is told so.
func TestRuleResource(t *testing.T) {
	r := withRules(t, `[[rule]]
name = "other place"
when = 'xpath("bind:bind/bind:resource") and type == "set"'
do = "set"
xpath = "bind:bind/bind:resource"
value = "cellar"`)
	a := r.client()
	a.do(mbed)
	if got := a.Address(); got != "mbed@localhost/cellar" {
		t.Errorf("bound to %s", got)
	}
	a.do("presence\nS: presence from=mbed@localhost/cellar\nclose")
	only(t, r.over(1), "step", "bind", "origin", "edited", "dir", "initiator")
}

// TestRuleDropsRoster: the result never comes; what follows does.
func TestRuleDropsRoster(t *testing.T) {
	r := withRules(t, `[[rule]]
name = "no contacts"
when = 'name == "iq" and type == "result" and payload.ns == "jabber:iq:roster"'
do = "drop"`)
	a := r.client()
	a.do(mbed + "C: <iq type='get' id='r1'><query xmlns='jabber:iq:roster'/></iq>")
	a.absent("iq id=r1")
	a.do("close")
	e := only(t, r.over(1), "id", "r1", "dir", "receiver")
	if !e.is("origin", "dropped") || !strings.Contains(e.str("wire"), "jabber:iq:roster") || !strings.Contains(e.str("note"), "no contacts") {
		t.Errorf("%v", e)
	}
}

// TestRuleDelays: what is delayed comes later and keeps its place in its
// direction.
func TestRuleDelays(t *testing.T) {
	r := withRules(t, `[[rule]]
name = "slow"
when = 'name == "message" and dir == "initiator"'
do = "delay"
delay = "300ms"`)
	a := r.client()
	a.do(mbed)
	began := time.Now()
	a.do("C: <message to='mbed@localhost/board' id='late'/>\nping")
	if took := time.Since(began); took < 300*time.Millisecond {
		t.Errorf("what was behind it came after %v", took)
	}
	a.do("S: message id=late\nclose")
	e := only(t, r.over(1), "id", "late", "dir", "initiator")
	if !strings.Contains(e.str("note"), "slow") {
		t.Errorf("%v", e)
	}
}

// TestRuleInjects: into either direction, before and after.
func TestRuleInjects(t *testing.T) {
	r := withRules(t, `[[rule]]
name = "ping them"
when = 'name == "presence" and dir == "initiator"'
do = "inject"
to = "receiver"
place = "after"
xml = "<iq type='get' id='rule1' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>"
times = 1
[[rule]]
name = "love letter"
when = 'name == "presence" and dir == "receiver"'
do = "inject"
to = "initiator"
place = "before"
xml = "<message id='rule2' from='romeo@localhost'><body>But soft</body></message>"
times = 1`)
	a := r.client()
	a.do(mbed + "presence\nS: message id=rule2 body=But soft\nS: iq id=rule1 type=result\nclose")
	live := r.over(1)
	for id, dir := range map[string]string{"rule1": "initiator", "rule2": "receiver"} {
		e := only(t, live, "id", id, "dir", dir)
		if !e.is("origin", "injected") || e.str("note") == "" {
			t.Errorf("%v", e)
		}
	}
}

// TestRuleMutates: other bytes, same meaning: the login works with each of them.
func TestRuleMutates(t *testing.T) {
	for _, how := range []string{"split", "coalesce", "lone-lt", "quotes", "prefixes", "cdata", "entities", "space"} {
		t.Run(how, func(t *testing.T) {
			r := withRules(t, `[[rule]]
name = "odd"
when = 'kind in ["stanza", "nonza", "features"]'
do = "mutate"
how = "`+how+`"
seed = 7`)
			a := r.client()
			a.do(mbed + "roster\npresence\nC: <message to='mbed@localhost/board' id='m'><body>one &amp; two</body></message>\nS: message id=m body=one & two\nclose")
			r.over(1)
		})
	}
}

// TestRuleCloses: by TCP, TLS and stream.
func TestRuleCloses(t *testing.T) {
	for layer, want := range map[string]string{"tcp": "the server has closed the connection", "tls": "the server has closed the connection", "stream": "policy-violation"} {
		t.Run(layer, func(t *testing.T) {
			r := withRules(t, `[[rule]]
name = "enough"
when = 'name == "message"'
do = "close"
to = "initiator"
layer = "`+layer+`"
condition = "policy-violation"`)
			a := r.client()
			err := a.try(mbed + "C: <message to='mbed@localhost' id='m'/>\nS: message")
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("the client: %v", err)
			}
			a.Drop()
			live := r.over(1)
			only(t, live, "id", "m", "origin", "dropped")
			last := summed(live)
			if outcome := map[string]string{"tcp": "reset", "tls": "cut", "stream": "error"}[layer]; !last.is("outcome", outcome) {
				t.Errorf("the outcome is %s, not %s", last.str("outcome"), outcome)
			}
		})
	}
}

// TestRuleHolds: until somebody lets it go.
func TestRuleHolds(t *testing.T) {
	r := withRules(t, `[[rule]]
name = "wait for me"
when = 'name == "presence" and dir == "initiator"'
do = "hold"
times = 1`)
	a := r.client()
	a.do(mbed + "presence")
	held := r.next("record", "held")
	if !strings.Contains(held.str("note"), "wait for me") {
		t.Errorf("%v", held)
	}
	r.act(`{"do":"forward","seq":%d}`, held.num("seq"))
	a.do("S: presence\nclose")
	r.over(1)
}

// TestRulesThatDoNotParse: where, why, exit code 2, and nothing is started.
func TestRulesThatDoNotParse(t *testing.T) {
	for toml, want := range map[string]string{
		"[[rule]]\nname = \"x\"\nwhen = 'name = 1'\ndo = \"drop\"\n": ":3:1: column 6",
		"[[rule]]\ndo = \"dorp\"\n":                                  `:2:1: "dorp" is no action`,
		"[[rule]\n":                                                  ":1:",
		"[[rule]]\ndo = \"remove\"\n":                                "remove needs xpath",
		"[[rule]]\ndo = \"drop\"\nlater = 1\n":                       ":3:1: later is no setting of a rule",
		"[[rule]]\ndo = \"replace\"\nxml = \"<a>\"\n":                "not well-formed at byte",
	} {
		home(t)
		file := rulesFile(t, toml)
		record := filepath.Join(t.TempDir(), "x.pcapng")
		said, code := finishes(t, "proxy", "--to", "127.0.0.1:1", "--listen", "127.0.0.1:0", "--headless", "--record", record, "--rules", file)
		if code != exitUsage || !strings.Contains(said, file) || !strings.Contains(said, want) || strings.Contains(said, "listening") {
			t.Errorf("%q: exit code %d\n%s", toml, code, said)
		}
		if _, err := os.Stat(record); err == nil {
			t.Errorf("%q: a recording was begun", toml)
		}
	}
}
