package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/decode/sasl"
	"xmppscope/inspector"
	"xmppscope/inspector/export"
)

// maxPaste is how much decode reads, in bytes.
const maxPaste = 16 << 20

// pasteOptions are what the user knows about a paste.
type pasteOptions struct {
	mechanism, domain, from string
}

func newDecode(e *env) *cobra.Command {
	var o pasteOptions
	var flags captureFlags
	c := &cobra.Command{
		Use:   "decode [TEXT]",
		Short: "Decode and explain one pasted piece: a SASL payload, XML of a stream, a certificate, a token, an address",
		Long: "Takes what was found in a log: the base64 of a SASL message, or stanzas and other elements of a stream, also percent-encoded, in hexadecimal, " +
			"with the escapes of HTML or JSON, or in base64. It knows certificates (PEM), JSON Web Tokens, TLS records in hexadecimal, addresses and links to them, and tells by its length what a hash may be. " +
			"What is known only from context, such as the mechanism that a challenge belongs to, or who sent a stanza, is guessed from the content. Nothing tells whether it was encrypted, so that is not judged.",
		Example: "  xmppscope decode AG1iZWQAbWlycm9y\n  xmppscope decode --mechanism DIGEST-MD5 < challenge.txt\n  xmppscope decode '<iq type=\"get\" id=\"1\"><query xmlns=\"jabber:iq:roster\"/></iq>'\n" +
			"  xmppscope decode %3Cpresence/%3E\n  xmppscope decode --password juliet@localhost=sesame < login.xml",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(c.Name(), fmt.Sprintf("takes one text, has %d arguments", len(args)), "put the text in quotes")
			}
			return o.check()
		},
		RunE: func(c *cobra.Command, args []string) error {
			text, err := e.pasted(args)
			if err != nil {
				return err
			}
			secrets, err := e.secrets(&flags)
			if err != nil {
				return err
			}
			p, err := readPaste(string(text), &o)
			if err != nil {
				return err
			}
			return e.writePaste(p, secrets)
		},
	}
	var names []string
	for _, m := range sasl.Mechanisms() {
		names = append(names, m.Name)
	}
	fs := c.Flags()
	fs.StringVar(&o.mechanism, "mechanism", "", "the mechanism `NAME` of a base64 payload, where it is known")
	fs.StringVar(&o.domain, "domain", "", "the `DOMAIN` that the client asked for, where a mechanism names it")
	fs.StringVar(&o.from, "from", "", "`SIDE` that sent it: initiator or receiver (guessed where it is not given)")
	fs.StringArrayVar(&flags.passwords, "password", nil, "verify a whole login of a user with `JID=PASSWORD` (repeatable)")
	fs.StringVar(&flags.passFile, "password-file", "", "read such lines from `FILE`")
	completeFrom(c, "mechanism", names...)
	completeFrom(c, "from", fromInitiator, fromReceiver)
	return c
}

const (
	fromInitiator = "initiator"
	fromReceiver  = "receiver"
)

// check finds flags that can mean nothing.
func (o *pasteOptions) check() error {
	switch o.from {
	case "", fromInitiator, fromReceiver:
	default:
		return usage("--from", fmt.Sprintf("%q is no side", o.from), "it is initiator or receiver")
	}
	o.mechanism = strings.ToUpper(o.mechanism)
	if o.mechanism != "" && !sasl.Known(o.mechanism) {
		return usage("--mechanism", fmt.Sprintf("nothing is known of the mechanism %q", o.mechanism), nearMechanism(o.mechanism))
	}
	return nil
}

// nearMechanism suggests mechanisms with a like name.
func nearMechanism(name string) string {
	var near []string
	for _, n := range explain.Closest(name) {
		if sasl.Known(n) {
			near = append(near, n)
		}
	}
	if len(near) == 0 {
		return "xmppscope explain mechanisms lists those that are known"
	}
	return cmp.Or(didYouMean(near), "xmppscope explain mechanisms lists them")
}

// pasted is the text to decode: the argument, or standard input.
func (e *env) pasted(args []string) ([]byte, error) {
	if len(args) == 1 && args[0] != "-" {
		return []byte(args[0]), nil
	}
	if _, ok := terminal(e.in); ok && len(args) == 0 {
		return nil, usage("decode", "no text", "xmppscope decode TEXT, or give it on standard input")
	}
	text, err := io.ReadAll(io.LimitReader(e.in, maxPaste+1))
	if err != nil {
		return nil, cannot("standard input", err)
	}
	if len(text) > maxPaste {
		return nil, usage("decode", fmt.Sprintf("the text is longer than %d MiB", maxPaste>>20), "decode takes one piece; dump reads whole captures")
	}
	return text, nil
}

// writePaste writes what was read, after how it was read where that is not
// plain.
func (e *env) writePaste(p *paste, secrets *inspector.Secrets) error {
	page := e.page(e.out)
	if len(p.steps) > 0 {
		page.Faint("Read as " + strings.Join(p.steps, ", then ") + ".")
	}
	if p.page != nil {
		p.page(page)
	}
	if err := page.Close(); err != nil {
		return err
	}
	if len(p.events) == 0 {
		return nil
	}
	o := export.Options{Color: e.colored(e.out), Width: e.width(), Full: true, Findings: p.judged(secrets)}
	if secrets.Len() > 0 {
		o.Secrets = secrets
	}
	w := export.NewNotes(e.out, o)
	for i := range p.events {
		if err := w.Event(&p.events[i]); err != nil {
			return err
		}
	}
	return w.Close()
}

// judged finds what is wrong with the events of a paste. Rules that need what
// a paste does not show are silent.
func (p *paste) judged(secrets *inspector.Secrets) func(*decode.Event) []lint.Finding {
	if !p.judge {
		return nil
	}
	o := lint.Options{}
	if secrets.Len() > 0 {
		o.Verify = secrets.Verify
	}
	engine, found := lint.New(o), map[decode.Seq][]lint.Finding{}
	for i := range p.all {
		for _, f := range engine.Event(&p.all[i]) {
			found[f.Seq] = append(found[f.Seq], f)
		}
	}
	return func(e *decode.Event) []lint.Finding { return found[e.Seq] }
}
