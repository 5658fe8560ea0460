package inspector

import (
	"slices"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// sample is a small conversation that has a bit of everything.
func sample() []*decode.Event {
	client := xmlstream.MidStream("jabber:client")
	x := &sasl.Exchange{Mechanism: "SCRAM-SHA-1"}
	x.Add(sasl.InitialResponse, []byte("biwsbj1qdWxpZXQscj1hYmM=*"))
	stanza := func(seq decode.Seq, wire, local, id, typ string, payload xmlstream.Name) *decode.Event {
		return &decode.Event{Seq: seq, Conn: 1, Kind: decode.KindStanza, Step: decode.StepExchange, Phase: decode.PhaseExchange, Scope: client,
			Time: t0.Add(time.Duration(seq) * time.Second), Wire: []byte(wire), Name: name("jabber:client", local), ID: id, Type: typ, Payload: payload}
	}
	auth := &decode.Event{Seq: 1, Conn: 1, Kind: decode.KindNonza, Step: decode.StepSASLAuth, Phase: decode.PhaseAuth, Scope: client, Time: t0, SASL: x,
		Name: name("urn:ietf:params:xml:ns:xmpp-sasl", "auth"), Wire: []byte("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>biwsbj1qdWxpZXQscj1hYmM=*</auth>")}
	bind := stanza(2, "<iq id='b' type='set'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>balcony</resource></bind></iq>",
		"iq", "b", "set", name("urn:ietf:params:xml:ns:xmpp-bind", "bind"))
	bind.Step, bind.Phase = decode.StepBind, decode.PhaseBind
	bound := stanza(3, "<iq id='b' type='error'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
		"iq", "b", "error", name("jabber:client", "error"))
	bound.Dir, bound.Reply, bound.Condition = decode.FromReceiver, 2, "conflict"
	msg := stanza(4, "<message from='romeo@a.example' to='juliet@b.example'><body>Art thou &amp; <![CDATA[<not>]]> Romeo?</body></message>",
		"message", "", "", name("jabber:client", "body"))
	msg.From, msg.To, msg.Conn = "romeo@a.example", "juliet@b.example", 2
	comment := stanza(5, "<message><!-- hello --><d:x xmlns:d='urn:d' d:k='v' xml:lang='en'/></message>", "message", "", "", name("urn:d", "x"))
	comment.Errs = []xmlstream.SyntaxError{{Rule: "xml-comment", Text: "a comment"}, {Rule: "stream-prefix-unusual", Text: "big"}}
	comment.Origin = decode.OriginEdited
	space := &decode.Event{Seq: 6, Conn: 1, Kind: decode.KindSpace, Wire: []byte(" "), Layer: decode.LayerTLS}
	return []*decode.Event{auth, bind, bound, msg, comment, space}
}

func TestFilterMatches(t *testing.T) {
	for _, c := range []struct{ filter, want string }{
		{``, "1 2 3 4 5 6"},
		{`  `, "1 2 3 4 5 6"},
		{`kind == "stanza"`, "2 3 4 5"},
		{`"stanza" == kind`, "2 3 4 5"},
		{`kind != "stanza"`, "1 6"},
		{`kind in ["nonza", "space"]`, "1 6"},
		{`kind not in ["nonza", "space"]`, "2 3 4 5"},
		{`step == "bind" or phase == "auth"`, "1 2"},
		{`dir == "receiver"`, "3"},
		{`name == "iq" and type == "set"`, "2"},
		{`name == "iq" && !(type == "set")`, "3"},
		{`name startsWith "mess"`, "4 5"},
		{`ns contains "sasl"`, "1"},
		{`id == "b"`, "2 3"},
		{`id`, "2 3"},
		{`not id`, "1 4 5 6"},
		{`from == "romeo@a.example"`, "4"},
		{`to matches "^juliet@.*e$"`, "4"},
		{`lower(from) contains "romeo" and len(to) > 3`, "4"},
		{`conn == 2`, "4"},
		{`seq > 2 and 5 > seq`, "3 4"},
		{`seq % 2 == 0`, "2 4 6"},
		{`size == 1`, "6"},
		{`time > "2026-01-02T03:04:08Z"`, "3 4 5"},
		{`time < "2026-01-02T03:04:07"`, "1"},
		{`time < "2026-01-03"`, "1 2 3 4 5"},
		{`time contains "03:04:09"`, "4"},
		{`layer == "tls"`, "6"},
		{`origin == "edited"`, "5"},
		{`text == "balcony"`, "2"},
		{`text contains "& <not> R"`, "4"},
		{`wire contains "CDATA"`, "4"},
		{`wire == " "`, "6"},
		{`payload.name == "bind"`, "2"},
		{`payload.ns == "urn:d"`, "5"},
		{`sasl.mechanism == "SCRAM-SHA-1" and sasl.message == "initial-response"`, "1"},
		{`sasl`, "1"},
		{`error == "conflict"`, "3"},
		{`error`, "3"},
		{`error != ""`, "3"},
		{`error == ""`, "1 2 4 5 6"},
		{`error in ["conflict", "gone"]`, "3"},
		{`error matches "^con"`, "3"},
		{`finding == "xml-comment"`, "5"},
		{`finding == "stream-prefix-unusual" and finding == "xml-comment"`, "5"},
		{`finding == "sasl-base64-illegal"`, "1"},
		{`finding contains "xml"`, "5"},
		{`finding`, "1 5"},
		{`level == "warning"`, "5"},
		{`"conflict" == error`, "3"},
		{`level >= "warning"`, "1 5"},
		{`level < "error"`, "5"},
		{`"error" > level`, "5"},
		{`level == ""`, "2 3 4 6"},
		{`level in ["note", "warning"]`, "5"},
		{`not level`, "2 3 4 6"},
		{`reply`, "2"},
		{`name == "iq" and not reply`, "3"},
		{`reply == true`, "2"},
		{`hits > 0`, ""},
		{`balcony`, "2"},
		{`romeo`, "4"},
		{`Romeo`, "4"},
		{`ROMEO`, ""},
		{`"art thou"`, "4"},
		{`balcony or kind == "space"`, "2 6"},
		{`has("{urn:d}x")`, "5"},
		{`has("x")`, "5"},
		{`has("{}x")`, ""},
		{`has("{jabber:client}iq")`, "2 3"},
		{`has("{urn:ietf:params:xml:ns:xmpp-bind}resource")`, "2"},
		{`xpath("bind:bind/bind:resource")`, "2"},
		{`xpath("bind:bind[bind:resource='balcony']")`, "2"},
		{`xpath("/c:iq/c:error/stanzas:conflict")`, "3"},
		{`xpath("//resource")`, "2"},
		{`xpath("//stanzas:*")`, "3"},
		{`xpath("body")`, "4"},
		{`xpath("self::c:message")`, "4 5"},
		{`xpath("@from")`, "4"},
		{`xpath("@xmlns")`, ""},
		{`xpath("*/@xml:lang = 'en'")`, "5"},
		{`xpath("count(*)")`, "2 3 4 5"},
		{`xpath("comment()")`, "5"},
		{`xpath("string(body)")`, "4"},
		{`xpath("body[contains(., '<not>')]")`, "4"},
		{`xpath("*[last()]/preceding-sibling::node()")`, "5"},
		{`xpath("substring('abc','x')")`, ""}, // the library panics on it
		{`kind == "space" ? true : reply`, "2 6"},
	} {
		f, err := Compile(c.filter)
		if err != nil {
			t.Errorf("%s: %v", c.filter, err)
			continue
		}
		for way, got := range map[string]string{"Match": matchEvents(f), "MatchRow": matchRows(f)} {
			if got != c.want {
				t.Errorf("%s: %s gives %q, want %q", c.filter, way, got, c.want)
			}
		}
	}
}

func matchEvents(f *Filter) string {
	events := sample()
	var got []string
	for _, e := range events {
		if f.Match(e, Extra{Answered: e.Seq == 2, Findings: lint.Faults(e)}) {
			got = append(got, string('0'+rune(e.Seq)))
		}
	}
	return strings.Join(got, " ")
}

func matchRows(f *Filter) string {
	s := NewStore(StoreOptions{Lint: onlyFaults()})
	defer s.Close()
	for _, e := range sample() {
		s.Append(e)
	}
	var got []string
	for i := range s.Len() {
		if f.MatchRow(s, i) {
			got = append(got, string('0'+rune(s.Row(i).Seq())))
		}
	}
	return strings.Join(got, " ")
}

// onlyFaults leaves out every rule but those that the samples' own bytes break.
func onlyFaults() lint.Options {
	var o lint.Options
	for _, r := range lint.Rules() {
		if !slices.Contains([]string{"xml-comment", "stream-prefix-unusual", "sasl-base64-illegal", "sasl-base64-padding"}, r.Name) {
			o.Ignore = append(o.Ignore, r.Name)
		}
	}
	return o
}

func TestFilterErrors(t *testing.T) {
	for _, c := range []struct {
		filter string
		column int
		says   string
	}{
		{`knd == "stanza"`, 1, "did you mean kind?"},
		{`kind == "stanzas"`, 9, `did you mean "stanza"?`},
		{`kind in ["stanza", "nonzas"]`, 20, `did you mean "nonza"?`},
		{`dir == "client"`, 8, "values are initiator receiver"},
		{`name == iq`, 9, `if it is text, put it in quotes: "iq"`},
		{`name = "iq"`, 6, "did you mean ==?"},
		{`seq == "5"`, 8, "without quotes: 5"},
		{`seq == "five"`, 8, "seq is a number"},
		{`id == 5`, 7, `in quotes: "5"`},
		{`reply == "yes"`, 10, "stands alone"},
		{`level >= "grave"`, 10, "values are note warning error"},
		{`time > "yesterday"`, 8, "this is no time"},
		{`name < "iq"`, 6, "texts have no order"},
		{`name == "iq" and`, 17, "stops in its middle"},
		{`name == "iq`, 12, "quotation mark"},
		{`(name == "iq"`, 14, "stops in its middle"},
		{`hello world`, 7, "put text in quotes"},
		{`juliet@localhost`, 7, `put text in quotes: "juliet@localhost"`},
		{`not-authorized`, 1, "in quotes"},
		{`foo-bar`, 1, "hyphen"},
		{`sasl.mechansm == "X"`, 1, "did you mean sasl.mechanism?"},
		{`payload.foo.bar`, 1, "parts"},
		{`name matches "("`, 6, "missing closing"},
		{`name matches id`, 14, "in quotes"},
		{`xpth("a")`, 1, "did you mean xpath?"},
		{`xpath(name)`, 1, "xpath takes one text in quotes"},
		{`xpath("a[")`, 7, "this is no XPath"},
		{`xpath("bnd:bind")`, 7, "did you mean bind:?"},
		{`xpath("zzzzz:*")`, 7, "explain prefixes"},
		{`has()`, 1, "has takes one text in quotes"},
		{`now()`, 1, "there is no function now"},
		{`all([1], # > 0)`, 1, "there is no function all"},
		{`any([1], # > 0)`, 1, "there is no function any"},
		{`1..3`, 2, "not part of the filter language"},
		{`id == nil`, 7, `compare with ""`},
		{`id == finding`, 7, "left of a comparison"},
		{`let x = 1; x == 1`, 5, "not part"},
		{`5`, 1, "yes or no"},
		{"name == \"\xff\"", 10, "UTF-8"},
		{strings.Repeat("a", maxFilter+1), 1, "longer"},
	} {
		_, err := Compile(c.filter)
		e, ok := err.(*FilterError)
		if !ok {
			t.Errorf("%s: no FilterError but %v", c.filter, err)
			continue
		}
		if e.Column != c.column || !strings.Contains(e.Error(), c.says) {
			t.Errorf("%s:\n got %v\nwant column %d … %s", c.filter, e, c.column, c.says)
		}
	}
}

func TestFieldsAreDocumented(t *testing.T) {
	contract := strings.Fields(`kind step phase dir name ns id type from to conn seq size time layer origin text
		wire payload.name payload.ns sasl.mechanism sasl.message error finding level reply hits`)
	seen := map[string]bool{}
	for _, f := range Fields() {
		if f.Doc == "" || f.Type == "" || seen[f.Name] {
			t.Errorf("field %s is not documented or stands twice", f.Name)
		}
		seen[f.Name] = true
		if !strings.Contains(f.Example, f.Name) {
			t.Errorf("field %s: the example does not use it", f.Name)
		}
		if _, err := Compile(f.Example); err != nil {
			t.Errorf("field %s: the example does not compile: %v", f.Name, err)
		}
	}
	for _, name := range contract {
		if !seen[name] {
			t.Errorf("there is no field %s", name)
		}
	}
	for _, f := range Functions() {
		if _, err := Compile(f.Example); err != nil || f.Doc == "" {
			t.Errorf("function %s: %v", f.Name, err)
		}
	}
	prefixSeen := map[string]bool{}
	for _, p := range Prefixes() {
		if prefixSeen[p.Prefix] || p.Space == "" {
			t.Errorf("prefix %s stands twice or has no namespace", p.Prefix)
		}
		prefixSeen[p.Prefix] = true
		if _, err := Compile(`xpath("` + p.Prefix + `:a")`); err != nil {
			t.Errorf("prefix %s: %v", p.Prefix, err)
		}
	}
}

// An XPath that takes too long is given up and holds for nothing.
func TestXPathHasABudget(t *testing.T) {
	f := must(t, `xpath("count(//*[count(//*) > 0]) > 0")`)
	for n, want := range map[int]bool{10: true, 2000: false} {
		e := &decode.Event{Seq: 1, Kind: decode.KindStanza, Wire: []byte("<a>" + strings.Repeat("<c/>", n) + "</a>")}
		if got := f.Match(e, Extra{}); got != want {
			t.Errorf("%d elements: %v", n, got)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{`kind == "a" and not (seq > 5)`, `xpath("a[b='c']//d:e")`, `has("{a}b") or x`, `level in ["note"]`, `time < "2026"`, `a ? b : c`, `payload?.name`, `-id`, `[1,2]`, `{a:1}`, `"x" in text`, `xpath("substring('a','b')")`} {
		f.Add(s)
	}
	events := sample()
	f.Fuzz(func(t *testing.T, s string) {
		filter, err := Compile(s)
		if err != nil {
			e, ok := err.(*FilterError)
			if !ok || e.Column < 1 || e.Text == "" || e.Column > len([]rune(s))+1 {
				t.Fatalf("%q: %#v", s, err)
			}
			return
		}
		for _, e := range events {
			filter.Match(e, Extra{})
		}
	})
}
