package exercise

import (
	"slices"
	"strings"

	"xmppscope/decode/explain"
	"xmppscope/decode/sasl"
)

// mostFields is how many fields a learner is asked to type.
const mostFields = 3

// longestField is how long a value may be that is to be typed, in bytes.
const longestField = 40

// logins asks for what is inside the messages of a login.
func logins(r *recording) (all []task) {
	for _, row := range r.rows {
		e := r.event(row)
		if e.SASL == nil || len(e.SASL.Messages) == 0 {
			continue
		}
		i := len(e.SASL.Messages) - 1
		m := &e.SASL.Messages[i]
		if len(m.Base64) == 0 || len(m.Data) == 0 || m.Unsound || len(m.Faults) > 0 {
			continue
		}
		t := task{Kind: "decode", title: "Take it apart", Given: string(m.Base64), Fields: map[string]string{},
			text:  "The base64 of this message hides nothing: it only makes bytes printable.",
			Hints: []string{"Decode the base64 first: the tab SASL does it, and so does `base64 -d`.", "", ""}}
		fields := sasl.Decode(e.SASL, i).Fields
		if !r.secrets && slices.ContainsFunc(fields, func(f sasl.Field) bool { return f.Secret }) {
			continue // the task itself would tell
		}
		for _, f := range fields {
			if len(t.Fields) == mostFields || f.Value == "" || len(f.Value) > longestField || t.Fields[f.Name] != "" || !printable(f.Value) {
				continue
			}
			t.Fields[f.Name] = f.Value
			if f.Secret {
				t.Secret = append(t.Secret, f.Name)
			} else {
				t.Hints[2] += f.Name + " is " + f.Value + ". "
			}
			t.Hints[1] += f.Name + ": " + f.Meaning + ". "
		}
		if len(t.Fields) == 0 {
			continue
		}
		t.Hints[1], t.Hints[2] = strings.TrimSpace(t.Hints[1]), strings.TrimSpace(t.Hints[2])
		if t.Hints[2] == "" {
			t.Hints[2] = "It is what stands between the zero bytes."
		}
		if ref := explain.Event(e).Ref; !ref.IsZero() {
			t.after = "How the message is made is told in " + ref.String() + "."
		}
		r.at(&t, row)
		all = append(all, t)
	}
	return all
}

// printable tells whether a text can be typed.
func printable(s string) bool {
	for _, c := range s {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}
