package gate

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/proxy"
)

const (
	clientHeader = "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	serverHeader = "<stream:stream from='localhost' id='1' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	features     = "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>"
	message      = "<message to='romeo@localhost' id=\"1\"><body>hello</body></message>"
	rosterGet    = "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>"
)

// asked shows a gate units of a stream that has begun and lists its verdicts.
// A unit begins with C: or S:.
func asked(t *testing.T, g *Gate, flow uint64, lines ...string) (all []string) {
	t.Helper()
	c := decode.NewConn(1, decode.Options{})
	now := time.Unix(0, 0)
	feed := func(d decode.Dir, text string) {
		for p := []byte(text); len(p) > 0; {
			_, n := c.Feed(d, now, p)
			p = p[n:]
		}
	}
	feed(decode.FromInitiator, clientHeader)
	feed(decode.FromReceiver, serverHeader)
	for _, l := range lines {
		who, text, _ := strings.Cut(l, " ")
		d := decode.FromInitiator
		if who == "S:" {
			d = decode.FromReceiver
		}
		e := c.Preview(d, now, []byte(text))
		v := g.decide(flow, &e)
		s := v.Do.String()
		if v.XML != nil {
			s += " " + string(v.XML)
		}
		for _, in := range v.Before {
			s += fmt.Sprintf(" before %s %s", in.Dir, in.XML)
		}
		for _, in := range v.After {
			s += fmt.Sprintf(" after %s %s", in.Dir, in.XML)
		}
		if v.Do == proxy.Close {
			s += fmt.Sprintf(" %+v", v.How)
		}
		if v.Delay > 0 {
			s += " " + v.Delay.String()
		}
		if v.Cuts != nil || v.Join {
			s += fmt.Sprint(" ", len(v.Cuts), v.Join)
		}
		if v.Why != "" {
			s += " (" + v.Why + ")"
		}
		all = append(all, s)
		feed(d, text)
	}
	return all
}

func TestRules(t *testing.T) {
	for _, test := range []struct{ name, rule, unit, want string }{
		{"CONTRACT's own", "name = \"hide-starttls\"\nwhen = 'kind == \"features\" and has(\"{urn:ietf:params:xml:ns:xmpp-tls}starttls\")'\ndo = \"remove\"\nxpath = \"tls:starttls\"\ntimes = 1",
			"S: " + features, "edit <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features> (rule hide-starttls)"},
		{"one mechanism", "when = 'kind == \"features\"'\ndo = \"remove\"\nxpath = \"sasl:mechanisms/sasl:mechanism[.='SCRAM-SHA-1']\"",
			"S: " + features, "edit " + strings.Replace(features, "<mechanism>SCRAM-SHA-1</mechanism>", "", 1) + " (rule rule 1)"},
		{"an attribute removed", "do = \"remove\"\nxpath = \"@to\"", "C: " + message, "edit <message id=\"1\"><body>hello</body></message> (rule rule 1)"},
		{"an attribute set", "do = \"set\"\nxpath = \"@id\"\nvalue = \"a\\\"<&b\"", "C: " + message, "edit <message to='romeo@localhost' id=\"a&quot;&lt;&amp;b\"><body>hello</body></message> (rule rule 1)"},
		{"a text set", "do = \"set\"\nxpath = \"c:body\"\nvalue = \"a<b\"", "C: " + message, "edit <message to='romeo@localhost' id=\"1\"><body>a&lt;b</body></message> (rule rule 1)"},
		{"an empty element set", "do = \"set\"\nxpath = \"roster:query\"\nvalue = \"x\"", "C: " + rosterGet, "edit <iq type='get' id='r'><query xmlns='jabber:iq:roster'>x</query></iq> (rule rule 1)"},
		{"replaced whole", "do = \"replace\"\nxml = \"<message/>\"", "C: " + message, "edit <message/> (rule rule 1)"},
		{"replaced inside", "do = \"replace\"\nxml = \"<subject/>\"\nxpath = \"c:body\"", "C: " + message, "edit <message to='romeo@localhost' id=\"1\"><subject/></message> (rule rule 1)"},
		{"nothing chosen", "do = \"remove\"\nxpath = \"c:subject\"", "C: " + message, "forward (rule rule 1: the XPath chose nothing)"},
		{"dropped", "when = 'dir == \"initiator\"'\ndo = \"drop\"", "C: " + message, "drop (rule rule 1)"},
		{"not dropped", "when = 'dir == \"receiver\"'\ndo = \"drop\"", "C: " + message, "forward"},
		{"held", "do = \"hold\"", "C: " + message, "hold (rule rule 1)"},
		{"delayed", "do = \"delay\"\ndelay = \"250ms\"", "C: " + message, "delay 250ms (rule rule 1)"},
		{"injected to the same side", "do = \"inject\"\nxml = \"<presence/>\"", "C: " + message, "forward after initiator <presence/> (rule rule 1)"},
		{"injected to the client", "do = \"inject\"\nxml = \"<presence/>\"\nto = \"initiator\"\nplace = \"before\"", "C: " + message, "forward before receiver <presence/> (rule rule 1)"},
		{"closed", "do = \"close\"\nlayer = \"tcp\"", "C: " + message, "close {Layer:tcp Condition: Text: To:initiator Both:false} (rule rule 1)"},
		{"written otherwise", "do = \"mutate\"\nhow = \"quotes\"", "C: " + message, "edit <message to=\"romeo@localhost\" id='1'><body>hello</body></message> (rule rule 1)"},
		{"in portions", "do = \"mutate\"\nhow = \"lone-lt\"", "C: " + message, "forward 1 false (rule rule 1)"},
		{"a header", "when = 'kind == \"open\"'\ndo = \"set\"\nxpath = \"@version\"\nvalue = \"2.0\"", "C: " + clientHeader, "edit " + strings.Replace(clientHeader, "'1.0'", "'2.0'", 1) + " (rule rule 1)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			rules, err := Parse("rules.toml", "[[rule]]\n"+test.rule)
			if err != nil {
				t.Fatal(err)
			}
			if got := asked(t, New(rules), 1, test.unit)[0]; got != test.want {
				t.Errorf("%s\n%s\nwanted\n%s", test.unit, got, test.want)
			}
		})
	}
}

