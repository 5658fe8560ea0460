package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector/export"
)

// maxPaste is how much decode reads, in bytes.
const maxPaste = 16 << 20

func newDecode(e *env) *cobra.Command {
	var mechanism, domain string
	c := &cobra.Command{
		Use:   "decode [TEXT]",
		Short: "Decode and explain one SASL payload in base64, or some XML of a stream",
		Long: "Takes what was found in a log: the base64 of a SASL message, or stanzas and other elements of a stream. What is known only from context, " +
			"such as the mechanism that a challenge belongs to, is guessed from the content.",
		Example: "  xmppscope decode AG1iZWQAbWlycm9y\n  xmppscope decode --mechanism DIGEST-MD5 < challenge.txt\n  xmppscope decode '<iq type=\"get\" id=\"1\"><query xmlns=\"jabber:iq:roster\"/></iq>'",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(c.Name(), fmt.Sprintf("takes one text, has %d arguments", len(args)), "put the text in quotes")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			text, err := e.pasted(args)
			if err != nil {
				return err
			}
			events, err := readPaste(text, mechanism, domain)
			if err != nil {
				return err
			}
			w := export.NewNotes(e.out, export.Options{Color: e.colored(e.out), Width: e.width(), Full: true})
			for i := range events {
				if err := w.Event(&events[i]); err != nil {
					return err
				}
			}
			return w.Close()
		},
	}
	var names []string
	for _, m := range sasl.Mechanisms() {
		names = append(names, m.Name)
	}
	c.Flags().StringVar(&mechanism, "mechanism", "", "the mechanism `NAME` of a base64 payload, where it is known")
	c.Flags().StringVar(&domain, "domain", "", "the `DOMAIN` that the client asked for, where a mechanism names it")
	completeFrom(c, "mechanism", names...)
	return c
}

// pasted is the text to decode: the argument, or standard input.
func (e *env) pasted(args []string) ([]byte, error) {
	if len(args) == 1 {
		return []byte(args[0]), nil
	}
	if _, ok := terminal(e.in); ok {
		return nil, usage("decode", "no text", "xmppscope decode TEXT, or give it on standard input")
	}
	text, err := io.ReadAll(io.LimitReader(e.in, maxPaste))
	if err != nil {
		return nil, cannot("standard input", err)
	}
	return text, nil
}

// readPaste decodes XML where the text looks like it, else base64.
func readPaste(text []byte, mechanism, domain string) ([]decode.Event, error) {
	text = bytes.TrimSpace(text)
	switch {
	case len(text) == 0:
		return nil, usage("decode", "the text is empty", "")
	case bytes.HasPrefix(text, []byte("<")):
		return readXML(text), nil
	}
	packed := bytes.Join(bytes.Fields(text), nil)
	data, err := base64.StdEncoding.DecodeString(string(packed))
	if err != nil && len(data) == 0 {
		return nil, usage("decode", "neither XML nor base64: "+err.Error(), "XML begins with <")
	}
	return []decode.Event{readPayload(packed, data, mechanism, domain)}, nil
}

// readXML decodes elements as if the capture began in mid-stream, or a stream
// where there is a header. What a server alone sends is taken as the server's.
func readXML(text []byte) []decode.Event {
	header := bytes.Contains(text[:min(len(text), 512)], []byte("stream:stream"))
	c := decode.NewConn(1, decode.Options{MidStream: !header})
	dir := decode.FromInitiator
	for _, s := range []string{"<stream:features", "<challenge", "<success", "<failure", "<proceed", "<compressed", "<enabled", "<resumed", "<failed"} {
		if bytes.HasPrefix(text, []byte(s)) {
			dir = decode.FromReceiver
		}
	}
	var all []decode.Event
	for len(text) > 0 {
		got, n := c.Feed(dir, time.Time{}, text)
		all = append(all, got...)
		if n == 0 {
			break
		}
		text = text[n:]
	}
	all = append(all, c.Finish(time.Time{})...)
	return slices.DeleteFunc(all, func(e decode.Event) bool { return e.Kind == decode.KindNote })
}

// readPayload makes the event that a login message would be.
func readPayload(packed, data []byte, mechanism, domain string) decode.Event {
	guessed, kind := sasl.Guess(data)
	if mechanism == "" {
		mechanism = guessed
	}
	if kind == 0 {
		kind = sasl.InitialResponse
	}
	x := &sasl.Exchange{Mechanism: strings.ToUpper(mechanism), Domain: domain}
	x.Add(kind, packed)
	e := decode.Event{Seq: 1, Conn: 1, Kind: decode.KindNonza, Phase: decode.PhaseAuth, SASL: x, State: &decode.State{Profile: decode.ProfileC2S}}
	e.State.Mechanism = x.Mechanism
	e.After = e.State
	for _, c := range carriers {
		if c.kind == kind {
			e.Step, e.Dir = c.step, c.dir
			e.Name = xmlstream.Name{Space: "urn:ietf:params:xml:ns:xmpp-sasl", Local: c.element}
		}
	}
	return e
}

// carriers are the elements that carry each message of a login (RFC 6120 §6.4).
var carriers = [...]struct {
	kind    sasl.Kind
	element string
	step    decode.Step
	dir     decode.Dir
}{
	{sasl.InitialResponse, "auth", decode.StepSASLAuth, decode.FromInitiator},
	{sasl.Challenge, "challenge", decode.StepSASLChallenge, decode.FromReceiver},
	{sasl.Response, "response", decode.StepSASLResponse, decode.FromInitiator},
	{sasl.SuccessData, "success", decode.StepSASLSuccess, decode.FromReceiver},
}
