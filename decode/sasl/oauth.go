package sasl

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"

	"xmppscope/decode/spec"
)

var refOAuth = spec.RFC(7628, "3.1")

func decodeOAuth(x *Exchange, i int) Decoded {
	p := newPage(x, i)
	switch {
	case p.empty():
	case !p.m.Kind.FromInitiator():
		oauthError(p)
	case len(p.data) == 1 && p.data[0] == 1:
		p.hex("dummy", p.all(), "a single byte 01: the client has read the error and lets the exchange fail")
		p.summary("the error was read")
	default:
		oauthRequest(p)
	}
	return p.d
}

// oauthRequest reads the GS2 header and the pairs that ^A separates.
func oauthRequest(p *page) {
	h := readGS2(p.data)
	for _, f := range h.faults {
		p.fault(ruleMalformed, f.Pos, refOAuth, "%s", f.Text)
	}
	user := ""
	if !h.flag.empty() {
		p.text("gs2-cbind-flag", h.flag, "channel binding: n means none")
	}
	if h.hasAuth {
		user = scramName(h.authzid.of(p.data))
		p.add(Field{Name: "a", Value: printable([]byte(user)), Meaning: "act as this identity", Span: h.authzid})
	}
	at := min(h.bare, len(p.data))
	if at == len(p.data) || p.data[at] != 1 {
		p.fault(ruleMalformed, at, refOAuth, "the byte 01 is missing after the GS2 header")
	}
	if !bytes.HasSuffix(p.data, []byte{1, 1}) {
		p.fault(ruleMalformed, len(p.data), refOAuth, "the message must end in two bytes 01")
	}
	oauthPairs(p, at)
	if fieldNamed(p.d.Fields, "auth") == nil {
		p.fault(ruleMalformed, len(p.data), refOAuth, "there is no auth=, so no token")
	}
	p.summary("a bearer token")
	if user != "" {
		p.summary("a bearer token for %s", short(printable([]byte(user))))
	}
}

func oauthPairs(p *page, at int) {
	for at < len(p.data) && len(p.d.Fields) <= maxFields {
		end := len(p.data)
		if sep := bytes.IndexByte(p.data[at:], 1); sep >= 0 {
			end = at + sep
		}
		if end > at {
			oauthPair(p, Span{at, end})
		}
		at = end + 1
	}
}

func oauthPair(p *page, span Span) {
	key, _, ok := bytes.Cut(span.of(p.data), []byte{'='})
	if !ok {
		p.secret("?", span, "no name=value")
		p.fault(ruleMalformed, span.Start, refOAuth, "not a name, \"=\" and a value")
		return
	}
	value := Span{span.Start + len(key) + 1, span.End}
	switch name := printable(key); name {
	case "auth":
		p.secret(name, value, "the scheme and the token: whoever has it can log in until it expires")
		showJWT(p, value)
	case "host":
		p.text(name, value, "the host the client believes it talks to")
	case "port":
		p.text(name, value, "the port the client connected to")
	default:
		p.secret(name, value, "not known here: it is ignored")
	}
}

// showJWT opens a token that is a JSON Web Token, RFC 7519: three base64url
// texts with dots between. Header and claims can be read by anybody.
func showJWT(p *page, auth Span) {
	token := auth
	if blank := bytes.LastIndexByte(auth.of(p.data), ' '); blank >= 0 {
		token.Start += blank + 1
	}
	parts := bytes.Split(token.of(p.data), []byte{'.'})
	if len(parts) != 3 {
		return
	}
	at := token.Start
	for i, name := range []string{"jwt header", "jwt claims"} {
		text, err := base64.RawURLEncoding.DecodeString(string(parts[i]))
		if err != nil || !json.Valid(text) {
			return
		}
		meaning := "how the token is signed"
		if i == 1 {
			meaning = "what the token says of its holder; readable by anybody"
		}
		p.add(Field{Name: name, Value: printable(text), Meaning: meaning, Span: Span{at, at + len(parts[i])}})
		at += len(parts[i]) + 1
	}
}

