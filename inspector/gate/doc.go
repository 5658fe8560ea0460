// Package gate is what decides about the units of live connections: rules from
// a file, breakpoints, and a person who steps. It stands behind proxy.Gate.
//
// It knows filters, elements and what may be done with them. It must not know
// sockets, screens, or how a decision is carried out.
//
//	rule.go     what a rule is
//	file.go     rules from TOML
//	act.go      what each action makes of a unit: one line in a table
//	edit.go     changing one place of an element and no other byte
//	mutate.go   other bytes with the same meaning: one line in a table
//	breaks.go   breakpoints
//	gate.go     all of them, in their order
//
// Rules come first, in the order of the file; what they let pass may be held by
// a breakpoint or a step.
package gate
