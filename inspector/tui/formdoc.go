package tui

import "context"

// Form is something to begin that has choices of its own, such as a proxy. What
// it does, and what may be chosen, lies with whoever made it.
type Form struct {
	// Group, Name, Title and About are as those of a Choice.
	Group, Name, Title, About string
	// Intro is a line above the fields.
	Intro  string
	Fields []FormField
	// Values are what stands in the fields at first, by the names of these,
	// where that is not the default.
	Values map[string][]string
	// Start is the word on the button, such as "start the proxy".
	Start string
	// Direct begins without asking; the fields are shown only where a person
	// wants them.
	Direct bool
	// Line is the command line that values stand for. Secrets are not in it.
	Line func(values map[string][]string) string
	// Run begins it: a source to look at, or a text to be read. It runs in a
	// goroutine of its own and ends soon after ctx does. Where the error is a
	// *FormError it is shown at its field.
	Run func(ctx context.Context, values map[string][]string) (*Source, string, error)
}

// FieldKind says how a field is filled in.
type FieldKind uint8

// The kinds of fields.
const (
	FieldText   FieldKind = iota
	FieldSwitch           // yes or no; its value is "true" or nothing
	FieldChoice           // one of Choices, "" for the default
	FieldFile             // Tab completes the name
	FieldFilter           // an expression of inspector.Compile
	FieldBreak            // an expression of gate.ParseBreak
	FieldSecret           // shown as dots, but for what stands before the first =
)

// FormField is one thing that can be chosen.
type FormField struct {
	// Name is unique in the form, Holder stands in its place while it is empty,
	// Help is a line about it.
	Name, Holder, Help string
	// Default is what it has where nothing is filled in.
	Default []string
	Kind    FieldKind
	Choices []string
	// Many takes several values, each on a line of its own.
	Many bool
}

// FormError says what is wrong with a form, and at which field.
type FormError struct {
	Field      string // empty where it is no field's
	Text, Hint string
}

func (e *FormError) Error() string { return e.Text }
