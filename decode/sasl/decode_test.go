package sasl

import (
	"strings"
	"testing"
)

// Each case is an exchange; wanted are the fields and faults of its last
// message.
var decodeCases = []struct {
	name, mechanism, transcript string
	fields, rules               string
}{
	// PLAIN, RFC 4616
	{"PLAIN with authzid", "PLAIN", `C: "romeo@localhost\0juliet\0secret"`, "authzid=romeo@localhost | authcid=juliet | *passwd=secret", ""},
	{"PLAIN in the wrong order of SASL 2's own example", "PLAIN sasl2", "C: AGFsaWNlQGV4YW1wbGUub3JnCjM0NQ==", "authzid= | authcid=alice@example.org\n345 | *passwd=", "plain-malformed@22"},
	{"PLAIN without NUL", "PLAIN", `C: "juliet:secret"`, "*data=juliet:secret", "plain-malformed@13"},
	{"PLAIN with three NULs", "PLAIN", `C: "\0a\0b\0c"`, "authzid= | authcid=a | *passwd=b\x00c", "plain-malformed@4"},
	{"PLAIN without a name", "PLAIN", `C: "\0\0b"`, "authzid= | authcid= | *passwd=b", "plain-malformed@1"},
	{"PLAIN without a password", "PLAIN", `C: "\0a\0"`, "authzid= | authcid=a | *passwd=", "plain-malformed@3"},
	{"PLAIN in Latin-1", "PLAIN", "C: AGpvc+kAcA==", `authzid= | authcid=jos⟨E9⟩ | *passwd=p`, "plain-malformed@4"},
	{"PLAIN as an empty element", "PLAIN", "C: -", "", ""},
	{"PLAIN with data from the server", "PLAIN", "C: -\nS: \"hello\"", "data=hello", ""},
	{"PLAIN that is no base64 at all", "PLAIN", "C: ***not-base64***", "*data=⟨9E⟩⟨8B⟩~m⟨AB⟩\x1e⟨EB⟩", "sasl-base64-illegal@base64:0 sasl-base64-illegal@base64:6 sasl-base64-padding@base64:12 sasl-base64-padding@base64:16"},
	// the username rules of RFC 6120
	{"a whole address as username", "PLAIN domain=ceit.org", `C: "\0mbed@ceit.org\0mirror"`, "authzid= | authcid=mbed@ceit.org | *passwd=mirror", "sasl-username-is-jid@1"},
	{"a resource in the authzid", "PLAIN domain=localhost", `C: "romeo@localhost/balcony\0romeo\0x"`, "authzid=romeo@localhost/balcony | authcid=romeo | *passwd=x", "sasl-authzid-full-jid@0"},
	{"an authzid that says nothing", "PLAIN domain=localhost", `C: "romeo@localhost\0romeo\0x"`, "authzid=romeo@localhost | authcid=romeo | *passwd=x", "sasl-authzid-needless@0"},
	// ANONYMOUS, EXTERNAL
	{"ANONYMOUS, RFC 4505 §3", "ANONYMOUS", "C: c2lyaGM=", "trace=sirhc", ""},
	{"ANONYMOUS with 256 characters", "ANONYMOUS", `C: "` + strings.Repeat("é", 256) + `"`, "trace=" + strings.Repeat("é", 256), "anonymous-trace@510"},
	{"EXTERNAL, RFC 4422 App. A", "EXTERNAL", "C: ZnJlZEBleGFtcGxlLmNvbQ==", "authzid=fred@example.com", ""},
	{"EXTERNAL between servers, XEP-0178 §3", "EXTERNAL", "C: Y2FwdWxldC5saXQ=", "authzid=capulet.lit", ""},
	{"EXTERNAL with =", "EXTERNAL", "C: =", "authzid=", ""},
	{"EXTERNAL as an empty element", "EXTERNAL", "C: -", "", "sasl-empty-not-equals@0"},
	{"EXTERNAL with a NUL", "EXTERNAL", `C: "a\0b"`, "authzid=a\x00b", "sasl-malformed@1"},
	// CRAM-MD5, LOGIN
	{"CRAM-MD5 without blank", "CRAM-MD5", "C: -\nS: \"<1.2@h>\"\nC: \"tim\"", "data=tim", "sasl-malformed@3"},
	{"CRAM-MD5 with a blank in the name", "CRAM-MD5", "C: -\nS: \"<1.2@h>\"\nC: \"tim of b b913a602c7eda7a495b4e6e7334d3890\"", "user=tim of b | digest=b913a602c7eda7a495b4e6e7334d3890", ""},
	{"CRAM-MD5 in upper case", "CRAM-MD5", "C: -\nS: \"<1.2@h>\"\nC: \"tim B913A602C7EDA7A495B4E6E7334D3890\"", "user=tim | digest=B913A602C7EDA7A495B4E6E7334D3890", "sasl-malformed@4"},
	{"CRAM-MD5 challenge of another form", "CRAM-MD5", "C: -\nS: \"hello\"", "challenge=hello", "sasl-malformed@0"},
	{"LOGIN by its prompts", "LOGIN", "C: -\nS: \"Username:\"\nC: \"tim\"\nS: \"Password:\"\nC: \"secret\"", "*password=secret", ""},
	{"LOGIN with the name sent first", "LOGIN", "C: \"tim\"\nS: \"\"\nC: \"secret\"", "*password=secret", ""},
	{"LOGIN, name", "LOGIN", "C: -\nS: \"User Name\\0\"\nC: \"tim\"", "username=tim", ""},
	// families and strangers
	{"X-OAUTH2", "X-OAUTH2", `C: "\0tim\0ya29.token"`, "authzid= | authcid=tim | *token=ya29.token", ""},
	{"X-FACEBOOK-PLATFORM", "X-FACEBOOK-PLATFORM", "C: -\nS: \"version=1&method=auth.xmpp_login&nonce=AA%2F1\"\nC: \"api_key=1&access_token=s%20x&v\"", "api_key=1 | *access_token=s x | *data=v", ""},
	{"an unknown mechanism, text", "X-WHAT", `C: "hello"`, "*data=hello", ""},
	{"an unknown mechanism, bytes", "X-WHAT", "C: AAEC", "*data=000102", ""},
	{"a name in lower case", "plain", `C: "\0a\0b"`, "authzid= | authcid=a | *passwd=b", ""},
	{"GSSAPI", "GSSAPI", "C: YBEGCSqGSIb3EgECAgEAb2I=", "mechanism=1.2.840.113554.1.2.2 | token=01006f62", ""},
	{"GSSAPI with an impossible length", "GSSAPI", "C: YBEG/yqGSIb3", "token=601106ff2a864886f7", ""},
	{"SPNEGO", "GSS-SPNEGO", "C: YAgGBisGAQUFAqA=", "mechanism=1.3.6.1.5.5.2 | token=a0", ""},
	{"GSSAPI, cut inside its frame", "GSSAPI", "C: YBEGCSqG", "token=601106092a86", ""},
	{"GSSAPI, the last message", "GSSAPI", "C: -\nS: BQQF/wAMAAA=", "token=050405ff000c0000", ""},
	// HT-*, draft-schmaus-kitten-sasl-ht
	{"HT without NUL", "HT-SHA-256-NONE", `C: "user"`, "data=user", "sasl-malformed@4"},
	{"HT with a short hash", "HT-SHA-256-NONE", "C: dXNlcgDJ3s0=", "authcid=user | initiator-hashed-token=c9decd", "sasl-malformed@5"},
	{"HT success without proof", "HT-SHA-256-NONE", "C: dXNlcgDJ3s0Hg2BTkXBlL/Va7wheuz6Y984Q7IUG1CzK1FTBIQ==\nS: success", "", "sasl-malformed@0"},
	// OAUTHBEARER, RFC 7628
	{"OAUTHBEARER", "OAUTHBEARER", `C: "n,a=user@example.com,^Ahost=server.example.com^Aport=143^Aauth=Bearer abc==^A^A"`, "gs2-cbind-flag=n | a=user@example.com | host=server.example.com | port=143 | *auth=Bearer abc==", ""},
	{"OAUTHBEARER with a JSON web token", "OAUTHBEARER", `C: "n,,^Aauth=Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyIn0.c2ln^A^A"`, `gs2-cbind-flag=n | *auth=Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyIn0.c2ln | jwt header={"alg":"none"} | jwt claims={"sub":"user"}`, ""},
	{"OAUTHBEARER error, RFC 7628 §4.3", "OAUTHBEARER", "C: -\nS: eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NvcGUiOiJleGFtcGxlX3Njb3BlIiwib3BlbmlkLWNvbmZpZ3VyYXRpb24iOiJodHRwczovL2V4YW1wbGUuY29tLy53ZWxsLWtub3duL29wZW5pZC1jb25maWd1cmF0aW9uIn0=", "status=invalid_token | scope=example_scope | openid-configuration=https://example.com/.well-known/openid-configuration", ""},
	{"OAUTHBEARER, the error was read", "OAUTHBEARER", "C: -\nS: e30=\nC: AQ==", "dummy=01", ""},
	{"OAUTHBEARER error that is no JSON", "OAUTHBEARER", "C: -\nS: \"no\"", "data=no", "sasl-malformed@0"},
	{"OAUTHBEARER without a token", "OAUTHBEARER", `C: "n,,^Ahost=h^A"`, "gs2-cbind-flag=n | host=h", "sasl-malformed@11 sasl-malformed@11"},
}

