package sasl

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// scramMechanism makes the two functions of one member of the family.
func scramMechanism(hash namedHash, plus bool) (func(*Exchange, int) Decoded, func(*Exchange, *Secret) Verdict) {
	decode := func(x *Exchange, i int) Decoded { return decodeScram(x, i, hash, plus) }
	verify := func(x *Exchange, s *Secret) Verdict { return verifyScram(x, s, hash) }
	return decode, verify
}

func decodeScram(x *Exchange, i int, hash namedHash, plus bool) Decoded {
	p := newPage(x, i)
	if p.empty() {
		if p.m.Kind == SuccessData && !x.signed(i) {
			p.fault("scram-no-server-signature", 0, refScram, "success without v=: the server did not prove that it knows the password")
			p.summary("accepted, but the server proved nothing")
		}
		return p.d
	}
	s := readScram(x)
	r := scramReader{page: p, s: &s, hash: hash, plus: plus}
	switch s.role[i] {
	case clientFirst:
		r.msg = parseScram(p.data, clientFirst)
		r.clientFirst()
	case serverFirst:
		r.msg = parseScram(p.data, serverFirst)
		r.serverFirst()
	case clientFinal:
		r.msg = parseScram(p.data, clientFinal)
		r.clientFinal()
	default:
		r.msg = parseScram(p.data, serverFinal)
		r.serverFinal()
	}
	p.d.Faults = append(r.msg.faults, p.d.Faults...)
	return p.d
}

// signed says whether a message before i carried the server's signature or
// error: it may come in a challenge, with an empty success after it, or before
// a further task (XEP-0388 §2.6.3).
func (x *Exchange) signed(i int) bool {
	for _, m := range x.Messages[:i] {
		if !m.Kind.FromInitiator() && (bytes.HasPrefix(m.Data, []byte("v=")) || bytes.HasPrefix(m.Data, []byte("e="))) {
			return true
		}
	}
	return false
}

// scramReader writes the fields of one message.
type scramReader struct {
	*page
	s    *scram
	msg  *scramMsg
	hash namedHash
	plus bool
}

// each shows the attributes in wire order; meaning explains a letter, and
// anything it does not know is an extension or junk.
func (r *scramReader) each(meaning func(a scramAttr) string) {
	for _, a := range r.msg.attrs {
		text := ""
		if a.key != 0 {
			text = meaning(a)
		}
		switch {
		case a.key == 0:
			r.text("?", a.whole, "no attribute")
		case text == "":
			r.text(string(rune(a.key)), a.value, "an extension that is not known here")
		case a.key == 'n' && r.msg.role == clientFirst:
			r.add(Field{Name: "n", Value: printable([]byte(scramName(a.value.of(r.data)))), Meaning: text, Span: a.value})
		default:
			r.text(string(rune(a.key)), a.value, text)
		}
	}
}

func (r *scramReader) clientFirst() {
	m := r.msg
	if !m.gs2.flag.empty() {
		r.text("gs2-cbind-flag", m.gs2.flag, r.flagMeaning())
	}
	if m.gs2.hasAuth {
		r.add(Field{Name: "a", Value: printable([]byte(scramName(m.gs2.authzid.of(r.data)))), Meaning: "act as this identity", Span: m.gs2.authzid})
		r.nameFaults(m.gs2.authzid)
	}
	name := ""
	r.each(func(a scramAttr) string {
		switch a.key {
		case 'n':
			name = scramName(a.value.of(r.data))
			r.nameFaults(a.value)
			return "the username: who logs in" + nameNote(name)
		case 'r':
			r.nonceFaults(a.value)
			return "the client's nonce: random text, new in every login"
		case 'm':
			return "a mandatory extension"
		}
		return ""
	})
	r.bindingFaults()
	r.summary("user %s, the password stays at home", short(printable([]byte(name))))
}

func (r *scramReader) flagMeaning() string {
	flag := r.msg.gs2.flagText()
	switch {
	case flag == "n":
		return "the client does not do channel binding"
	case flag == "y":
		return "the client could do channel binding, but believes that the server cannot"
	case strings.HasPrefix(flag, "p="):
		return "the client binds this login to the TLS connection, in the way named"
	}
	return "not a flag of the specification"
}

func (r *scramReader) serverFirst() {
	m := r.msg
	r.each(func(a scramAttr) string {
		switch a.key {
		case 'r':
			return r.serverNonce(a)
		case 's':
			salt := r.base64(a)
			return "the salt, " + plural(len(salt), "byte") + ": makes equal passwords look different"
		case 'i':
			return r.iterations(a)
		case 'h':
			return r.listHash(a)
		case 't':
			return r.tlsVersion(a)
		case 'm':
			return "a mandatory extension"
		}
		return ""
	})
	r.summary("salt and iteration count %s", short(printable(m.value('i'))))
}

