package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/lessons/practice"
	"xmppscope/lessons/sandbox"
	"xmppscope/proxy/ca"
)

// verona is the domain that every server of the comparison serves.
const verona = "verona.example"

// exchange is a part of the script of the comparison: lines for Juliet, whom the
// comparison listens to, and Romeo.
type exchange struct {
	name  string
	lines []string
}

// exchanges reads the script.
func exchanges(t *testing.T) (all []exchange) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "conformance", "script.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.ReplaceAll(string(text), "DOMAIN", verona), "\n") {
		if name, ok := strings.CutPrefix(line, "== "); ok {
			all = append(all, exchange{name: name})
		} else if line != "" {
			last := &all[len(all)-1]
			last.lines = append(last.lines, line)
		}
	}
	if len(all) < 60 {
		t.Fatalf("%d exchanges are no comparison", len(all))
	}
	return all
}

// company is a server with the two who play the script on it.
type company struct {
	*testing.T
	trust *x509.CertPool
	dial  func() (net.Conn, error)
	keys  *heardKeys
	heard *overheard
}

func (c *company) person(listen bool) *practice.Client {
	conf := &tls.Config{RootCAs: c.trust}
	if listen {
		conf.KeyLogWriter = c.keys
	}
	return practice.New(practice.Options{Domain: verona, TLS: conf, Attempts: 1, Patience: patient, Dial: func(context.Context) (net.Conn, error) {
		nc, err := c.dial()
		if err != nil || !listen {
			return nc, err
		}
		c.heard = &overheard{Conn: nc}
		return c.heard, nil
	}})
}

// play plays the script, and returns where in what was heard each exchange ends.
func (c *company) play(script []exchange) (ends []int) {
	c.Helper()
	c.keys = &heardKeys{}
	people := map[string]*practice.Client{"J": c.person(true), "R": c.person(false)}
	defer people["R"].Drop()
	defer people["J"].Drop()
	do := func(who, line string) {
		steps, err := practice.Parse(line)
		if err != nil {
			c.Fatal(err)
		}
		for _, s := range steps {
			if err := c.do(people[who], s); err != nil {
				c.Logf("%s %s: %v", who, line, err)
			}
		}
	}
	for _, x := range script {
		for _, line := range x.lines {
			who, what, _ := strings.Cut(line, " ")
			do(who, what)
		}
		if people["J"].Address() != "" && x.name != script[len(script)-1].name {
			began := time.Now()
			do("J", "ping")
			// What goes from hand to hand inside a server: on a busy computer it takes
			// longer, as the ping does.
			do("J", "wait "+max(30*time.Millisecond, 4*time.Since(began)).String())
			do("J", "ping")
		}
		c.heard.mu.Lock()
		ends = append(ends, len(c.heard.said))
		c.heard.mu.Unlock()
	}
	return ends
}

// do does a line. What servers may leave out is not waited for without end: when
// nothing has come for a while, and a ping that was sent since is answered, it
// does not come any more.
func (c *company) do(who *practice.Client, s practice.Step) error {
	if s.Verb != "S" || who.Address() == "" {
		return who.Do(c.Context(), s)
	}
	while := 2 * time.Second
	for left := range 2 {
		ctx, stop := context.WithTimeout(c.Context(), while)
		err := who.Do(ctx, s)
		stop()
		if left > 0 || !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		began := time.Now()
		ping, err := practice.Parse("ping")
		if err != nil {
			return err
		}
		if err := who.Do(c.Context(), ping[0]); err != nil {
			return err
		}
		while = max(50*time.Millisecond, 4*time.Since(began))
	}
	return nil
}

// account is what was seen of each exchange, one line an event: what the client
// said in its order, and then what the server did, sorted, since servers may
// answer several things in any order.
func (c *company) account(script []exchange, ends []int) (seen [][]string, findings []lint.Finding) {
	rules := lint.New(lint.Options{})
	var seq decode.Seq
	conn := decode.NewConn(1, decode.Options{Number: func() decode.Seq { seq++; return seq }, Keys: c.keys})
	took := func(all []decode.Event, into *[]string) {
		for i := range all {
			findings = append(findings, rules.Event(&all[i])...)
			if line := lineOf(&all[i]); line != "" {
				*into = append(*into, line)
			}
		}
	}
	seen = make([][]string, len(script))
	took(conn.Connect(c.heard.said[0].at), &seen[0])
	at := 0
	for i, end := range ends {
		for ; at < end; at++ {
			p := c.heard.said[at]
			for rest := p.p; len(rest) > 0; {
				events, n := conn.Feed(p.dir, p.at, rest)
				took(events, &seen[i])
				rest = rest[n:]
			}
		}
		first := slices.IndexFunc(seen[i], func(l string) bool { return strings.HasPrefix(l, "S ") })
		if c.bound(seen[:i]) && first >= 0 {
			slices.Sort(seen[i])
		}
	}
	now := time.Now()
	var rest []string
	took(conn.End(decode.FromInitiator, now), &rest)
	took(conn.End(decode.FromReceiver, now), &rest)
	took(conn.Finish(now), &rest)
	sum := conn.Summary()
	return seen, append(findings, rules.End(&sum)...)
}

// bound tells whether a resource was bound before.
func (c *company) bound(seen [][]string) bool {
	return slices.ContainsFunc(seen, func(x []string) bool {
		return slices.ContainsFunc(x, func(l string) bool { return strings.HasPrefix(l, "S bind: iq result") })
	})
}