var oauthErrorMeaning = map[string]string{
	"status":               "the error, as OAuth names it",
	"scope":                "what a token would have to permit",
	"openid-configuration": "where to learn how to get a token",
}

// oauthError reads the JSON object a server sends when it refuses, RFC 7628
// §3.2.2.
func oauthError(p *page) {
	members, err := jsonMembers(p.data)
	for _, f := range members {
		f.Meaning = oauthErrorMeaning[f.Name]
		if f.Meaning == "" {
			f.Meaning = "not known here: it is ignored"
		}
		p.add(f)
	}
	if err != nil {
		p.fault(ruleMalformed, err.at, spec.RFC(7628, "3.2.2"), "not a JSON object: %s", err.text)
	}
	if len(members) == 0 {
		p.opaque("data", "should be a JSON object that says what is wrong")
	}
	p.summary("refused")
	if f := fieldNamed(members, "status"); f != nil {
		p.summary("refused: %s", short(f.Value))
	}
}

type jsonFault struct {
	at   int
	text string
}

// jsonMembers lists the members of one JSON object with where their values
// stand.
func jsonMembers(data []byte) ([]Field, *jsonFault) {
	d := json.NewDecoder(bytes.NewReader(data))
	fail := func(text string) *jsonFault { return &jsonFault{min(int(d.InputOffset()), len(data)), text} }
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, fail("it does not start with {")
	}
	var members []Field
	for d.More() && len(members) < maxFields {
		name, err := d.Token()
		key, ok := name.(string)
		if err != nil || !ok {
			return members, fail("a name is missing or broken")
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return members, fail("the value of " + short(printable([]byte(key))) + " is broken")
		}
		end := int(d.InputOffset())
		text := string(raw)
		if json.Unmarshal(raw, &text) != nil {
			text = strings.TrimSpace(string(raw))
		}
		members = append(members, Field{Name: printable([]byte(key)), Value: printable([]byte(text)), Span: Span{max(end-len(raw), 0), end}})
	}
	if _, err := d.Token(); err != nil {
		return members, fail("it does not end in }")
	}
	return members, nil
}

func verifyOAuth(x *Exchange, s *Secret) Verdict {
	if s.Token == "" {
		return notJudged(whyNoToken)
	}
	for i := range x.Messages {
		if !x.Messages[i].Kind.FromInitiator() {
			continue
		}
		if f := fieldNamed(decodeOAuth(x, i).Fields, "auth"); f != nil {
			_, wire, _ := strings.Cut(f.Value, " ")
			return comparePassword("token", strings.TrimSpace(wire), s.Token)
		}
	}
	return notJudged("the exchange has no message with a token")
}

// decodeXOAuth2 reads the older private forms: PLAIN with a token in the
// password's place.
func decodeXOAuth2(x *Exchange, i int) Decoded {
	p := newPage(x, i)
	if !p.m.Kind.FromInitiator() || p.empty() {
		if !p.m.Kind.FromInitiator() {
			p.unexpected()
		}
		return p.d
	}
	parts := splitPlain(p.data)
	if parts.nulls == 0 {
		p.secret("data", p.all(), "should be an empty text, a username and a token, with NUL bytes between")
		p.fault(ruleMalformed, len(p.data), refPlain, "no NUL byte: the name and the token cannot be told apart")
		return p.d
	}
	plainFields(p, parts, "token", "the token: whoever has it can log in until it expires")
	showJWT(p, parts.passwd)
	p.summary("user %s, token in clear", short(printable(parts.authcid.of(p.data))))
	return p.d
}

func verifyXOAuth2(x *Exchange, s *Secret) Verdict {
	sent := x.dataOf(initiator)
	switch {
	case s.Token == "":
		return notJudged(whyNoToken)
	case len(sent) == 0:
		return notJudged("the exchange has no message with a token")
	}
	return comparePassword("token", string(splitPlain(sent[0].Data).passwd.of(sent[0].Data)), s.Token)
}
