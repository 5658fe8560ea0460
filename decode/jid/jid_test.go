package jid

import (
	"strings"
	"testing"
)

// The addresses of RFC 7622 §3.5, table 1, and more that are right.
func TestRightAddresses(t *testing.T) {
	for _, c := range []struct{ text, local, domain, resource string }{
		{"juliet@example.com", "juliet", "example.com", ""},
		{"juliet@example.com/foo", "juliet", "example.com", "foo"},
		{"juliet@example.com/foo bar", "juliet", "example.com", "foo bar"},
		{"juliet@example.com/foo@bar", "juliet", "example.com", "foo@bar"},
		{`foo\20bar@example.com`, `foo\20bar`, "example.com", ""},
		{"fussball@example.com", "fussball", "example.com", ""},
		{"fu\u00DFball@example.com", "fu\u00DFball", "example.com", ""},
		{"\u03C0@example.com", "\u03C0", "example.com", ""},
		{"\u03A3@example.com/foo", "\u03C3", "example.com", "foo"},
		{"\u03C3@example.com/foo", "\u03C3", "example.com", "foo"},
		{"\u03C2@example.com/foo", "\u03C2", "example.com", "foo"},
		{"king@example.com/\u265A", "king", "example.com", "\u265A"},
		{"example.com", "", "example.com", ""},
		{"example.com/foobar", "", "example.com", "foobar"},
		{"a.example.com/b@example.net", "", "a.example.com", "b@example.net"},
		// The table of wrong ones has this, against the rules (erratum 4560).
		{"juliet@example.com/ foo", "juliet", "example.com", " foo"},

		{"Juliet@Example.COM/Balcony", "juliet", "example.com", "Balcony"},
		{"juliet@example.com.", "juliet", "example.com", ""},
		{"\uFF4A\uFF55\uFF4C@example.com", "jul", "example.com", ""}, // wide letters
		{"ju\u0308liet@example.com", "j\u00FCliet", "example.com", ""},
		{"l\u00B7l@example.com", "l\u00B7l", "example.com", ""}, // only between two l
		{"juliet@b\u00FCcher.example", "juliet", "b\u00FCcher.example", ""},
		{"juliet@xn--bcher-kva.example", "juliet", "b\u00FCcher.example", ""},
		{"juliet@B\u00DCCHER.example", "juliet", "b\u00FCcher.example", ""},
		{"juliet@b\u00FCcher\u3002example", "juliet", "b\u00FCcher.example", ""},
		{"\u05D0\u05D1@example.com", "\u05D0\u05D1", "example.com", ""},
		{"juliet@localhost", "juliet", "localhost", ""},
		{"juliet@192.0.2.1", "juliet", "192.0.2.1", ""},
		{"juliet@[2001:DB8::1]/a", "juliet", "[2001:db8::1]", "a"},
		{"a_b.example.com", "", "a_b.example.com", ""},
		{"juliet@example.com//", "juliet", "example.com", "/"},
		{"juliet@example.com/\u00A0a", "juliet", "example.com", " a"}, // OpaqueString maps spaces
		{strings.Repeat("a", 1023) + "@example.com", strings.Repeat("a", 1023), "example.com", ""},
	} {
		got, err := Parse(c.text)
		want := JID{c.local, c.domain, c.resource}
		if err != nil || got != want {
			t.Errorf("%.60q is %+v %v, want %+v", c.text, got, err, want)
		}
		if again, err := Parse(got.String()); err != nil || again != got {
			t.Errorf("%.60q: its normal form %q is not one: %+v %v", c.text, got, again, err)
		}
	}
}

