package explain

import (
	"strings"

	"xmppscope/decode/spec"
)

// documentEntries are the documents that the program cites, each with the
// namespaces that it is about.
func documentEntries() []Entry {
	spaces := map[string][]string{}
	for _, s := range Namespaces() {
		spaces[s.Ref.Doc] = append(spaces[s.Ref.Doc], s.Space)
	}
	var all []Entry
	for _, d := range spec.Docs() {
		e := Entry{Name: d.ID, Sort: SortDocument, Text: "Its title is \u201c" + d.Title + "\u201d.", Ref: spec.Ref{Doc: d.ID}}
		switch own := spaces[d.ID]; len(own) {
		case 0:
		case 1:
			e.Text = say(e.Text, "It is about the namespace "+own[0]+".")
		default:
			e.Text = say(e.Text, "It is about the namespaces "+strings.Join(own, ", ")+".")
		}
		all = append(all, e)
	}
	return all
}

// documentAliases are other ways to write the name of a document: RFC6120,
// rfc-6120, XEP 198.
func documentAliases(id string) []string {
	low := strings.ToLower(id)
	for _, series := range [...]string{"rfc ", "xep-"} {
		if n, ok := strings.CutPrefix(low, series); ok {
			var all []string
			for _, number := range []string{n, strings.TrimLeft(n, "0")} {
				for _, sep := range []string{"", " ", "-"} {
					if alias := series[:3] + sep + number; alias != low {
						all = append(all, alias)
					}
				}
			}
			return all
		}
	}
	return nil
}
