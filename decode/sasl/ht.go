package sasl

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"xmppscope/decode/spec"
)

var refHT = spec.Draft("draft-schmaus-kitten-sasl-ht-09", "3")

// htName is the name HT-hash-binding taken apart.
type htName struct {
	hash    namedHash
	binding string // ENDP, UNIQ, EXPR or NONE
}

func isHT(name string) bool { return strings.HasPrefix(name, "HT-") }

func parseHT(name string) htName {
	rest, _ := strings.CutPrefix(strings.ToUpper(name), "HT-")
	dash := strings.LastIndexByte(rest, '-')
	if dash < 0 {
		return htName{}
	}
	return htName{hash: hashNamed(rest[:dash]), binding: rest[dash+1:]}
}

var htBinding = map[string]string{
	"ENDP": "tls-server-end-point",
	"UNIQ": "tls-unique",
	"EXPR": "tls-exporter",
	"NONE": "none",
}

func decodeHT(x *Exchange, i int) Decoded {
	p := newPage(x, i)
	name := parseHT(x.Mechanism)
	switch {
	case p.m.Kind == SuccessData && len(p.data) == 0:
		p.fault(ruleMalformed, 0, refHT, "success without data: the server did not prove that it knows the token")
		p.summary("accepted, but the server proved nothing")
	case p.empty():
	case p.m.Kind == SuccessData:
		p.hex("responder-hashed-token", p.all(), "the server's proof: HMAC of \"Responder\" under the token")
		name.sized(p, p.all())
		p.summary("the server's proof")
	case p.m.Kind.FromInitiator():
		htInitiator(p, name)
	default:
		p.unexpected()
	}
	return p.d
}

func htInitiator(p *page, name htName) {
	null := bytes.IndexByte(p.data, 0)
	if null < 0 {
		p.opaque("data", "should be the username, a NUL byte and a hash")
		p.fault(ruleMalformed, len(p.data), refHT, "no NUL byte after the username")
		p.summary("malformed: no hash")
		return
	}
	user, hashed := Span{0, null}, Span{null + 1, len(p.data)}
	p.text("authcid", user, "the username: who logs in")
	p.hex("initiator-hashed-token", hashed, "the proof: HMAC of \"Initiator\" under the token; channel binding: "+htBindingName(name.binding))
	name.sized(p, hashed)
	if user.empty() {
		p.fault(ruleMalformed, 0, refHT, "the username is empty")
	}
	p.summary("user %s, proof by a token from an earlier login", short(printable(user.of(p.data))))
}

func htBindingName(suffix string) string {
	if name, ok := htBinding[suffix]; ok {
		return name
	}
	return "not known here"
}

func (n htName) sized(p *page, span Span) {
	if n.hash.new == nil {
		return
	}
	if got := span.End - span.Start; got != n.hash.size() {
		p.fault(ruleMalformed, span.Start, refHT, "the hash has %s, but %s gives %d", plural(got, "byte"), n.hash.name, n.hash.size())
	}
}

func verifyHT(x *Exchange, s *Secret) Verdict {
	name := parseHT(x.Mechanism)
	if name.hash.new == nil || htBinding[name.binding] == "" {
		return notJudged("the hash or the channel binding in the mechanism's name is not known here")
	}
	var v Verdict
	name.bindingChain(x, &v)
	sent := x.dataOf(initiator)
	switch {
	case s.Token == "" && len(x.Tokens) == 0:
		v.Why = whyNoToken
	case len(sent) == 0:
		v.Why = "the exchange has no message with a proof"
	case name.binding != "NONE" && len(x.Binding) == 0:
		v.Why = "the messages do not repeat the channel-binding data, and " + x.bindingWhy()
	default:
		_, wire, ok := bytes.Cut(sent[0].Data, []byte{0})
		if ok {
			return name.tryTokens(x, s, wire, v)
		}
		v.Why = "the message is malformed: the proof cannot be found in it"
	}
	return v
}

// tryTokens takes the token that fits, of those that were seen and the one
// given. Where none fits, what was given may be the account's password, which
// is no token and proves nothing.
func (n htName) tryTokens(x *Exchange, s *Secret, wire []byte, chain Verdict) Verdict {
	for _, token := range append(slices.Clip(x.Tokens), s.Token) {
		if token == "" {
			continue
		}
		v := n.compare(x, &Secret{Token: token}, wire, Verdict{Chain: slices.Clip(chain.Chain)})
		if v.Verified || token == s.Token && s.Token != s.Password {
			return v
		}
	}
	chain.Why = "the token of this login is not known: what was seen or given does not fit"
	return chain
}

func (n htName) compare(x *Exchange, s *Secret, wire []byte, v Verdict) Verdict {
	var binding []byte
	if n.binding != "NONE" {
		binding = x.Binding
	}
	v.step(Step{Name: "token", Value: s.Token, Meaning: "given out at an earlier login; used as text", Secret: true})
	request := n.hash.mac([]byte(s.Token), []byte("Initiator"), binding)
	answer := n.hash.mac([]byte(s.Token), []byte("Responder"), binding)
	proof, shown := x.htAnswer()
	v.step(Step{Name: "initiator-hashed-token", Value: hex.EncodeToString(request), Wire: hex.EncodeToString(wire), Formula: fmt.Sprintf("HMAC-%s(token, \"Initiator\" ‖ cb-data)", n.hash.name),
		Command: hexOf(n.hash.macExpr(bytesLiteral(s.Token), "b'Initiator' + "+rawLiteral(binding)))})
	v.step(Step{Name: "responder-hashed-token", Value: hex.EncodeToString(answer), Wire: hex.EncodeToString(proof), Formula: fmt.Sprintf("HMAC-%s(token, \"Responder\" ‖ cb-data)", n.hash.name),
		Command: hexOf(n.hash.macExpr(bytesLiteral(s.Token), "b'Responder' + "+rawLiteral(binding)))})
	switch {
	case !bytes.Equal(wire, request):
		return n.why(x, s, wire, v)
	case shown && !bytes.Equal(proof, answer):
		return v.judge(false, "the client's proof is right, but the server's is not: the server does not have the token, or its answer was changed", "responder-hashed-token")
	case !shown:
		return v.judge(true, "the client's proof is right; the server's is not here")
	}
	return v.judge(true, "")
}

// htAnswer is the server's proof, if it was seen.
func (x *Exchange) htAnswer() ([]byte, bool) {
	for i := range x.Messages {
		if m := &x.Messages[i]; m.Kind == SuccessData && len(m.Data) > 0 {
			return m.Data, true
		}
	}
	return nil, false
}

func (n htName) why(x *Exchange, s *Secret, wire []byte, v Verdict) Verdict {
	if raw, faults, _ := decodeBase64([]byte(s.Token), refHT); len(faults) == 0 && bytes.Equal(wire, n.hash.mac(raw, []byte("Initiator"), x.Binding)) {
		return v.judge(false, "the proof fits the token decoded from base64: it must be used as it is", "token")
	}
	if n.binding != "NONE" && bytes.Equal(wire, n.hash.mac([]byte(s.Token), []byte("Initiator"))) {
		return v.judge(false, "the proof fits this token without channel-binding data", "channel-binding")
	}
	if x.Accepted() {
		return v.judge(false, "the server accepted this login, so the token given here is not the one that was used", "token")
	}
	if n.binding != "NONE" {
		return v.judge(false, "the client used another token than the one given here, or bound it to another TLS connection", "token", "channel-binding")
	}
	return v.judge(false, "the client used another token than the one given here", "token")
}
