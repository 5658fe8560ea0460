package course

import "slices"

// SecretFields are the fields of a step whose values are passwords: they are not
// shown where others may look on.
func SecretFields(t Task) []string {
	if d, ok := t.(*taken); ok {
		return slices.Clone(d.secret)
	}
	return slices.Clone(askedElsewhere(t).Secret)
}
