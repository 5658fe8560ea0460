package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// shells are those that cobra can write a completion script for.
var shells = [...]struct {
	name  string
	write func(*cobra.Command, io.Writer) error
}{
	{"bash", func(c *cobra.Command, w io.Writer) error { return c.GenBashCompletionV2(w, true) }},
	{"zsh", func(c *cobra.Command, w io.Writer) error { return c.GenZshCompletion(w) }},
	{"fish", func(c *cobra.Command, w io.Writer) error { return c.GenFishCompletion(w, true) }},
	{"powershell", func(c *cobra.Command, w io.Writer) error { return c.GenPowerShellCompletionWithDesc(w) }},
}

func newCompletion(e *env) *cobra.Command {
	var names []string
	for _, s := range shells {
		names = append(names, s.name)
	}
	return &cobra.Command{
		Use:       "completion SHELL",
		Short:     "Write the completion script for a shell: " + strings.Join(names, ", "),
		Example:   "  xmppscope completion bash > /etc/bash_completion.d/xmppscope\n  source <(xmppscope completion zsh)",
		Args:      oneOf("a shell", names),
		ValidArgs: names,
		RunE: func(c *cobra.Command, args []string) error {
			for _, s := range shells {
				if s.name == args[0] {
					return s.write(c.Root(), e.out)
				}
			}
			return nil
		},
	}
}

// oneOf wants exactly one argument out of a list.
func oneOf(what string, names []string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		hint := "one of " + strings.Join(names, ", ")
		if len(args) != 1 {
			return usage(c.Name(), fmt.Sprintf("takes %s, has %d arguments", what, len(args)), hint)
		}
		for _, n := range names {
			if n == args[0] {
				return nil
			}
		}
		return usage(c.Name(), args[0]+" is not known", hint)
	}
}
