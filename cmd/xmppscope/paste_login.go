package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector/export"
)

const nsSASL = "urn:ietf:params:xml:ns:xmpp-sasl"

// readPayload makes the event that a login message would be.
func readPayload(packed string, data []byte, o *pasteOptions, steps ...string) *paste {
	mechanism, kind := sasl.Guess(data)
	if o.mechanism != "" {
		mechanism = o.mechanism
	}
	if kind == 0 {
		kind = sasl.InitialResponse
		if o.from == fromReceiver {
			kind = sasl.Challenge
		}
	}
	x := &sasl.Exchange{Mechanism: strings.ToUpper(mechanism), Domain: o.domain}
	x.Add(kind, []byte(packed))
	e := decode.Event{Seq: 1, Conn: 1, Kind: decode.KindNonza, Phase: decode.PhaseAuth, Layer: decode.LayerTLS, SASL: x,
		State: &decode.State{Profile: decode.ProfileC2S, Layer: decode.LayerTLS}}
	e.State.Mechanism = x.Mechanism
	e.After = e.State
	for _, c := range carriers {
		if c.kind == kind {
			e.Step, e.Dir = c.step, c.dir
			e.Name = xmlstream.Name{Space: nsSASL, Local: c.element}
		}
	}
	return &paste{steps: steps, events: []decode.Event{e}}
}

// emptyData is what a lone = stands for.
func emptyData(p *export.Page) {
	p.Head("= · SASL data of no length")
	p.Text("The data is there and has no bytes. An empty element would say instead that there is no data yet. In SASL 2 an empty element says that there are no bytes.")
	p.Faint("See RFC 6120 §6.4.2, XEP-0388 §2.3")
}

// isGS2Header tells the header that the last message of SCRAM repeats in c=,
// with what it binds to behind it, from a first message, which goes on with n=.
func isGS2Header(data []byte) bool {
	flag, rest, ok := bytes.Cut(data, []byte(","))
	authzid, rest, ok2 := bytes.Cut(rest, []byte(","))
	known := len(flag) == 1 && (flag[0] == 'n' || flag[0] == 'y') && len(rest) == 0 || bytes.HasPrefix(flag, []byte("p="))
	return ok && ok2 && known && (len(authzid) == 0 || bytes.HasPrefix(authzid, []byte("a="))) &&
		!bytes.HasPrefix(rest, []byte("n=")) && !bytes.HasPrefix(rest, []byte("m=")) && !bytes.HasPrefix(rest, []byte{1})
}

func gs2Header(p *export.Page, data []byte) {
	flag, rest, _ := bytes.Cut(data, []byte(","))
	authzid, binding, _ := bytes.Cut(rest, []byte(","))
	p.Head("GS2 header · part of a SCRAM login")
	p.Text("The last message of the client repeats the header of its first one in c=, so that the proof covers it: who changes it on the way is found out.")
	meaning := "the client does no channel binding"
	switch flag[0] {
	case 'y':
		meaning = "the client could do channel binding and believes that the server cannot"
	case 'p':
		meaning = "the login is bound to the TLS connection, in this way"
	}
	rows := [][]string{{"gs2-cbind-flag", string(flag), meaning}}
	if len(authzid) > 2 {
		rows = append(rows, []string{"a", string(authzid[2:]), "act as this identity"})
	}
	if len(binding) > 0 {
		rows = append(rows, []string{"binding", fmt.Sprintf("%x", binding), "what both ends of the TLS connection know, in hexadecimal"})
	}
	p.Table(rows)
	p.Faint("See RFC 5802 §5.1, §6")
}

// plainText is what base64 stands for where it is no login message.
func plainText(p *export.Page, text string) {
	p.Head("base64 of a text")
	p.Text(text)
	p.Faint("It is no login message that is known. If it belongs to a login, --mechanism says to which.")
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

// readToken reads a JSON Web Token (RFC 7519), with or without the scheme that
// stands before it in a login: as the login message that it would be sent in.
func readToken(text string, o *pasteOptions) (p *paste, inner, undone string, err error) {
	token := strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(text, "Authorization:"), " "))
	if scheme, rest, ok := strings.Cut(token, " "); ok && strings.EqualFold(scheme, "bearer") {
		token = strings.TrimSpace(rest)
	}
	if !strings.HasPrefix(token, "eyJ") || strings.Count(token, ".") != 2 || o.mechanism != "" {
		return nil, "", "", nil
	}
	data := []byte("n,,\x01auth=Bearer " + token + "\x01\x01")
	return readPayload(base64.StdEncoding.EncodeToString(data), data, o, "a JSON Web Token, shown as OAUTHBEARER sends it"), "", "", nil
}
