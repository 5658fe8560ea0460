package explain

import (
	"strings"
	"testing"
)

func TestAddress(t *testing.T) {
	for _, c := range []struct{ text, says, parts, wrong string }{
		{"juliet@example.com/balcony", "one connection of the account juliet@example.com", "localpart domainpart resourcepart", ""},
		{"juliet@example.com", "the account itself", "localpart domainpart", ""},
		{"example.com", "The address of a domain", "domainpart", ""},
		{"example.com/x", "a part of the service example.com", "domainpart resourcepart", ""},
		{"@", "This is no address", "localpart domainpart", "nothing stands before the @"},
		{"a b@c/\x00", "This is no address", "localpart domainpart resourcepart", "a space may not stand"},
	} {
		x := Address(c.text)
		var parts []string
		for _, p := range x.Parts {
			parts = append(parts, p.Name)
			sentence(t, c.text, p.Text)
		}
		sentence(t, c.text, x.Text)
		if !strings.Contains(x.Text, c.says) || strings.Join(parts, " ") != c.parts || !x.Ref.Known() {
			t.Errorf("%q: %q, parts %v", c.text, x.Text, parts)
		}
		if (len(x.Faults) == 0) != (c.wrong == "") || c.wrong != "" && !strings.Contains(x.Faults[0].Text, c.wrong) {
			t.Errorf("%q: faults %+v, want %q", c.text, x.Faults, c.wrong)
		}
		for _, m := range append(x.Faults, x.Remarks...) {
			sentence(t, c.text, m.Text)
		}
	}
}

func TestAddressTellsItsNormalForm(t *testing.T) {
	x := Address("Juliet@B\u00dcCHER.example/A")
	all := x.Expect
	for _, p := range x.Parts {
		all += " " + p.Text
	}
	for _, want := range []string{"it is juliet@b\u00fccher.example/A.", "Its normal form is juliet.", "in A-labels: xn--bcher-kva.example.", "It has \u00dc (U+00DC)."} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not in %q", want, all)
		}
	}
	if x := Address("juliet@example.com/A"); x.Expect != "" {
		t.Errorf("a normal form is told again: %s", x.Expect)
	}
	if x := Address(`\20a\27b@example.com`); !strings.Contains(x.Parts[0].Text, "a'b\u201d") || !strings.Contains(x.Parts[0].Text, "may not stand at its beginning") {
		t.Errorf("escapes: %s", x.Parts[0].Text)
	}
}

func TestAddressLike(t *testing.T) {
	for text, want := range map[string]bool{"a@b": true, "@": true, "example.com": true, "b/c": true, "starttls": false, "urn:xmpp:mam:2": false,
		"http://jabber.org/protocol/muc": false, "<a@b>": false, "": false, "..": false} {
		if AddressLike(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

func TestLink(t *testing.T) {
	for _, c := range []struct{ text, parts, says, wrong string }{
		{"xmpp:a@b", "scheme|address|  localpart|  domainpart", "Whom the link is about", ""},
		{"xmpp://me@d/a@b?join;password=x#f", "scheme|account|  localpart|  domainpart|address|  localpart|  domainpart|action|key password|fragment", "join the room", ""},
		{"xmpp:a@b?roster;name=Romeo%20M;group=x", "scheme|address|  localpart|  domainpart|action|key name|key group", "The group to sort it into.", ""},
		{"xmpp:a@b?shout;loud=1", "scheme|address|  localpart|  domainpart|action|key loud", "No key that is defined", ""},
		{"xmpp:a@b?", "scheme|address|  localpart|  domainpart|action", "Nothing stands behind", ""},
		{"xmpp:a@b?message;omemo-sid-1=ff", "scheme|address|  localpart|  domainpart|action|key omemo-sid-1", "fingerprint", ""},
		{"xmpp:a b@c", "scheme|address|  localpart|  domainpart", "", "Of the address, in the localpart: a space"},
		{"xmpp:", "scheme", "", "It names no address."},
	} {
		x := Link(c.text)
		var parts, says []string
		for _, p := range x.Parts {
			parts, says = append(parts, p.Name), append(says, p.Text)
			sentence(t, c.text, p.Text)
		}
		if got := strings.Join(parts, "|"); got != c.parts || !strings.Contains(strings.Join(says, " "), c.says) {
			t.Errorf("%s has the parts %s: %q", c.text, got, says)
		}
		if (len(x.Faults) == 0) != (c.wrong == "") || c.wrong != "" && !strings.Contains(x.Faults[0].Text, c.wrong) {
			t.Errorf("%s: faults %+v, want %q", c.text, x.Faults, c.wrong)
		}
	}
}
