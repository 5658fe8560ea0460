package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"xmppscope/lessons/sandbox"
)

// tellMisbehaviours lists what the practice server can do wrong, and what is
// found then.
func (e *env) tellMisbehaviours() error {
	for _, m := range sandbox.Misbehaviours() {
		name, found := m.Name, m.Rule
		if m.Number > 0 {
			name = fmt.Sprintf("%s=%d", name, m.Number)
		}
		if found == "" {
			found = m.Condition
		}
		if _, err := fmt.Fprintf(e.out, "%-40s %s\n%-40s found as %s\n", name, m.About, "", found); err != nil {
			return err
		}
	}
	return nil
}

// completeMisbehaviour completes the names of --misbehave.
func completeMisbehaviour(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	all := []string{"list"}
	for _, m := range sandbox.Misbehaviours() {
		all = append(all, m.Name+"\t"+m.About)
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}