// The texts of RFC 7622 §3.5, table 2, and more that are wrong.
func TestWrongAddresses(t *testing.T) {
	for _, c := range []struct {
		text     string
		part     Part
		pos, end int
		why      string
	}{
		{`"juliet"@example.com`, Localpart, 0, 1, `XEP-0106 writes it as \22`},
		{"foo bar@example.com", Localpart, 3, 4, `XEP-0106 writes it as \20`},
		{"@example.com/", Localpart, 0, 0, "nothing stands before the @"},
		{"henry\u2163@example.com", Localpart, 5, 8, "U+2163"},
		{"\u265A@example.com", Localpart, 0, 3, "U+265A"},
		{"juliet@", Domainpart, 7, 7, "no domain"},
		{"/foobar", Domainpart, 0, 0, "no domain"},

		{"", Domainpart, 0, 0, "no domain"},
		{"juliet@example.com/", Resourcepart, 19, 19, "nothing stands behind the slash"},
		{"juliet@capulet@example.com", Domainpart, 14, 15, "the character @"},
		{"ju\u200Bliet@example.com", Localpart, 2, 5, "cannot be seen"},
		{"a\u00B7b@example.com", Localpart, 1, 3, "only beside certain other"},
		{"\u05D0b@example.com", Localpart, 0, 3, "from right to left"},
		{"juliet@exa mple.com", Domainpart, 10, 11, "space"},
		{"juliet@example..com", Domainpart, 15, 15, "empty label"},
		{"juliet@.example.com", Domainpart, 7, 7, "empty label"},
		{"juliet@-example.com", Domainpart, 7, 15, "hyphen"},
		{"juliet@ex--ample.com", Domainpart, 7, 16, "reserved"},
		{"juliet@xn--a.com", Domainpart, 7, 12, "stands for no name"},
		{"juliet@\u265A.com", Domainpart, 7, 10, "U+265A"},
		{"juliet@2001:db8::1", Domainpart, 7, 18, "brackets"},
		{"juliet@[nonsense]", Domainpart, 7, 17, "IPv6"},
		{"juliet@" + strings.Repeat("a", 64) + ".com", Domainpart, 7, 71, "64 octets"},
		{"juliet@" + strings.Repeat("a.", 130) + "com", Domainpart, 7, 270, "253 are allowed"},
		{"juliet@example.com/\x00", Resourcepart, 19, 20, "control character"},
		{"juliet@example.com/a\u202Eb", Resourcepart, 20, 23, "cannot be seen"},
		{"juliet@example.com/\xff", Resourcepart, 19, 20, "UTF-8"},
		{strings.Repeat("a", 1024) + "@example.com", Localpart, 1023, 1024, "1023 are allowed"},
		{strings.Repeat("a", 1<<20), Whole, maxText, 1 << 20, "far too long"},
	} {
		a := Read(c.text)
		if len(a.Faults) == 0 {
			t.Errorf("%.40q is taken for right: %+v", c.text, a.JID())
			continue
		}
		f := a.Faults[0]
		if f.Part != c.part || f.Pos != c.pos || f.End != c.end || !strings.Contains(f.Text, c.why) || !f.Ref.Known() {
			t.Errorf("%.40q: %s at %d to %d: %s (%v), want %s at %d to %d: … %s …", c.text, f.Part, f.Pos, f.End, f.Text, f.Ref, c.part, c.pos, c.end, c.why)
		}
		if _, err := Parse(c.text); err == nil || err.Error() != f.Error() {
			t.Errorf("%.40q: Parse says %v", c.text, err)
		}
	}
}

func TestRemarks(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"juliet@example.com/balcony", ""},
		{"juliet@example.com.", "the dot at the end"},
		{"juliet@192.0.2.1", "an IP address"},
		{"juliet@[::1]", "an IP address"},
		{"a_b.example.com", "underscore"},
		{"xn--bcher-kva.example", "stands for b\u00FCcher"},
		{"juliet@example.com/ a", "begins or ends with a space"},
		{"jul\u0456et@example.com", "Latin and Cyrillic"},
		{"juliet@ex\u0430mple.com", "Latin and Cyrillic"},
		{"juliet@xn--exmple-4nf.com", "Latin and Cyrillic"},
	} {
		a := Read(c.text)
		var all []string
		for _, r := range a.Remarks {
			all = append(all, r.Text)
		}
		got := strings.Join(all, "; ")
		if len(a.Faults) > 0 || !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%q: faults %v, remarks %q, want %q", c.text, a.Faults, got, c.want)
		}
	}
}

func TestForms(t *testing.T) {
	for text, want := range map[string]string{"a@b/c": "full address", "a@b": "bare address", "b": "domain", "b/c": "domain with a resource"} {
		if j, err := Parse(text); err != nil || j.Form() != want {
			t.Errorf("%s is a %s, %v; want %s", text, j.Form(), err, want)
		}
	}
	if j, _ := Parse("A@B/C"); j.Bare().String() != "a@b" {
		t.Errorf("the bare address is %s", j.Bare())
	}
}

// What is in its normal form already costs nothing.
func TestPlainAddressesCostNothing(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { Parse("juliet@example.com/balcony") }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
