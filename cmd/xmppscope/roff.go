package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manDate stands in every page, so that pages change only when their text does.
const manDate = "2026-11-21"

// manPage is one page: the name of its file and its text for man(1).
type manPage struct {
	name string
	text []byte
}

// manPages writes a page for the program and each visible command.
func manPages(root *cobra.Command) []manPage {
	pages := []manPage{onePage(root, root)}
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			pages = append(pages, onePage(root, c))
		}
	}
	return pages
}

func onePage(root, c *cobra.Command) manPage {
	name := strings.ReplaceAll(c.CommandPath(), " ", "-")
	r := &roff{}
	fmt.Fprintf(r, ".TH %q 1 %q %q %q\n", strings.ToUpper(name), manDate, "xmppscope "+version, "User Commands")
	r.section("Name")
	r.text(name + " - " + c.Short)
	r.section("Synopsis")
	r.bold(synopsis(c))
	r.section("Description")
	long := c.Long
	if long == "" {
		long = c.Short + "."
	}
	r.text(long)
	if c == root {
		r.section("Commands")
		for _, s := range root.Commands() {
			if s.IsAvailableCommand() && s.Name() != "help" {
				r.item(s.Use, s.Short)
			}
		}
	}
	r.flags("Options", c.NonInheritedFlags())
	r.flags("Common options", c.InheritedFlags())
	if c.Example != "" {
		r.section("Examples")
		r.verbatim(c.Example)
	}
	if c == root {
		r.closing()
	}
	r.section("See also")
	r.text(seeAlso(root, c))
	return manPage{name + ".1", r.Bytes()}
}

func synopsis(c *cobra.Command) string {
	if !c.HasParent() {
		return "xmppscope [COMMAND] [FLAGS]"
	}
	return "xmppscope " + c.Use + " [FLAGS]"
}

func seeAlso(root, c *cobra.Command) string {
	if c != root {
		return "xmppscope(1)"
	}
	var all []string
	for _, s := range root.Commands() {
		if s.IsAvailableCommand() && s.Name() != "help" {
			all = append(all, "xmppscope-"+s.Name()+"(1)")
		}
	}
	return strings.Join(append(all, "tcpdump(1)", "pcap-filter(7)"), ", ")
}

// closing holds what is true of all commands and stands on the first page.
func (r *roff) closing() {
	r.section("Exit status")
	r.item("0", "done")
	r.item("2", "wrong usage")
	r.item("3", "an input cannot be read")
	r.section("Files")
	r.item("$XDG_CONFIG_HOME/xmppscope/config.toml", "defaults of any flag: NAME = VALUE for all commands, or under [COMMAND] for one")
	r.section("Environment")
	r.item("NO_COLOR", "when set, text has no colour unless --color always asks for it")
}

// roff writes the macros of man(7).
type roff struct{ bytes.Buffer }

func (r *roff) section(name string) { fmt.Fprintf(r, ".SH %s\n", strings.ToUpper(name)) }

func (r *roff) text(s string) {
	for i, para := range strings.Split(s, "\n\n") {
		if i > 0 {
			r.WriteString(".PP\n")
		}
		r.WriteString(escapeRoff(strings.TrimSpace(para)) + "\n")
	}
}

func (r *roff) bold(s string) { r.WriteString("\\fB" + escapeRoff(s) + "\\fR\n") }

func (r *roff) item(term, text string) {
	r.WriteString(".TP\n")
	r.bold(term)
	r.WriteString(escapeRoff(text) + "\n")
}

func (r *roff) verbatim(s string) {
	r.WriteString(".nf\n" + escapeRoff(s) + "\n.fi\n")
}

func (r *roff) flags(title string, set *pflag.FlagSet) {
	if !set.HasAvailableFlags() {
		return
	}
	r.section(title)
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, text := pflag.UnquoteUsage(f)
		term := "--" + f.Name
		if f.Shorthand != "" {
			term = "-" + f.Shorthand + ", " + term
		}
		if value != "" {
			term += " " + value
		}
		if d := f.DefValue; d != "" && d != "false" && d != "0" && d != "[]" {
			text += " (default " + d + ")"
		}
		r.item(term, text)
	})
}

// escapeRoff keeps text from being read as requests.
func escapeRoff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}
