package main

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"xmppscope/captures"
	"xmppscope/captures/samples"
	"xmppscope/inspector"
)

// samplePrefix names a recording that is shipped with the program.
const samplePrefix = "sample:"

// someCaptures wants at least one input: an argument, or an interface.
func (f *captureFlags) someCaptures(c *cobra.Command, args []string) error {
	switch {
	case len(args) == 0 && f.iface == "":
		return usage(c.Name(), "no capture named", "for example xmppscope "+c.Name()+" login.pcap, or "+samplePrefix+samples.All()[0].Name)
	case len(args) > 0 && f.iface != "":
		return usage(c.Name(), "a live interface and captures do not go together", "")
	}
	dashes := 0
	for _, a := range args {
		if a == "-" {
			dashes++
		}
	}
	if dashes > 1 {
		return usage(c.Name(), "standard input can be read only once", "")
	}
	return nil
}

// inputs turns arguments into what captures reads.
func (f *captureFlags) inputs(args []string) ([]captures.Input, error) {
	if f.iface != "" {
		return []captures.Input{captures.Live(f.iface)}, nil
	}
	var all []captures.Input
	for _, a := range args {
		name, sample := strings.CutPrefix(a, samplePrefix)
		switch {
		case sample:
			in, err := sampleInput(name)
			if err != nil {
				return nil, err
			}
			all = append(all, in)
		case a == "-":
			all = append(all, captures.Stdin())
		default:
			all = append(all, captures.File(a))
		}
	}
	return all, nil
}

func sampleInput(name string) (captures.Input, error) {
	f, s, err := samples.Open(name)
	if err != nil {
		return captures.Input{}, &failure{code: exitInput, what: samplePrefix + inspector.Disarm(name), why: "no such recording is shipped", hint: "names: " + strings.Join(sampleNames(), ", ")}
	}
	size := int64(-1)
	if info, err := f.Stat(); err == nil {
		size = info.Size()
	}
	f.Close()
	return captures.Input{Name: samplePrefix + s.Name, Size: size, Open: func(context.Context) (io.ReadCloser, error) {
		f, _, err := samples.Open(name)
		return f, err
	}}, nil
}

func sampleNames() []string {
	var names []string
	for _, s := range samples.All() {
		names = append(names, s.Name)
	}
	return names
}

// completeCaptures offers the recordings beside the files.
func completeCaptures(_ *cobra.Command, _ []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var found []cobra.Completion
	if strings.HasPrefix(samplePrefix, word) || strings.HasPrefix(word, samplePrefix) {
		for _, s := range samples.All() {
			if strings.HasPrefix(samplePrefix+s.Name, word) {
				found = append(found, cobra.CompletionWithDesc(samplePrefix+s.Name, s.Title))
			}
		}
	}
	return found, cobra.ShellCompDirectiveDefault
}

// completeFilter offers the fields of the filter language for its first word.
func completeFilter(_ *cobra.Command, _ []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var found []cobra.Completion
	for _, f := range inspector.Fields() {
		if strings.HasPrefix(f.Name, word) {
			found = append(found, cobra.CompletionWithDesc(f.Name, f.Doc))
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
