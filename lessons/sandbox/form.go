package sandbox

import (
	"strings"

	"xmppscope/decode/xmlstream"
)

// field is one of a data form (XEP-0004 §3.2).
type field struct {
	name, kind, label string
	values            []string
}

// form writes a data form of a type.
func form(kind, about, title string, fields ...field) string {
	var b strings.Builder
	if title != "" {
		b.WriteString(text(title, "title"))
	}
	b.WriteString(element(text(about, "value"), "field", "var", "FORM_TYPE", "type", "hidden"))
	for _, f := range fields {
		var values strings.Builder
		for _, v := range f.values {
			values.WriteString(text(v, "value"))
		}
		b.WriteString(element(values.String(), "field", "var", f.name, "type", f.kind, "label", f.label))
	}
	return element(b.String(), "x", "xmlns", nsForms, "type", kind)
}

// boolean is the value of a boolean field.
func boolean(v bool) []string {
	if v {
		return []string{"1"}
	}
	return []string{"0"}
}

// submitted reads the values of a form that was filled in; nil where there is
// none.
func submitted(payload *xmlstream.Node) map[string][]string {
	x := payload.Child(nsForms, "x")
	if x == nil {
		return nil
	}
	all := map[string][]string{}
	for f := range x.Children() {
		name, _ := f.Attr("var")
		if f.Name != (xmlstream.Name{Space: nsForms, Local: "field"}) || name == "" {
			continue
		}
		var values []string
		for v := range f.Children() {
			if v.Name.Local == "value" {
				values = append(values, v.Text())
			}
		}
		all[name] = values
	}
	return all
}

// first is the first value of a field, or nothing.
func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// truth is the first value as a boolean.
func truth(values []string) bool { return first(values) == "1" || first(values) == "true" }
