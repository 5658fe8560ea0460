package sasl

import (
	"slices"
	"strings"

	"xmppscope/decode/spec"
)

// Mechanism is one way to log in. Decode and Verify never fail on what they
// are given.
type Mechanism struct {
	Name   string // as in a list of mechanisms; for a family, its pattern
	Ref    spec.Ref
	Doc    string // one sentence for a learner
	Match  func(name string) bool
	Decode func(x *Exchange, i int) Decoded
	Verify func(x *Exchange, s *Secret) Verdict

	authcid, authzid string // the fields that hold the two identities
}

// Mechanisms lists the table. The slice is a copy.
func Mechanisms() []Mechanism { return slices.Clone(mechanisms) }

// Lookup finds the mechanism of that name; letter case does not matter, so
// that a misspelt name is read all the same. It never answers nil: what is
// not known is shown as text or hexadecimal.
func Lookup(name string) *Mechanism {
	upper := strings.ToUpper(name)
	for i := range mechanisms {
		if m := &mechanisms[i]; m.Name == upper || m.Match != nil && m.Match(upper) {
			return m
		}
	}
	return &unknown
}

// Known says that the mechanism is in the table, letter case apart.
func Known(name string) bool { return Lookup(name) != &unknown }

var unknown = Mechanism{Doc: "A mechanism that is not known here.", Ref: spec.RFC(4422, "3"), Decode: decodeUnknown, Verify: verifyUnknown}

// mechanisms is the table: one line a mechanism, written once at start.
var mechanisms = []Mechanism{
	{Name: "PLAIN", Ref: refPlain, Doc: "Name and password as they are; only TLS protects them.", Decode: decodePlain, Verify: verifyPlain, authcid: "authcid", authzid: "authzid"},
	{Name: "EXTERNAL", Ref: refExternal, Doc: "The identity was proven elsewhere, usually by a TLS client certificate.", Decode: decodeExternal, Verify: verifyExternal, authzid: "authzid"},
	{Name: "ANONYMOUS", Ref: spec.RFC(4505, "2"), Doc: "No account: the server lets guests in.", Decode: decodeAnonymous, Verify: verifyAnonymous},
	{Name: "CRAM-MD5", Ref: refCRAM, Doc: "A digest of the server's challenge under the password; old and weak.", Decode: decodeCRAM, Verify: verifyCRAM, authcid: "user"},
	{Name: "DIGEST-MD5", Ref: spec.RFC(2831, "2.1"), Doc: "A digest over names, nonces and password, both ways; historic since RFC 6331.", Decode: decodeDigest, Verify: verifyDigest, authcid: "username", authzid: "authzid"},
	scramLine("SHA-1", spec.RFC(5802, "5"), false),
	scramLine("SHA-1", spec.RFC(5802, "6"), true),
	scramLine("SHA-224", spec.RFC(5802, "4"), false),
	scramLine("SHA-224", spec.RFC(5802, "4"), true),
	scramLine("SHA-256", spec.RFC(7677, "3"), false),
	scramLine("SHA-256", spec.RFC(7677, "3"), true),
	scramLine("SHA-384", spec.RFC(5802, "4"), false),
	scramLine("SHA-384", spec.RFC(5802, "4"), true),
	scramLine("SHA-512", spec.Draft("draft-melnikov-scram-sha-512", ""), false),
	scramLine("SHA-512", spec.Draft("draft-melnikov-scram-sha-512", ""), true),
	scramLine("SHA3-512", spec.Draft("draft-melnikov-scram-sha3-512", ""), false),
	scramLine("SHA3-512", spec.Draft("draft-melnikov-scram-sha3-512", ""), true),
	{Name: "OAUTHBEARER", Ref: spec.RFC(7628, "3"), Doc: "A token from an OAuth server in place of a password.", Decode: decodeOAuth, Verify: verifyOAuth, authzid: "a"},
	{Name: "X-OAUTH2", Ref: spec.RFC(6750, ""), Doc: "A private forerunner of OAUTHBEARER: the token stands where PLAIN has the password.", Match: isXOAuth2, Decode: decodeXOAuth2, Verify: verifyXOAuth2, authcid: "authcid", authzid: "authzid"},
	{Name: "HT-*", Ref: refHT, Doc: "Proof by a token that an earlier login gave out: fast, and bound to the TLS connection.", Match: isHT, Decode: decodeHT, Verify: verifyHT, authcid: "authcid"},
	{Name: "GSSAPI", Ref: spec.RFC(4752, "3"), Doc: "Kerberos tickets: single sign-on inside an organisation.", Match: isGSSAPI, Decode: decodeGSSAPI, Verify: verifyGSSAPI},
	{Name: "LOGIN", Ref: spec.Draft("draft-murchison-sasl-login", ""), Doc: "Two prompts, two answers in clear; never standardised.", Decode: decodeLogin, Verify: verifyLogin, authcid: "username"},
	{Name: "X-FACEBOOK-PLATFORM", Ref: spec.RFC(4422, "3"), Doc: "A private mechanism of a service that is gone: values as in a web form.", Decode: decodeFacebook, Verify: verifyUnknown},
	{Name: IQAuth, Ref: spec.XEP(78, "3.1"), Doc: "The login before SASL: password or a digest of it in an iq.", Decode: decodeIQAuth, Verify: verifyIQAuth, authcid: "username"},
	{Name: Component, Ref: spec.XEP(114, "3"), Doc: "An add-on proves a secret it shares with the server.", Decode: decodeComponent, Verify: verifyComponent},
	{Name: Dialback, Ref: spec.XEP(185, "2"), Doc: "A key that the receiving server has checked by calling the sender's domain back.", Decode: decodeDialback, Verify: verifyDialback},
}

func scramLine(hash string, ref spec.Ref, plus bool) Mechanism {
	m := Mechanism{Name: "SCRAM-" + hash, Ref: ref, authcid: "n", authzid: "a",
		Doc: "Proves the password without telling it, in both directions; hash " + hash + "."}
	if plus {
		m.Name += "-PLUS"
		m.Doc = "SCRAM with hash " + hash + ", tied to the TLS connection so that nobody can stand between."
	}
	m.Decode, m.Verify = scramMechanism(hashNamed(hash), plus)
	return m
}

func isXOAuth2(name string) bool { return name == "X-GOOGLE-TOKEN" || name == "XOAUTH2" }

func isGSSAPI(name string) bool { return name == "GSS-SPNEGO" }
