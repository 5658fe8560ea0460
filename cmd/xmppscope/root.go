package main

import (
	"fmt"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/spf13/cobra"
)

// version is that of the next release; CHANGELOG.md tells what is in it.
const version = "0.1.0"

// commands is the table of all subcommands; a command is one file and one line
// here.
var commands = [...]func(*env) *cobra.Command{
	newOpen,
	newDump,
	newLint,
	newStats,
	newWhy,
	newExplain,
	newDecode,
	newProxy,
	newProbe,
	newDemo,
	newLearn,
	newSandbox,
	newExport,
	newCA,
	newCompletion,
	newMan,
	newSynth,
}

// keepOrder leaves the order of the table, which is a reader's. The library has
// one setting for the whole program.
var keepOrder = sync.OnceFunc(func() { cobra.EnableCommandSorting = false })

func newRoot(e *env) *cobra.Command {
	e.tree = newRoot
	root := &cobra.Command{
		Use:   "xmppscope",
		Short: "Shows both sides of an XMPP conversation as steps to read, question, hold and change",
		Long: "xmppscope shows an XMPP conversation as numbered steps: what each side sent, in which phase, " +
			"what it means, what the login said and where the bytes break a rule. It reads captures, or stands between a client and a server " +
			"(proxy), where it can also hold, change and drop what they say. demo shows all of that with nothing to set up.\n\n" +
			"A CAPTURE is a pcap or pcapng file (also inside gzip or zstd), - for standard input, or sample:NAME for a recording that is shipped with the program.",
		Example: "  xmppscope demo\n  xmppscope open login.pcap\n  xmppscope dump sample:plain-login\n  tcpdump -w - port 5222 | xmppscope dump --json -\n  xmppscope proxy --domain example.org",
		Version: revision(),

		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              noSuchCommand,
		PersistentPreRunE: e.prepare,
		RunE:              e.startScreen,
	}
	keepOrder()
	root.SuggestionsMinimumDistance = 2
	root.SetIn(e.in)
	root.SetOut(e.out)
	root.SetErr(e.err)
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetVersionTemplate("xmppscope {{.Version}}\n")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		text, _, _ := strings.Cut(err.Error(), ": strconv.") // names of Go are no news to a user
		return usage(place(c), text, c.CommandPath()+" --help lists the flags")
	})
	f := root.PersistentFlags()
	f.StringVar(&e.color, "color", "auto", "when to colour text: `auto|always|never`")
	f.StringSliceVar(&e.log.rooms, "log", nil, "write a debug log of these `ROOM`s: "+strings.Join(logRooms[:], ", "))
	f.StringVar(&e.log.path, "log-file", "", "the `FILE` that the debug log goes to")
	completeFrom(root, "color", "auto", "always", "never")
	completeFrom(root, "log", logRooms[:]...)
	e.addPlain(root.Flags())
	for _, make := range commands {
		root.AddCommand(make(e))
	}
	e.look.complete(root)
	return root
}

// prepare runs before every command: defaults from the configuration, then
// what all commands share.
func (e *env) prepare(c *cobra.Command, args []string) error {
	if strings.HasPrefix(c.Name(), "__complete") {
		return nil // a broken configuration must not break the shell
	}
	if err := applyConfig(c); err != nil {
		return err
	}
	switch e.color {
	case "auto", "always", "never":
	default:
		return usage("--color", fmt.Sprintf("%q is none of auto, always, never", e.color), "")
	}
	if err := e.look.check(); err != nil {
		return err
	}
	if err := e.log.start(); err != nil {
		return err
	}
	e.room("cmd").Debug("start", "version", revision(), "command", c.CommandPath(), "arguments", args)
	return nil
}

// noSuchCommand answers for what is no subcommand.
func noSuchCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := "xmppscope --help lists the commands; a capture is opened with xmppscope open " + args[0]
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, " or ") + "?"
	}
	return usage(args[0], "no such command", hint)
}

// place is what a message about c begins with.
func place(c *cobra.Command) string {
	if c.HasParent() {
		return c.Name()
	}
	return "command line"
}

// completeFrom offers fixed words for a flag.
func completeFrom(c *cobra.Command, flag string, words ...string) {
	// The only error is an unknown flag, which the tests of completion find.
	_ = c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}

// revision is the version, with the commit it was built from where that is
// known.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version
	}
	commit, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			commit = s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = ", changed since"
		}
	}
	if commit == "" {
		return version
	}
	return version + " (" + commit + dirty + ")"
}
