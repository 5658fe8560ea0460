package sasl

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// scramKeys are the values that depend on password, salt and count only.
type scramKeys struct {
	salted, client, stored, server []byte
}

func (h namedHash) scramKeys(salted []byte) scramKeys {
	client := h.mac(salted, []byte("Client Key"))
	return scramKeys{salted: salted, client: client, stored: h.sum(client), server: h.mac(salted, []byte("Server Key"))}
}

// proof is the ClientProof over an AuthMessage in base64, as p= has it.
func (k scramKeys) proof(h namedHash, auth []byte) string {
	out := h.mac(k.stored, auth)
	for i := range out {
		out[i] ^= k.client[i]
	}
	return base64.StdEncoding.EncodeToString(out)
}

// signature is the ServerSignature over an AuthMessage in base64.
func (k scramKeys) signature(h namedHash, auth []byte) string {
	return base64.StdEncoding.EncodeToString(h.mac(k.server, auth))
}

// scramCheck is one exchange being verified.
type scramCheck struct {
	x    *Exchange
	s    *Secret
	hash namedHash
	scram
	prep       prepared
	salt       []byte
	iterations int
	keys       scramKeys
	auth       []byte // AuthMessage, RFC 5802 §3
	v          Verdict
}

func verifyScram(x *Exchange, s *Secret, hash namedHash) Verdict {
	c := scramCheck{x: x, s: s, hash: hash, scram: readScram(x), prep: prepare(s.Password)}
	why := c.incomplete()
	if s.Password == "" {
		why = whyNoPassword
	}
	if why != "" {
		c.bindingChain()
		c.v.Why = why
		return c.v
	}
	c.salt, _, _ = decodeBase64(c.serv.value('s'), refScram)
	n, ok := iterationCount(string(c.serv.value('i')))
	switch {
	case !ok:
		return notJudged("the iteration count i= is no number above 0")
	case n > s.limit():
		return notJudged(fmt.Sprintf("the iteration count %s is over %d: the key is not derived, because that would take too long", short(string(c.serv.value('i'))), s.limit()))
	}
	c.iterations = n
	c.auth = authMessage(c.first.bare(), c.serv.data, c.final.withoutProof())
	c.keys = c.derive(c.prep.text, c.salt, n)
	c.chain()
	return c.verdict()
}

// incomplete says which message a judgement needs and does not have.
func (c *scramCheck) incomplete() string {
	switch {
	case c.first == nil:
		return "the client's first message is not here"
	case c.serv == nil:
		return "the server's first message is not here"
	case c.serv.value('s') == nil || c.serv.value('i') == nil:
		return "the server's first message has no salt or no iteration count"
	case c.final == nil:
		return "the client's last message, with its proof, is not here"
	case c.final.value('p') == nil:
		return "the client's last message has no proof"
	}
	return ""
}

func (c *scramCheck) derive(password string, salt []byte, iterations int) scramKeys {
	return c.hash.scramKeys(c.s.salted(c.hash, password, salt, iterations))
}

func authMessage(parts ...[]byte) []byte { return bytes.Join(parts, []byte{','}) }

