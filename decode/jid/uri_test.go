package jid

import (
	"slices"
	"strings"
	"testing"
)

func TestURI(t *testing.T) {
	for _, c := range []struct {
		text, account, path, action, fragment string
		pairs                                 []Pair
		fault                                 string
	}{
		{"xmpp:romeo@montague.net", "", "romeo@montague.net", "", "", nil, ""},
		{"XMPP:romeo@montague.net?message", "", "romeo@montague.net", "message", "", nil, ""},
		{"xmpp:romeo@montague.net?message;subject=Test%20Message;body=Here%27s%20a%20test%20message", "", "romeo@montague.net", "message", "",
			[]Pair{{"subject", "Test Message"}, {"body", "Here's a test message"}}, ""},
		{"xmpp://guest@example.com/support@example.com?message", "guest@example.com", "support@example.com", "message", "", nil, ""},
		{"xmpp://guest@example.com", "guest@example.com", "", "", "", nil, ""},
		{"xmpp:nasty!%23$%25()*+,-.;=%3F%5B%5C%5D%5E_%60%7B%7C%7D~node@example.com", "", "nasty!#$%()*+,-.;=?[\\]^_`{|}~node@example.com", "", "", nil, ""},
		{"xmpp:node@example.com/repulsive%20!%23%22$%25&'()*+,-.%2F:;%3C=%3E%3F%40%5B%5C%5D%5E_%60%7B%7C%7D~resource", "",
			"node@example.com/repulsive !#\"$%&'()*+,-./:;<=>?@[\\]^_`{|}~resource", "", "", nil, ""},
		{"xmpp:ji%C5%99i@%C4%8Dechy.example/v%20Praze", "", "ji\u0159i@\u010Dechy.example/v Praze", "", "", nil, ""},
		{"xmpp:r@c.example?join#top", "", "r@c.example", "join", "top", nil, ""},
		{"xmpp:r@c.example?join;password=", "", "r@c.example", "join", "", []Pair{{"password", ""}}, ""},
		{"xmpp:a@b?subject=x", "", "a@b", "", "", []Pair{{"subject", "x"}}, "begins with what is to be done"},
		{"xmpp:a@b?message&body=x", "", "a@b", "message", "", []Pair{{"body", "x"}}, "not by &"},
		{"xmpp:a%zzb@c", "", "a%zzb@c", "", "", nil, "percent sign"},
		{"xmpp:a%", "", "a%", "", "", nil, "percent sign"},
		{"xmpp:%ff@c", "", "\uFFFD@c", "", "", nil, "no valid UTF-8"},
		{"xmpp:", "", "", "", "", nil, "no address"},
		{"xmpp:a@b?join;;x=1", "", "a@b", "join", "", []Pair{{"x", "1"}}, "without a key"},
		{"mailto:a@b", "", "", "", "", nil, "does not begin with"},
	} {
		u := ReadURI(c.text)
		if u.Account != c.account || u.Path != c.path || u.Action != c.action || u.Fragment != c.fragment || !slices.Equal(u.Pairs, c.pairs) {
			t.Errorf("%s is %+v", c.text, u)
		}
		switch {
		case c.fault == "" && len(u.Faults) > 0:
			t.Errorf("%s: %s", c.text, u.Faults[0].Text)
		case c.fault != "" && (len(u.Faults) == 0 || !strings.Contains(u.Faults[0].Text, c.fault)):
			t.Errorf("%s: faults %v, want %q", c.text, u.Faults, c.fault)
		}
	}
}

// The table of XEP-0106 §3.2 and its edges.
func TestEscapes(t *testing.T) {
	for _, c := range []struct{ plain, escaped string }{
		{"space cadet", `space\20cadet`},
		{`call me "ishmael"`, `call\20me\20\22ishmael\22`},
		{"at&t guy", `at\26t\20guy`},
		{"d'artagnan", `d\27artagnan`},
		{"/.fanboy", `\2f.fanboy`},
		{"::foo::", `\3a\3afoo\3a\3a`},
		{"<foo>", `\3cfoo\3e`},
		{"user@host", `user\40host`},
		{`c:\net`, `c\3a\net`},
		{`c:\\net`, `c\3a\\net`},
		{`c:\cool stuff`, `c\3a\cool\20stuff`},
		{`c:\5commas`, `c\3a\5c5commas`},
		{"plain", "plain"},
	} {
		if got := Escape(c.plain); got != c.escaped {
			t.Errorf("%s is escaped as %s, want %s", c.plain, got, c.escaped)
		}
		if got := Unescape(c.escaped); got != c.plain {
			t.Errorf("%s stands for %s, want %s", c.escaped, got, c.plain)
		}
	}
	for _, same := range []string{`\2F`, `\2`, `\`, `\2g`, `\41`} { // no escapes
		if got := Unescape(same); got != same {
			t.Errorf("%s became %s", same, got)
		}
	}
}
