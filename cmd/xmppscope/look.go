package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"xmppscope/inspector/tui"
)

// look is how the screen is to look.
type look struct {
	skin  string
	ascii bool
}

// addTo adds the flags of the screen's looks.
func (l *look) addTo(f *pflag.FlagSet) {
	f.StringVar(&l.skin, "skin", "", "colours of the screen: `NAME` is one of "+strings.Join(tui.Skins(), ", ")+" (default what was chosen there last)")
	f.BoolVar(&l.ascii, "ascii", false, "draw with ASCII characters only, for terminals and fonts that lack others")
}

// complete offers the names of skins to c and everything below it.
func (l *look) complete(c *cobra.Command) {
	for _, c := range append(c.Commands(), c) {
		if c.Flags().Lookup("skin") != nil {
			completeFrom(c, "skin", tui.Skins()...)
		}
	}
}

// check says what is wrong with the flags.
func (l *look) check() error {
	if l.skin != "" && !slices.Contains(tui.Skins(), l.skin) {
		return usage("--skin", fmt.Sprintf("%q is no skin", l.skin), "one of "+strings.Join(tui.Skins(), ", "))
	}
	return nil
}
