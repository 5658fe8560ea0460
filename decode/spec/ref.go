// Package spec knows which documents define XMPP: their numbers, titles and
// addresses, and the sections of them that the program cites. Every reference
// the program shows is a value of this package.
//
// It knows nothing about bytes, elements or events, and imports no other room.
package spec

import (
	"fmt"
	"strconv"
	"strings"
)

// Ref points at a document, or at one section of it. It is comparable, so it
// can stand in tables and be a map key. The zero Ref points at nothing.
type Ref struct {
	Doc     string // a Doc.ID, for example "RFC 6120"
	Section string // "5.4.2.1", "App. A", or empty for the whole document
}

// RFC refers to a section of RFC n.
func RFC(n int, section string) Ref {
	return Ref{Doc: "RFC " + strconv.Itoa(n), Section: section}
}

// XEP refers to a section of the XMPP Extension Protocol numbered n. The
// published pages print no numbers, so sections are counted from 1.
func XEP(n int, section string) Ref {
	return Ref{Doc: fmt.Sprintf("XEP-%04d", n), Section: section}
}

// Draft refers to a section of an Internet-Draft by its full name.
func Draft(name, section string) Ref {
	return Ref{Doc: name, Section: section}
}

// W3C refers to a recommendation of the World Wide Web Consortium by the
// short name it has in Docs, for example "XML 1.0".
func W3C(name, section string) Ref {
	return Ref{Doc: name, Section: section}
}

// Parse reads a reference as [Ref.String] writes it: "RFC 6120 §5.4.2.1". It is
// false where that is not the form of one; whether there is such a section,
// [Ref.Known] tells.
func Parse(text string) (r Ref, ok bool) {
	if doc, section, cited := strings.Cut(text, " §"); cited {
		return Ref{doc, section}, doc != "" && section != ""
	}
	if doc, letter, cited := strings.Cut(text, " "+appendix); cited {
		return Ref{doc, appendix + letter}, doc != "" && letter != ""
	}
	return Ref{Doc: text}, text != ""
}

// String gives the reference as a person cites it: "RFC 6120 §5.4.2.1",
// "RFC 6121 App. A", "XEP-0198".
func (r Ref) String() string {
	switch {
	case r.Section == "":
		return r.Doc
	case strings.HasPrefix(r.Section, appendix):
		return r.Doc + " " + r.Section
	default:
		return r.Doc + " §" + r.Section
	}
}

// Title is the title of the document, empty when it is not known.
func (r Ref) Title() string { return find(r.Doc).Title }

// URL is the address of the document. For an RFC it leads to the section
// itself; the pages of other documents have no anchors that can be computed
// from a number. It is empty when the document is not known.
func (r Ref) URL() string {
	doc := find(r.Doc)
	if doc.URL == "" || r.Section == "" || !strings.HasPrefix(r.Doc, "RFC ") {
		return doc.URL
	}
	if letter, ok := strings.CutPrefix(r.Section, appendix); ok {
		return doc.URL + "#appendix-" + letter
	}
	return doc.URL + "#section-" + r.Section
}

// IsZero says that r points at nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// Known says that the document is in the table of this package and that the
// section, where one is named, is on record for it.
func (r Ref) Known() bool {
	if r.Section != "" {
		if _, ok := r.section(); !ok {
			return false
		}
	}
	return find(r.Doc).ID != ""
}

const appendix = "App. "
