package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"xmppscope/captures"
	"xmppscope/decode"
	"xmppscope/inspector"
)

// captureFlags are the flags of every command that reads captures.
type captureFlags struct {
	filter    string
	conn      uint32
	keylogs   []string
	passwords []string
	passFile  string
	follow    bool
	iface     string
}

// addTo defines the flags; live ones only where the command can wait.
func (f *captureFlags) addTo(c *cobra.Command) {
	fs := c.Flags()
	fs.StringVar(&f.filter, "filter", "", "show only events that fit `EXPR`, as in 'name == \"iq\" and type == \"set\"'")
	fs.Uint32Var(&f.conn, "conn", 0, "show only conversation `N`")
	fs.StringArrayVar(&f.keylogs, "keylog", nil, "decrypt TLS with the key log `FILE` (repeatable; also $SSLKEYLOGFILE, and CAPTURE.keys beside the capture)")
	fs.StringArrayVar(&f.passwords, "password", nil, "verify logins of a user with `JID=PASSWORD` (repeatable)")
	fs.StringVar(&f.passFile, "password-file", "", "read such lines from `FILE`")
	c.ValidArgsFunction = completeCaptures
	_ = c.RegisterFlagCompletionFunc("filter", completeFilter)
}

func (f *captureFlags) addLive(c *cobra.Command) {
	fs := c.Flags()
	fs.BoolVar(&f.follow, "follow", false, "wait for more at the end of a file that is still being written")
	fs.StringVarP(&f.iface, "interface", "i", "", "capture live on `IFACE` (Linux; needs the right to capture)")
}

// secrets collects the passwords from the flags and the file.
func (e *env) secrets(f *captureFlags) (*inspector.Secrets, error) {
	s := &inspector.Secrets{}
	for _, p := range f.passwords {
		if err := s.Add(p); err != nil {
			return nil, usage("--password", err.Error(), "for example --password juliet@localhost=sesame")
		}
	}
	if f.passFile == "" {
		return s, nil
	}
	warning, err := s.AddFile(f.passFile)
	var line *inspector.SecretLineError
	switch {
	case errors.As(err, &line):
		return nil, usage(fmt.Sprintf("%s:%d", f.passFile, line.Line), line.Err.Error(), "one JID=PASSWORD a line")
	case err != nil:
		return nil, cannot(f.passFile, err)
	case warning != "":
		fmt.Fprintf(e.err, "xmppscope: %s: %s\n", inspector.Disarm(f.passFile), warning)
	}
	return s, nil
}

// envKeyLog names the file that programs write their TLS keys to (RFC 9850).
const envKeyLog = "SSLKEYLOGFILE"

// keyring collects the key logs: those named, that of the environment, and
// those beside the captures. Only the first kind must exist; the second may
// come while we wait.
func (f *captureFlags) keyring(args []string) (*captures.Keyring, error) {
	k := &captures.Keyring{}
	for _, path := range f.keylogs {
		if err := k.AddFile(path); err != nil {
			return nil, &failure{code: exitInput, what: path, why: plain(err),
				hint: "--keylog takes the file that a program wrote its TLS keys to, as with SSLKEYLOGFILE=" + path + " in its environment"}
		}
	}
	if path := os.Getenv(envKeyLog); path != "" {
		k.Watch(path)
	}
	for _, a := range args {
		if a == "-" || strings.HasPrefix(a, samplePrefix) {
			continue
		}
		for _, path := range captures.Siblings(a) {
			k.Watch(path)
		}
	}
	return k, nil
}

// compiled is the filter; nil where none was given.
func (f *captureFlags) compiled() (*inspector.Filter, error) {
	if f.filter == "" {
		return nil, nil
	}
	filter, err := inspector.Compile(f.filter)
	if err == nil {
		return filter, nil
	}
	var at *inspector.FilterError
	if !errors.As(err, &at) {
		return nil, usage("--filter", err.Error(), "")
	}
	return nil, usage(fmt.Sprintf("--filter, column %d", at.Column), at.Text, at.Suggestion)
}

// wants tells whether a conversation is to be shown.
func (f *captureFlags) wants(c decode.ConnID) bool {
	return f.conn == 0 || decode.ConnID(f.conn) == c
}

// live tells whether the input goes on until the user ends it.
func (f *captureFlags) live() bool { return f.follow || f.iface != "" }

// readTwice tells whether the inputs can be read a second time: a pipe cannot.
func (f *captureFlags) readTwice(args []string) bool {
	if f.live() {
		return false
	}
	for _, a := range args {
		if strings.HasPrefix(a, samplePrefix) {
			continue
		}
		// A file given as /dev/stdin goes on where it was read last on some systems.
		if at, err := os.Stat(a); a == "-" || strings.HasPrefix(a, "/dev/") || err == nil && !at.Mode().IsRegular() {
			return false
		}
	}
	return true
}
