package spec

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestTableIsSortedUniqueAndWhole(t *testing.T) {
	all := Docs()
	if len(all) < 150 {
		t.Fatalf("only %d documents", len(all))
	}
	id := regexp.MustCompile(`^(RFC [1-9][0-9]*|XEP-[0-9]{4}|draft-[a-z0-9-]+|XML( Namespaces)? 1\.0)$`)
	for i, d := range all {
		if i > 0 && all[i-1].ID >= d.ID {
			t.Errorf("%q does not sort after %q", d.ID, all[i-1].ID)
		}
		if !id.MatchString(d.ID) {
			t.Errorf("%q is no form of ID", d.ID)
		}
		if d.Title == "" || strings.TrimSpace(d.Title) != d.Title {
			t.Errorf("%s has the title %q", d.ID, d.Title)
		}
		if !strings.HasPrefix(d.URL, "https://") {
			t.Errorf("%s has the address %q", d.ID, d.URL)
		}
		if r := (Ref{Doc: d.ID}); !r.Known() || r.Title() != d.Title {
			t.Errorf("%s is not found in its own table", d.ID)
		}
	}
	for _, part := range [][]Doc{rfcs, xeps, others} {
		// Source order: RFCs by number, which is not text order.
		if !slices.IsSortedFunc(part, func(a, b Doc) int {
			return strings.Compare(number(a.ID), number(b.ID))
		}) {
			t.Errorf("the part beginning with %s is not in order", part[0].ID)
		}
	}
}

func number(id string) string {
	if n, ok := strings.CutPrefix(id, "RFC "); ok {
		return strings.Repeat("0", 5-len(n)) + n
	}
	return id
}

func TestDocsIsACopy(t *testing.T) {
	Docs()[0].Title = "changed"
	if Docs()[0].Title == "changed" {
		t.Error("a caller can write into the table")
	}
}

func TestRef(t *testing.T) {
	for _, c := range []struct {
		ref        Ref
		text, addr string
		known      bool
	}{
		{RFC(6120, "5.4.2.1"), "RFC 6120 §5.4.2.1", "https://www.rfc-editor.org/rfc/rfc6120#section-5.4.2.1", true},
		{RFC(6120, ""), "RFC 6120", "https://www.rfc-editor.org/rfc/rfc6120", true},
		{RFC(6121, "App. A"), "RFC 6121 App. A", "https://www.rfc-editor.org/rfc/rfc6121#appendix-A", true},
		{RFC(8446, "App. B.4"), "RFC 8446 App. B.4", "https://www.rfc-editor.org/rfc/rfc8446#appendix-B.4", true},
		{RFC(768, "1"), "RFC 768 §1", "https://www.rfc-editor.org/rfc/rfc768#section-1", false},
		{XEP(198, "3"), "XEP-0198 §3", "https://xmpp.org/extensions/xep-0198.html", true},
		{XEP(4, ""), "XEP-0004", "https://xmpp.org/extensions/xep-0004.html", true},
		{Draft("draft-schmaus-kitten-sasl-ht-09", "3"), "draft-schmaus-kitten-sasl-ht-09 §3", "https://datatracker.ietf.org/doc/html/draft-schmaus-kitten-sasl-ht-09", true},
		{W3C("XML Namespaces 1.0", "2.2"), "XML Namespaces 1.0 §2.2", "https://www.w3.org/TR/xml-names/", true},
		{RFC(1, "2"), "RFC 1 §2", "", false},
		{XEP(9999, ""), "XEP-9999", "", false},
		{Ref{}, "", "", false},
	} {
		if got := c.ref.String(); got != c.text {
			t.Errorf("String() = %q, want %q", got, c.text)
		}
		if got := c.ref.URL(); got != c.addr {
			t.Errorf("%v.URL() = %q, want %q", c.ref, got, c.addr)
		}
		if got := c.ref.Known(); got != c.known {
			t.Errorf("%v.Known() = %v", c.ref, got)
		}
		if (c.ref.Title() != "") != (c.addr != "") {
			t.Errorf("%v.Title() = %q", c.ref, c.ref.Title())
		}
		if got := c.ref.IsZero(); got != (c.text == "") {
			t.Errorf("%v.IsZero() = %v", c.ref, got)
		}
	}
	one, same, other := RFC(6120, "6"), RFC(6120, "6"), RFC(6120, "7")
	if one != same || one == other {
		t.Error("references do not compare by value")
	}
}
