package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"
	"xmppscope/inspector/export"

	"github.com/adrg/xdg"
	"github.com/spf13/cobra"

	"xmppscope/inspector"
	"xmppscope/proxy/ca"
)

// caFolder is where the authority of the user is.
func caFolder() string { return filepath.Join(xdg.DataHome, "xmppscope") }

// openCA reads the authority of the user, or makes it.
func openCA() (*ca.Authority, error) {
	a, err := ca.Open(caFolder())
	return a, caFailure(err)
}

// caFailure tells an error of a certificate or key as one of a file.
func caFailure(err error) error {
	var e *ca.Error
	if errors.As(err, &e) {
		return &failure{code: exitInput, what: e.Path, why: strings.TrimPrefix(e.Error(), e.Path+": "), hint: e.Hint}
	}
	return err
}

func newCA(e *env) *cobra.Command {
	var path, text, asJSON bool
	c := &cobra.Command{
		Use:   "ca",
		Short: "Tell where the certificate of the proxy's authority is, its fingerprint, and how to trust it",
		Long: "The proxy shows every client a certificate for the domain that it asks for, signed by an authority of your own that is made on first use. " +
			"A client that is to be looked at has to trust that authority. Its key is in the same folder and for nobody else's eyes: " +
			"whoever has it can pretend to be any server to a client that trusts it. Take the trust back when you are done.",
		Example: "  xmppscope ca\n  SSL_CERT_FILE=$(xmppscope ca --path) client juliet@example.org\n  xmppscope ca --pem > ca.pem",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("ca", "takes no arguments, has "+args[0], "")
			}
			return nil
		},
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			if path && text || path && asJSON || text && asJSON {
				return usage("ca", "--path, --pem and --json exclude each other", "")
			}
			a, err := openCA()
			if err != nil {
				return err
			}
			switch {
			case path:
				_, err = fmt.Fprintln(e.out, a.Path())
			case text:
				_, err = e.out.Write(a.PEM())
			case asJSON:
				err = e.caJSON(a)
			default:
				err = e.caText(a)
			}
			return err
		},
	}
	c.Flags().BoolVar(&path, "path", false, "print the path of the certificate and nothing else")
	c.Flags().BoolVar(&text, "pem", false, "print the certificate and nothing else")
	c.Flags().BoolVar(&asJSON, "json", false, "write one line of JSON")
	return c
}

func (e *env) caText(a *ca.Authority) error {
	var b strings.Builder
	c := a.Certificate()
	made := ""
	if a.Made() {
		made = " (made just now)"
	}
	fmt.Fprintf(&b, "certificate  %s%s\n", inspector.Disarm(a.Path()), made)
	fmt.Fprintf(&b, "name         %s\n", c.Subject)
	fmt.Fprintf(&b, "SHA-256      %s\n", a.Fingerprint())
	fmt.Fprintf(&b, "good         %s to %s\n", c.NotBefore.Format(time.DateOnly), c.NotAfter.Format(time.DateOnly))
	b.WriteString("\nHow to trust it:\n")
	for _, t := range trust {
		fmt.Fprintf(&b, "\n%s\n", t.who)
		for line := range strings.SplitSeq(t.fill(a.Path()), "\n") {
			fmt.Fprintf(&b, "  %s\n", inspector.Disarm(line))
		}
	}
	_, err := e.out.Write([]byte(b.String()))
	return err
}

func (e *env) caJSON(a *ca.Authority) error {
	type way struct {
		Who string `json:"who"`
		How string `json:"how"`
	}
	c := a.Certificate()
	record := struct {
		Record    string    `json:"record"`
		Path      string    `json:"path"`
		Name      string    `json:"name"`
		SHA256    string    `json:"sha256"`
		NotBefore time.Time `json:"not_before"`
		NotAfter  time.Time `json:"not_after"`
		Made      bool      `json:"made"`
		Trust     []way     `json:"trust"`
	}{Record: "ca", Path: a.Path(), Name: c.Subject.String(), SHA256: a.Fingerprint(), NotBefore: c.NotBefore, NotAfter: c.NotAfter, Made: a.Made()}
	for _, t := range trust {
		record.Trust = append(record.Trust, way{t.who, t.fill(a.Path())})
	}
	return export.WriteJSON(e.out, record)
}
