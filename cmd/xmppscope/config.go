package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/adrg/xdg"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// configPath is where the defaults of flags stand.
func configPath() string { return filepath.Join(xdg.ConfigHome, "xmppscope", "config.toml") }

// statePath is where the screen remembers how it was left.
func statePath() string { return filepath.Join(xdg.StateHome, "xmppscope") }

// applyConfig gives the flags of c, where the command line does not set them,
// the values of config.toml. A key on the top level holds for every command
// that has the flag, a key in a table of the command's name for that command:
//
//	color = "never"
//	[dump]
//	json = true
func applyConfig(c *cobra.Command) error {
	text, err := os.ReadFile(configPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return cannot(configPath(), err)
	}
	f := configFile{path: configPath(), text: string(text)}
	keys := map[string]any{}
	if _, err := toml.Decode(f.text, &keys); err != nil {
		return f.syntax(err)
	}
	for _, name := range sorted(keys) {
		if err := f.top(c, name, keys[name]); err != nil {
			return err
		}
	}
	// The command's own table comes last: it overrides the top level.
	own, _ := keys[c.Name()].(map[string]any)
	for _, name := range sorted(own) {
		if err := f.set(c.Flags().Lookup(name), c.Name(), name, own[name]); err != nil {
			return err
		}
	}
	return nil
}

// configFile is the text of config.toml, kept to say where a fault stands.
type configFile struct{ path, text string }

// top handles one key of the top level: a flag, or a command's table, whose
// keys are checked whichever command runs.
func (f *configFile) top(c *cobra.Command, name string, value any) error {
	if table, ok := value.(map[string]any); ok {
		command := find(c.Root(), name)
		if command == nil {
			return f.fault("", name, "no command is named so", "")
		}
		for _, key := range sorted(table) {
			if command.Flag(key) == nil {
				return f.fault(name, key, "xmppscope "+name+" has no such flag", near(key, command))
			}
		}
		return nil
	}
	if !anyHas(c.Root(), name) {
		return f.fault("", name, "no command has such a flag", near(name, append(c.Root().Commands(), c.Root())...))
	}
	return f.set(c.Flag(name), "", name, value)
}

// set gives a flag its default; the command line wins.
func (f *configFile) set(flag *pflag.Flag, table, name string, value any) error {
	if flag == nil || flag.Changed {
		return nil
	}
	texts := []string{fmt.Sprint(value)}
	if list, ok := value.([]any); ok {
		texts = texts[:0]
		for _, v := range list {
			texts = append(texts, fmt.Sprint(v))
		}
	}
	if many, ok := flag.Value.(pflag.SliceValue); ok {
		if err := many.Replace(texts); err != nil {
			return f.fault(table, name, err.Error(), "")
		}
		return nil
	}
	if len(texts) != 1 {
		return f.fault(table, name, "takes one value, not a list", "")
	}
	if err := flag.Value.Set(texts[0]); err != nil {
		return f.fault(table, name, fmt.Sprintf("%q does not fit: %v", texts[0], err), "")
	}
	return nil
}

func (f *configFile) syntax(err error) error {
	var p toml.ParseError
	if errors.As(err, &p) {
		why := p.Message
		if why == "" {
			why = p.Error()
		}
		return usage(fmt.Sprintf("%s:%d:%d", f.path, p.Position.Line, p.Position.Col), why, "")
	}
	return usage(f.path, err.Error(), "")
}

func (f *configFile) fault(table, name, why, hint string) error {
	where := f.path
	if n := f.line(table, name); n > 0 {
		where = fmt.Sprintf("%s:%d", f.path, n)
	}
	return usage(where, name+": "+why, hint)
}

// line finds where a key or a table stands; 0 where it is written in a way
// that is not looked for.
func (f *configFile) line(table, name string) int {
	in := ""
	for i, l := range strings.Split(f.text, "\n") {
		l = strings.TrimSpace(l)
		if head, ok := strings.CutPrefix(l, "["); ok {
			in = strings.Trim(strings.TrimSpace(strings.SplitN(head, "]", 2)[0]), `"'`)
			if table == "" && in == name {
				return i + 1
			}
			continue
		}
		key, _, ok := strings.Cut(l, "=")
		key = strings.Trim(strings.TrimSpace(key), `"'`)
		if ok && (in == table && key == name || in == "" && table != "" && key == table+"."+name) {
			return i + 1
		}
	}
	return 0
}

func find(root *cobra.Command, name string) *cobra.Command {
	for _, c := range root.Commands() {
		if c.Name() == name {
			return c
		}
	}
	return nil
}

func anyHas(root *cobra.Command, flag string) bool {
	return root.Flag(flag) != nil || slices.ContainsFunc(root.Commands(), func(c *cobra.Command) bool { return c.Flag(flag) != nil })
}

// near offers the flags that the unknown one may be a slip for: a letter too
// many, or some missing.
func near(name string, commands ...*cobra.Command) string {
	found := map[string]any{}
	for _, c := range commands {
		visit := func(f *pflag.Flag) {
			if within(name, f.Name) || within(f.Name, name) {
				found[f.Name] = nil
			}
		}
		c.Flags().VisitAll(visit)
		c.InheritedFlags().VisitAll(visit)
	}
	if len(found) == 0 {
		return ""
	}
	return "did you mean " + strings.Join(sorted(found), " or ") + "?"
}

// within tells whether the letters of a stand in b in this order, with few
// others between.
func within(a, b string) bool {
	if len(a) < 2 || len(b) > len(a)+3 {
		return false
	}
	for _, c := range a {
		i := strings.IndexRune(b, c)
		if i < 0 {
			return false
		}
		b = b[i+1:]
	}
	return true
}

func sorted(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
