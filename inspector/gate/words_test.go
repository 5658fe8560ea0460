package gate

import (
	"reflect"
	"slices"
	"testing"
)

// TestSettingsAreThoseThatAreRead: every setting has words, in the type's order
// or another, and no words are of a setting that is gone.
func TestSettingsAreThoseThatAreRead(t *testing.T) {
	var read, told []string
	typ := reflect.TypeFor[written]()
	for i := range typ.NumField() {
		read = append(read, typ.Field(i).Tag.Get("toml"))
	}
	for _, w := range Settings() {
		if told = append(told, w.Name); w.Doc == "" {
			t.Errorf("%s has no words", w.Name)
		}
	}
	slices.Sort(read)
	slices.Sort(told)
	if !slices.Equal(read, told) {
		t.Errorf("told are %v, read are %v", told, read)
	}
}