func TestDecode(t *testing.T) {
	for _, c := range decodeCases {
		x := play(t, c.mechanism, c.transcript)
		d := Decode(x, len(x.Messages)-1)
		if got := fields(d); got != c.fields {
			t.Errorf("%s: fields\n got %q\nwant %q", c.name, got, c.fields)
		}
		if got := rules(d); got != c.rules {
			t.Errorf("%s: faults\n got %q\nwant %q", c.name, got, c.rules)
		}
		if d.Summary == "" {
			t.Errorf("%s: no summary", c.name)
		}
	}
}

// The logins that are no SASL mechanism, by their parts.
func TestDecodeParts(t *testing.T) {
	for _, c := range []struct {
		name          string
		x             Exchange
		kind          Kind
		parts         []Part
		fields, rules string
	}{
		{"IQ-AUTH in clear, XEP-0078 §3.1", Exchange{Mechanism: IQAuth}, InitialResponse,
			[]Part{{"username", "bill"}, {"password", "Calli0pe"}, {"resource", "globe"}}, "username=bill | *password=Calli0pe | resource=globe", ""},
		{"IQ-AUTH with a digest in upper case", Exchange{Mechanism: IQAuth}, InitialResponse,
			[]Part{{"username", "bill"}, {"digest", "48FC78BE9EC8F86D8CE1C39C320C97C21D62334D"}}, "username=bill | digest=48FC78BE9EC8F86D8CE1C39C320C97C21D62334D", "sasl-malformed@6"},
		{"IQ-AUTH with a stranger", Exchange{Mechanism: IQAuth}, InitialResponse, []Part{{"hat", "top"}}, "hat=top", ""},
		{"COMPONENT cut short", Exchange{Mechanism: Component}, InitialResponse, []Part{{"handshake", "aaee83"}}, "handshake=aaee83", "component-handshake@6"},
		{"COMPONENT, the answer", Exchange{Mechanism: Component}, SuccessData, nil, "", ""},
		{"DIALBACK of another form", Exchange{Mechanism: Dialback}, InitialResponse, []Part{{"key", "98AF014EDC0"}}, "key=98AF014EDC0", ""},
		{"DIALBACK, the answer with its key", Exchange{Mechanism: Dialback}, SuccessData, []Part{{"key", "98AF014EDC0"}}, "key=98AF014EDC0", ""},
	} {
		x := c.x
		x.AddParts(c.kind, c.parts...)
		d := Decode(&x, 0)
		if fields(d) != c.fields || rules(d) != c.rules || d.Summary == "" {
			t.Errorf("%s: %q %q %q", c.name, fields(d), rules(d), d.Summary)
		}
	}
}