// chain writes every value down. All but the last three and AuthMessage are
// secret: even ClientSignature, since the proof on the wire is ClientKey under
// it.
func (c *scramCheck) chain() {
	h, k := c.hash.name, c.keys
	secret := func(name, value, formula, meaning, command string) {
		c.v.step(Step{Name: name, Value: value, Formula: formula, Meaning: meaning, Command: command, Secret: true})
	}
	secret("Normalize(password)", c.prep.text, "SASLprep(password)", strings.TrimSpace("one form for all ways to write the same text. "+c.prep.note()), prepCommand(c.s.Password))
	var last []byte
	for i, u := range firstRounds(c.hash, c.prep.text, c.salt, c.iterations) {
		formula := fmt.Sprintf("HMAC-%s(password, U%d)", h, i)
		if i == 0 {
			formula = fmt.Sprintf("HMAC-%s(password, salt, 00000001)", h)
		}
		secret(fmt.Sprintf("U%d", i+1), hex.EncodeToString(u), formula, fmt.Sprintf("round %d of %d", i+1, c.iterations), c.hash.roundCommand(c.prep.text, c.salt, last))
		last = u
	}
	salted, stored, auth := rawLiteral(k.salted), rawLiteral(k.stored), bytesLiteral(c.auth)
	secret("SaltedPassword", hex.EncodeToString(k.salted),
		fmt.Sprintf("PBKDF2-HMAC-%s(password, salt, %d, %d) = U1 XOR U2 XOR … XOR U%[2]d", h, c.iterations, c.hash.size()),
		"all rounds together: slow on purpose", c.hash.saltedCommand(c.prep.text, c.salt, c.iterations))
	secret("ClientKey", hex.EncodeToString(k.client), `HMAC(SaltedPassword, "Client Key")`, "what the client proves to have", hexOf(c.hash.macExpr(salted, "b'Client Key'")))
	secret("StoredKey", hex.EncodeToString(k.stored), h+"(ClientKey)", "all the server keeps of it", hexOf(c.hash.digestExpr(rawLiteral(k.client))))
	c.v.step(Step{Name: "AuthMessage", Value: printable(c.auth), Formula: "client-first-bare , server-first , client-final-without-proof",
		Meaning: "everything said so far, so that nothing can be changed", Command: authCommand(c.first.bare(), c.serv.data, c.final.withoutProof())})
	secret("ClientSignature", hex.EncodeToString(c.hash.mac(k.stored, c.auth)), "HMAC(StoredKey, AuthMessage)", "the server can compute it too", hexOf(c.hash.macExpr(stored, auth)))
	c.v.step(Step{Name: "ClientProof", Value: k.proof(c.hash, c.auth), Wire: string(c.final.value('p')), Formula: "ClientKey XOR ClientSignature",
		Meaning: "the server takes ClientSignature off again, hashes the rest and compares it with StoredKey",
		Command: base64Of("bytes(a ^ b for a, b in zip(" + rawLiteral(k.client) + ", " + rawLiteral(c.hash.mac(k.stored, c.auth)) + "))")})
	c.bindingChain()
	secret("ServerKey", hex.EncodeToString(k.server), `HMAC(SaltedPassword, "Server Key")`, "the other thing the server keeps", hexOf(c.hash.macExpr(salted, "b'Server Key'")))
	c.v.step(Step{Name: "ServerSignature", Value: k.signature(c.hash, c.auth), Wire: string(c.done.value('v')), Formula: "HMAC(ServerKey, AuthMessage)",
		Meaning: "proves the server to the client", Command: base64Of(c.hash.macExpr(rawLiteral(k.server), auth))})
}

// verdict compares. Even where the arithmetic fits, the messages must agree
// with each other: a peer has to refuse them otherwise.
func (c *scramCheck) verdict() Verdict {
	proofFits := string(c.final.value('p')) == c.keys.proof(c.hash, c.auth)
	signature := c.done.value('v')
	signed := string(signature) == c.keys.signature(c.hash, c.auth)
	switch {
	case !proofFits && signed:
		return c.v.judge(false, "the server's signature is right and the proof is not: the proof was changed on its way to this capture", "p")
	case !proofFits:
		return c.wrongProof()
	case signature != nil && !signed:
		return c.v.judge(false, "the client's proof is right, but the server's signature is not: the server does not have the key, or its answer was changed", "v")
	}
	if name, why := c.disagreement(); name != "" {
		return c.v.judge(false, why, name)
	}
	return c.v.judge(true, c.remark(signature != nil))
}

// disagreement finds messages that do not fit each other.
func (c *scramCheck) disagreement() (differs, why string) {
	nonce := c.serv.value('r')
	switch {
	case !bytes.HasPrefix(nonce, c.first.value('r')):
		return "nonce", "the proof fits the password, but the server's nonce does not extend the client's"
	case !bytes.Equal(nonce, c.final.value('r')):
		return "nonce", "the proof fits the password, but the last message has another nonce than the server's"
	}
	input, _, _ := decodeBase64(c.final.value('c'), refScram)
	data, ok := bytes.CutPrefix(input, c.first.gs2.text())
	switch {
	case !ok:
		return "gs2-header", "the proof fits the password, but c= does not repeat the GS2 header of the first message"
	case c.first.gs2.bindingType() != "" && len(c.x.Binding) > 0 && !bytes.Equal(data, c.x.Binding):
		return "channel-binding", "the proof fits the password, but it is bound to another TLS connection than this one"
	}
	return "", ""
}

func (c *scramCheck) remark(signed bool) string {
	var notes []string
	if note := c.prep.note(); note != "" {
		notes = append(notes, note)
	}
	if e := c.done.value('e'); e != nil {
		notes = append(notes, "the server says: "+scramErrorMeaning(string(e)))
	}
	switch {
	case c.x.Refused():
		notes = append(notes, "the proof is right for this password, and the server refused it: its own record of the password, or its rules, must differ")
	case !signed:
		notes = append(notes, "the client's proof is right; the server's signature is not here")
	}
	if c.first.gs2.bindingType() != "" && len(c.x.Binding) == 0 {
		notes = append(notes, "the channel-binding data were taken from c=, because the TLS connection's own are not known")
	}
	return strings.Join(notes, "; ")
}
