package gate

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"xmppscope/decode/xmlstream"
)

// meaning writes what an element means: expanded names, attributes but for
// declarations, and text, whatever the bytes.
func meaning(t *testing.T, text []byte) string {
	t.Helper()
	f := xmlstream.NewInside(xmlstream.Options{})
	f.Push(text)
	u, ok := f.Next()
	if !ok || len(u.Wire) != len(text) || u.Err != nil {
		t.Fatalf("no single unit: %s", text)
	}
	var tree xmlstream.Tree
	n := tree.Parse(text, xmlstream.MidStream("jabber:client"), xmlstream.Options{})
	if n == nil || len(tree.Errs) > 0 {
		t.Fatalf("%s: %v", text, tree.Errs)
	}
	var b strings.Builder
	var walk func(*xmlstream.Node)
	walk = func(n *xmlstream.Node) {
		fmt.Fprintf(&b, "<%s", n.Name)
		for _, a := range n.Attrs {
			if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
				fmt.Fprintf(&b, " %s=%q", a.Name, a.Value(text))
			}
		}
		b.WriteByte('>')
		for c := n.FirstChild; c != nil; c = c.Next {
			if c.Kind == xmlstream.ElementNode {
				walk(c)
			} else {
				fmt.Fprintf(&b, "%s", c.Text())
			}
		}
		b.WriteString("</>")
	}
	walk(n)
	return b.String()
}

var stanzas = []string{
	"<message/>",
	"<message to='romeo@localhost' id=\"a'b\"><body>he said &lt;hi&gt; &amp; ]]&gt; left\r\n</body><x xmlns='jabber:x:oob'><url>http://a/?b&amp;c</url></x></message>",
	"<iq type='get' id='1'><query xmlns='jabber:iq:roster' ver=''/></iq>",
	"<x1:iq xmlns:x1='jabber:client' type='get'><query xmlns='urn:x' x1:y='&quot;'/><z xmlns=''>&#13;\u202e\U0001f600</z></x1:iq>",
	"<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>",
	"<presence xml:lang='de'><status><![CDATA[a<b]]></status> <show>away</show></presence>",
}

// What mutate sends parses to the same infoset, also when done again.
func TestMutationsKeepTheMeaning(t *testing.T) {
	for _, m := range mutations {
		for _, s := range stanzas {
			checkMutated(t, m, []byte(s))
		}
	}
}

func checkMutated(t *testing.T, m mutation, text []byte) {
	t.Helper()
	if m.cut != nil {
		last := 0
		at, _ := m.cut(text, &Rule{})
		for _, i := range at {
			if i <= last || i >= len(text) {
				t.Errorf("%s cuts %q at %d", m.name, text, i)
			}
			last = i
		}
		return
	}
	want, now := meaning(t, text), text
	for range 2 {
		var tree xmlstream.Tree
		n := tree.Parse(now, xmlstream.MidStream("jabber:client"), xmlstream.Options{})
		now = m.write(now, n)
		if got := meaning(t, now); got != want {
			t.Errorf("%s makes of\n%s\n%s\nwhich means\n%s\nand not\n%s", m.name, text, now, got, want)
		}
	}
}

// The same on elements that chance makes.
func TestMutationsKeepTheMeaningOfAnything(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		text := []byte(anyElement(r, 0))
		for _, m := range mutations {
			checkMutated(t, m, text)
		}
	}
}

func anyElement(r *rand.Rand, depth int) string {
	pick := func(all ...string) string { return all[r.IntN(len(all))] }
	text := func() string { return pick("", "a", " ", "&lt;", "&#x41;", "ü", "]]&gt;", "\n", "&quot;'", "]") }
	name, open := pick("iq", "message", "x:a", "stream:b"), ""
	if strings.HasPrefix(name, "x:") {
		open = pick(" xmlns:x='urn:x'", " xmlns:x=\"urn:y\"")
	} else if r.IntN(3) == 0 && !strings.Contains(name, ":") {
		open = pick(" xmlns='urn:z'", " xmlns=''", " xmlns = \"jabber:client\"")
	}
	if r.IntN(2) == 0 {
		open += pick(" id='1'", " to=\"a'b\"", " to = 'a&amp;b'", " xml:lang='en'")
	}
	if r.IntN(4) == 0 {
		return "<" + name + open + pick("/>", " />", "></"+name+">")
	}
	var b strings.Builder
	b.WriteString("<" + name + open + ">")
	for range r.IntN(4) {
		b.WriteString(text())
		if depth < 4 {
			b.WriteString(anyElement(r, depth+1))
		}
		if r.IntN(5) == 0 {
			b.WriteString("<![CDATA[" + pick("", "<", "]", "a") + "]]>")
		}
	}
	b.WriteString("</" + name + pick("", " ") + ">")
	return b.String()
}