func (r *scramReader) clientFinal() {
	r.each(func(a scramAttr) string {
		switch a.key {
		case 'c':
			return r.cbindInput(a)
		case 'r':
			if want := r.s.serv.value('r'); want != nil && !bytes.Equal(want, a.value.of(r.data)) {
				r.fault("scram-nonce-changed", a.value.Start, refScramAttrs, "the nonce is not the one the server sent")
			}
			return "both nonces, as the server sent them"
		case 'p':
			r.hashSized(a, "the proof")
			return "ClientProof: shows that the client knows the password, without telling it"
		}
		return ""
	})
	r.summary("the client's proof")
}

func (r *scramReader) serverFinal() {
	outcome := "the server's proof"
	r.each(func(a scramAttr) string {
		switch a.key {
		case 'v':
			r.hashSized(a, "the signature")
			return "ServerSignature: shows that the server knows the password's key too"
		case 'e':
			outcome = "the server refuses: " + short(printable(a.value.of(r.data)))
			return scramErrorMeaning(string(a.value.of(r.data)))
		}
		return ""
	})
	r.summary("%s", outcome)
}

// base64 decodes an attribute and reports its faults at their byte of the
// message.
func (r *scramReader) base64(a scramAttr) []byte {
	out, faults, _ := decodeBase64(a.value.of(r.data), refScram)
	for _, f := range faults {
		r.fault(ruleScram, a.value.Start+f.Pos, refScram, "in the base64 of %c=: %s", a.key, f.Text)
	}
	return out
}

func (r *scramReader) hashSized(a scramAttr, what string) {
	if got := len(r.base64(a)); got != r.hash.size() {
		r.fault(ruleScram, a.value.Start, refScram, "%s has %s, but %s gives %d", what, plural(got, "byte"), r.hash.name, r.hash.size())
	}
}

func (r *scramReader) serverNonce(a scramAttr) string {
	nonce := a.value.of(r.data)
	r.printableOnly(a.value)
	client := r.s.first.value('r')
	if client == nil {
		return "both nonces: the client's and then the server's"
	}
	own, ok := bytes.CutPrefix(nonce, client)
	if !ok {
		r.fault("scram-nonce-not-extended", a.value.Start, refScramAttrs, "the nonce does not start with the client's: this may be an answer to somebody else")
		return "should be the client's nonce and then the server's"
	}
	if len(own) == 0 {
		r.fault("scram-nonce-not-extended", a.value.End, refScramAttrs, "the server added nothing to the client's nonce")
	}
	return "both nonces: the client's, then the server's " + short(printable(own))
}

func (r *scramReader) iterations(a scramAttr) string {
	text := string(a.value.of(r.data))
	n, ok := iterationCount(text)
	switch {
	case !ok:
		r.fault(ruleScram, a.value.Start, refScram, "the iteration count must be a number above 0 without a leading zero")
		return "should be the iteration count"
	case n < 4096:
		r.fault("scram-iterations-low", a.value.Start, refScramAttrs, "fewer than 4096 iterations make guessing the password cheap")
	case n > 1_000_000:
		r.fault("scram-iterations-low", a.value.Start, refScramAttrs, "more than a million iterations stall the client")
	}
	return "the iteration count: how often the password is hashed, to make guessing slow"
}

// iterationCount reads i=. Counts over nine digits are cut to the largest that
// is still read, far over any limit.
func iterationCount(text string) (int, bool) {
	if text == "" || text[0] == '0' || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	if len(text) > 9 {
		return 999_999_999, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// scramName undoes the escapes of a name, RFC 5802 §5.1.
func scramName(b []byte) string {
	return strings.NewReplacer("=2C", ",", "=3D", "=").Replace(string(b))
}

func (r *scramReader) nameFaults(span Span) {
	name := span.of(r.data)
	for i := 0; i < len(name); i++ {
		if name[i] != '=' {
			continue
		}
		if next := string(name[i+1 : min(i+3, len(name))]); next != "2C" && next != "3D" {
			r.fault("scram-name-escape", span.Start+i, refScramAttrs, "\"=\" in a name must be written \"=3D\", a comma \"=2C\"")
			break
		}
	}
	if at := invalidUTF8(name); at >= 0 {
		r.fault(ruleScram, span.Start+at, refScram, "the name is not valid UTF-8")
	}
}

// nameNote says what SASLprep makes of a username.
func nameNote(name string) string {
	const longest = 1023 // no longer name is valid in XMPP, RFC 7622 §3.1
	if len(name) > longest {
		return ""
	}
	if note := prepare(name).note(); note != "" {
		return fmt.Sprintf("; not in normal form: %s", note)
	}
	return ""
}

func (r *scramReader) nonceFaults(span Span) {
	r.printableOnly(span)
	if n := span.End - span.Start; n > 0 && n < 12 {
		r.fault("scram-nonce-reused", span.Start, refScramAttrs, "a nonce of %s is short enough to come twice", plural(n, "character"))
	}
}

func (r *scramReader) printableOnly(span Span) {
	for i, c := range span.of(r.data) {
		if c < 0x21 || c > 0x7E {
			r.fault(ruleScram, span.Start+i, refScram, "a nonce may hold only printable ASCII")
			return
		}
	}
}
