package live

import "strings"

// Faults is what a practice server behind open connections can do wrong, on
// demand.
type Faults interface {
	// Faults are all that there are.
	Faults() []Fault
	// Switch turns one on or off, for open connections too; behind its name may
	// stand a number, as in dead=2000.
	Switch(name string, on bool) error
}

// Fault is one thing that a practice server can do wrong.
type Fault struct {
	// Name is what it is called, About what it is, Found the rule or condition
	// that tells of it.
	Name, About, Found string
	// Number is what it is with, where no other is given; 0 where it takes none.
	Number int
	On     bool
}

// Toggle turns a fault on, or off where it is on and no number is given. It
// tells which.
func Toggle(f Faults, arg string) (on bool, err error) {
	name, _, numbered := strings.Cut(arg, "=")
	on = true
	for _, x := range f.Faults() {
		if x.Name == name && x.On && !numbered {
			on = false
		}
	}
	return on, f.Switch(arg, on)
}
