package spec

import "strings"

// outline lists the sections of a document that the program cites: one line
// each with number and title, in the order of the document. A line without a
// title stands for a section whose title is not on record here.
type outline struct {
	doc   string // a Doc.ID
	lines string
}

// Section is one section of a document.
type Section struct {
	Number string // as in Ref.Section
	Title  string // empty where it is not on record
}

// Sections lists the sections of the document with this ID that the program
// may cite, in the order of the document. The slice is the caller's own; it is
// nil where no section is cited.
func Sections(id string) []Section {
	var all []Section
	for line := range strings.SplitSeq(outlineOf(id), "\n") {
		if line != "" {
			all = append(all, parseSection(line))
		}
	}
	return all
}

// SectionTitle is the title of the section, empty where the reference is to a
// whole document or the title is not on record.
func (r Ref) SectionTitle() string {
	s, _ := r.section()
	return s.Title
}

// section finds the section in the outline of its document.
func (r Ref) section() (Section, bool) {
	if r.Section == "" {
		return Section{}, false
	}
	for line := range strings.SplitSeq(outlineOf(r.Doc), "\n") {
		if strings.HasPrefix(line, r.Section) {
			if s := parseSection(line); s.Number == r.Section {
				return s, true
			}
		}
	}
	return Section{}, false
}

func outlineOf(id string) string {
	for _, part := range [...][]outline{rfcSections, coreSections, xepSections, otherSections} {
		for i := range part {
			if part[i].doc == id {
				return part[i].lines
			}
		}
	}
	return ""
}

// parseSection parts a line of an outline: "5.2 Support", "App. A Title".
func parseSection(line string) Section {
	prefix := ""
	if rest, ok := strings.CutPrefix(line, appendix); ok {
		prefix, line = appendix, rest
	}
	number, title, _ := strings.Cut(line, " ")
	return Section{Number: prefix + number, Title: title}
}

// otherSections are of documents that are neither RFC nor XEP.
var otherSections = []outline{
	{"XML Namespaces 1.0", `
2.2 Use of URIs as Namespace Names
3 Declaring Namespaces
`},
	{"draft-schmaus-kitten-sasl-ht-09", `
3 The HT Authentication Exchange
`},
}
