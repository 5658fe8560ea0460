package spec

import (
	"slices"
	"strings"
)

// Doc is one document of the table.
type Doc struct {
	ID    string // "RFC 6120", "XEP-0198", the name of a draft, "XML 1.0"
	Title string
	URL   string
}

// Docs lists every document the program may cite, sorted by ID. The slice is
// a copy.
func Docs() []Doc { return slices.Clone(docs) }

func find(id string) Doc {
	i, ok := slices.BinarySearchFunc(docs, id, func(d Doc, id string) int { return strings.Compare(d.ID, id) })
	if !ok {
		return Doc{}
	}
	return docs[i]
}

// docs is built once and never written again. IDs sort as text, which for the
// zero-padded XEP numbers is also the order of their numbers.
var docs = join(rfcs, xeps, others)

func join(parts ...[]Doc) []Doc {
	all := slices.Concat(parts...)
	slices.SortFunc(all, func(a, b Doc) int { return strings.Compare(a.ID, b.ID) })
	return all
}

func rfc(n int, title string) Doc {
	id := RFC(n, "").Doc
	return Doc{ID: id, Title: title, URL: "https://www.rfc-editor.org/rfc/rfc" + strings.TrimPrefix(id, "RFC ")}
}

func xep(n int, title string) Doc {
	id := XEP(n, "").Doc
	return Doc{ID: id, Title: title, URL: "https://xmpp.org/extensions/" + strings.ToLower(id) + ".html"}
}

func draft(name, title string) Doc {
	return Doc{ID: name, Title: title, URL: "https://datatracker.ietf.org/doc/html/" + name}
}

// others are the documents that are neither RFC nor XEP.
var others = []Doc{
	{"XML 1.0", "Extensible Markup Language (XML) 1.0 (Fifth Edition)", "https://www.w3.org/TR/xml/"},
	{"XML Namespaces 1.0", "Namespaces in XML 1.0 (Third Edition)", "https://www.w3.org/TR/xml-names/"},
	draft("draft-cridland-xmpp-session", "Here Lies Extensible Messaging and Presence Protocol (XMPP) Session Establishment"),
	draft("draft-ietf-kitten-sasl-ht", "The Hashed Token SASL Mechanism"),
	draft("draft-melnikov-scram-sha-512", "SCRAM-SHA-512 and SCRAM-SHA-512-PLUS Simple Authentication and Security Layer (SASL) Mechanisms"),
	draft("draft-melnikov-scram-sha3-512", "SCRAM-SHA3-512 and SCRAM-SHA3-512-PLUS Simple Authentication and Security Layer (SASL) Mechanisms"),
	draft("draft-murchison-sasl-login", "The LOGIN SASL Mechanism"),
	draft("draft-schmaus-kitten-sasl-ht-09", "The Hashed Token SASL Mechanism"),
}
