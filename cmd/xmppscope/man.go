package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

func newMan(e *env) *cobra.Command {
	return &cobra.Command{
		Use:     "man DIR",
		Short:   "Write the manual pages into a directory",
		Long:    "Writes one manual page a command into DIR, which is made where it does not exist. The same program always writes the same bytes.",
		Example: "  xmppscope man ~/.local/share/man/man1",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(c.Name(), "takes the directory for the pages", "xmppscope man DIR")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return cannot(args[0], err)
			}
			for _, p := range manPages(c.Root()) {
				path := filepath.Join(args[0], p.name)
				if err := os.WriteFile(path, p.text, 0o644); err != nil {
					return cannot(path, err)
				}
			}
			return nil
		},
	}
}