// lineOf is what the comparison says of an event: who, the step, its name, type,
// what is inside, and its conditions. Empty for what is no part of it: what
// carries XML, pings of the comparison, and the moments at which somebody asks
// what was handled.
func lineOf(e *decode.Event) string {
	switch e.Kind {
	case decode.KindOpen, decode.KindClose, decode.KindFeatures, decode.KindStanza, decode.KindStreamError, decode.KindNonza:
	default:
		return ""
	}
	server := e.Dir == decode.FromReceiver
	if strings.HasPrefix(e.ID, "ping") || e.Name.Space == "urn:xmpp:sm:3" && (e.Name.Local == "r" && server || e.Name.Local == "a" && !server) {
		return ""
	}
	// Answers to pushes follow from the pushes, and what stands in errors and,
	// beside them, first in other elements is a matter of taste.
	if !server && e.Name.Local == "iq" && (e.Type == "result" || e.Type == "error") {
		return ""
	}
	line := "C "
	if server {
		line = "S "
	}
	line += e.Step.String() + ": " + e.Name.Local
	if e.Type != "" {
		line += " " + e.Type
	}
	if e.Name.Local == "iq" && e.Type != "error" && e.Payload.Local != "" {
		line += " " + e.Payload.Local
	}
	if e.Condition != "" {
		line += " " + e.Condition
	}
	return line
}

// compare lists what one account has that the other has not, and the reverse.
func compare(script []exchange, ours, theirs [][]string) (all []string) {
	for i, x := range script {
		left := slices.Clone(theirs[i])
		for _, line := range ours[i] {
			if k := slices.Index(left, line); k >= 0 {
				left = slices.Delete(left, k, k+1)
			} else {
				all = append(all, x.name+" | - "+line)
			}
		}
		for _, line := range left {
			all = append(all, x.name+" | + "+line)
		}
	}
	return all
}

// practised plays the script on the practice server, in a time of its own.
func practised(t *testing.T, script []exchange) (seen [][]string, findings []lint.Finding) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { seen, findings = practises(t, script) })
	return seen, findings
}

func practises(t *testing.T, script []exchange) ([][]string, []lint.Finding) {
	authority := authority(t)
	o := sandbox.Options{Domain: verona, Iterations: 4096, Accounts: []sandbox.Account{}, TLS: &tls.Config{GetCertificate: ca.GetCertificate(authority, verona, verona)}}
	for user, password := range people {
		o.Accounts = append(o.Accounts, sandbox.Account{User: user, Password: password})
	}
	s, err := sandbox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Shutdown(t.Context()) }()
	c := &company{T: t, trust: authority.Pool(), dial: func() (net.Conn, error) { return s.Dial(sandbox.StartTLS) }}
	return c.account(script, c.play(script))
}

// TestPracticeServerScript: the whole script on the practice server is what the
// file says, and nothing above a note is found against the server.
func TestPracticeServerScript(t *testing.T) {
	script := exchanges(t)
	seen, findings := practised(t, script)
	var b strings.Builder
	for i, x := range script {
		fmt.Fprintf(&b, "== %s\n%s\n", x.name, strings.Join(seen[i], "\n"))
	}
	golden := filepath.Join("testdata", "conformance", "practice.txt")
	if *update {
		write(t, golden, []byte(b.String()))
	}
	want, err := os.ReadFile(golden)
	if err != nil || b.String() != string(want) {
		t.Errorf("%v; this is seen:\n%s", err, b.String())
	}
	for _, f := range findings {
		if f.Who != lint.WhoInitiator && f.Level > lint.LevelNote {
			t.Errorf("found: %s: %s", f.Rule, f.Text)
		}
	}
}

// TestConformance: the same script on Prosody and ejabberd. What differs from
// the practice server is listed, with the section that allows it; nothing else
// does, and nothing is listed that does not.
func TestConformance(t *testing.T) {
	s := newStage(t)
	for _, kind := range []string{"prosody", "ejabberd"} {
		t.Run(kind, func(t *testing.T) {
			begin := s.prosody
			if kind == "ejabberd" {
				begin = s.ejabberd
			}
			h := begin(t, house{Domain: verona, More: true})
			script := exchanges(t)
			ours, _ := practised(t, script)
			trust := pool(t, s.trust())
			c := &company{T: t, trust: trust, dial: func() (net.Conn, error) { return net.Dial("tcp", h.at(h.StartTLS)) }}
			theirs, _ := c.account(script, c.play(script))
			allowed := differences(t, kind)
			for _, line := range compare(script, ours, theirs) {
				if allowed[line] == "" {
					t.Errorf("not listed: %s | %s", kind, line)
				}
				delete(allowed, line)
			}
			for line, why := range allowed {
				t.Errorf("listed, and not so: %s | %s | %s", kind, line, why)
			}
		})
	}
}

// differences are those that are allowed, with why: server | exchange | what |
// why. The sign says which side has it: - the practice server, + the other one.
func differences(t *testing.T, kind string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "conformance", "differences.txt"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		part := strings.Split(line, " | ")
		if len(part) != 4 || !strings.Contains(part[3], "§") {
			t.Fatalf("differences.txt:%d: no section that allows it", i+1)
		}
		if part[0] == kind {
			all[part[1]+" | "+part[2]] = part[3]
		}
	}
	return all
}