// Rules of one unit work one after the other, each on what the last one made.
func TestRulesFollowEachOther(t *testing.T) {
	rules, err := Parse("r", `
[[rule]]
name = "a"
do = "set"
xpath = "c:body"
value = "one"
times = 1
[[rule]]
name = "b"
do = "mutate"
how = "entities"
after = 1
[[rule]]
name = "c"
do = "drop"
after = 3
`)
	if err != nil {
		t.Fatal(err)
	}
	g := New(rules)
	got := asked(t, g, 1, "C: <message><body/></message>", "C: <message><body>x</body></message>", "C: <a/>", "C: <b/>")
	want := []string{"edit <message><body>one</body></message> (rule a)", "edit <message><body>&#120;</body></message> (rule b)", "forward (rule b)", "drop (rule b; c)"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s\nwanted\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestRulesEndWithTheirTimes(t *testing.T) {
	rules, err := Parse("r", "[[rule]]\ndo = \"drop\"\ntimes = 2")
	if err != nil {
		t.Fatal(err)
	}
	g := New(rules)
	if !g.Watching(nil) {
		t.Error("a rule that may act is not looked for")
	}
	got := asked(t, g, 1, "C: <a/>", "C: <a/>", "C: <a/>")
	if strings.Join(got, " ") != "drop (rule rule 1) drop (rule rule 1) forward" || g.Watching(nil) {
		t.Error(got, g.Watching(nil))
	}
}

// The same seed gives the same drops, whatever other connections do meanwhile.
func TestProbabilityIsDeterministic(t *testing.T) {
	run := func(seed string, other bool) string {
		rules, err := Parse("r", "[[rule]]\ndo = \"drop\"\nprobability = 0.5\nseed = "+seed)
		if err != nil {
			t.Fatal(err)
		}
		g := New(rules)
		var b strings.Builder
		for range 64 {
			if other {
				asked(t, g, 2, "C: <a/>")
			}
			b.WriteByte(asked(t, g, 1, "C: <a/>")[0][0])
		}
		return b.String()
	}
	one := run("7", false)
	if one != run("7", true) || one == run("8", false) || !strings.Contains(one, "d") || !strings.Contains(one, "f") {
		t.Error(one)
	}
}

func TestFilesThatDoNotParse(t *testing.T) {
	for text, want := range map[string]string{
		"[[rule]\n":              "r:1:",
		"x = \n":                 "r:1:5: expected value",
		"[[rule]]\ndo = \"fly\"": `r:2:1: "fly" is no action`,
		"[[rule]]\ndo=\"drop\"\n\n[[rule]]\n  do = \"remove\"": "r:5:3: remove needs xpath",
		"[[rule]]\ndo = \"drop\"\nwhen = 'nam == 1'":           "r:3:1: column 1: ",
		"[[rule]]\ndo = \"drop\"\nwehn = 'x'":                  "r:3:1: wehn is no setting",
		"[[rule]]\ndo = \"remove\"\nxpath = \"nope:x\"":        "r:3:1: column ",
		"[[rule]]\ndo = \"replace\"\nxml = \"<a><b></a>\"":     "r:3:1: not well-formed at byte ",
		"[[rule]]\ndo = \"delay\"\ndelay = \"soon\"":           `r:3:1: "soon" is no duration`,
		"[[rule]]\ndo = \"mutate\"\nhow = \"upside-down\"":     `r:3:1: "upside-down" is not one of`,
		"[[rule]]\ndo = \"close\"\nlayer = \"ip\"":             `r:3:1: "ip" is not one of tcp, stream, tls`,
		"[[rule]]\ndo = \"drop\"\nprobability = 2.0":           "r:3:1: ",
		"[[rule]]\ndo = 3":                                      "r:",
		"[[rule]]\ndo = \"set\"\nxpath = \"@to\"":               "r:2:1: set needs xpath and value",
		"[[rule]]\ndo = \"drop\"\ntimes = -1":                   "r:",
		"[[rule]]\ndo = \"inject\"":                             "r:2:1: inject needs xml",
		strings.Repeat("[[rule]]\ndo = \"drop\"\n", maxRules+1): "r: more than",
	} {
		_, err := Parse("r", text)
		var fault *FileError
		if !errors.As(err, &fault) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.60q: %v, wanted %s", text, err, want)
		}
	}
	if _, err := Parse("r", "[[rule]]\ndo = \"replace\"\nbroken = true\nxml = \"<a><b></a>\""); err != nil {
		t.Error(err)
	}
}

func TestBreakpointsAndSteps(t *testing.T) {
	g := New(nil)
	if g.Watching(nil) {
		t.Error("nothing to look for")
	}
	b, err := ParseBreak(`once name == "message"`)
	if err != nil {
		t.Fatal(err)
	}
	g.Add(b)
	second, _ := ParseBreak(`name == "iq"`)
	second = g.Add(second)
	got := asked(t, g, 1, "C: "+message, "C: "+message, "C: "+rosterGet)
	want := "hold (breakpoint once name == \"message\")|forward|hold (breakpoint name == \"iq\")"
	if strings.Join(got, "|") != want || len(g.Breaks()) != 1 || g.Breaks()[0].Hits != 1 {
		t.Error(got, g.Breaks())
	}
	if !g.Remove(second.ID) || g.Remove(second.ID) || g.Watching(nil) {
		t.Error("not removed")
	}
	g.SetMode(Paused)
	if got := asked(t, g, 1, "C: <a/>", "S:  ", "S: <b/>"); strings.Join(got, "|") != "hold (step)|forward|hold (step)" {
		t.Error(got)
	}
	g.SetMode(UntilPhase)
	got = asked(t, g, 1, "S: "+features, "C: <starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "S: <x/>")
	if strings.Join(got, "|") != "forward|hold (step)|hold (step)" || g.Mode() != Paused {
		t.Error(got, g.Mode())
	}
	g.SetMode(Running)
	if g.Watching(nil) {
		t.Error("running")
	}
	third, _ := ParseBreak(`name == "a" and hits >= 2 and hits != 3`)
	g.Add(third)
	got = asked(t, g, 1, "C: <a/>", "C: <b/>", "C: <a/>", "C: <a/>", "C: <a/>", "C: <a/>")
	if why := " (breakpoint " + third.Text() + ")"; strings.Join(got, "|") != "forward|forward|forward|hold"+why+"|forward|hold"+why {
		t.Error(got)
	}
	if _, err := ParseBreak("name ="); err == nil {
		t.Error("a wrong expression is taken")
	}
}

func TestLikeFitsWhatIsAlike(t *testing.T) {
	c := decode.NewConn(1, decode.Options{})
	now := time.Unix(0, 0)
	c.Feed(decode.FromInitiator, now, []byte(clientHeader))
	c.Feed(decode.FromReceiver, now, []byte(serverHeader))
	units := []string{features, message, rosterGet, "<iq type='get' id='2'><ping xmlns='urn:xmpp:ping'/></iq>", "<r xmlns='urn:xmpp:sm:3'/>", "</stream:stream>", "<message type='chat'/>"}
	for i, a := range units {
		e := c.Preview(decode.FromReceiver, now, []byte(a))
		b, err := ParseBreak(Like(&e))
		if err != nil {
			t.Fatalf("%s: %v", Like(&e), err)
		}
		for k, other := range units {
			o := c.Preview(decode.FromReceiver, now, []byte(other))
			if b.stops(&o, inspector.Extra{}) != (i == k || i == 1 && k == 6) {
				t.Errorf("%s and %s", Like(&e), other)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("[[rule]]\ndo = \"drop\"\nwhen = 'name == \"iq\"'\n")
	f.Add("[[rule]]\nname = \"a\"\ndo = \"set\"\nxpath = \"c:body\"\nvalue = \"x\"")
	f.Fuzz(func(t *testing.T, text string) {
		rules, err := Parse("r", text)
		if err != nil {
			return
		}
		asked(t, New(rules), 1, "S: "+features, "C: "+message, "C: "+rosterGet)
	})
}

// A breakpoint that is off holds nothing and is still listed.
func TestBreakpointsAreSwitched(t *testing.T) {
	g := New(nil)
	b, err := ParseBreak(`name == "iq"`)
	if err != nil {
		t.Fatal(err)
	}
	b = g.Add(b)
	if !g.Watching(nil) || !g.Switch(b.ID, true) || g.Watching(nil) || len(g.Breaks()) != 1 || !g.Breaks()[0].Off {
		t.Errorf("off: %+v", g.Breaks())
	}
	if !g.Switch(b.ID, false) || !g.Watching(nil) || g.Switch(b.ID+1, true) {
		t.Errorf("on: %+v", g.Breaks())
	}
}
