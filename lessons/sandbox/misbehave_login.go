package sandbox

import (
	"encoding/base64"
	"strings"
)

// refusals are the conditions of RFC 6120 §6.5.
var refusals = [...]string{"aborted", "account-disabled", "credentials-expired", "encryption-required", "incorrect-encoding", "invalid-authzid", "invalid-mechanism",
	"malformed-request", "mechanism-too-weak", "not-authorized", "temporary-auth-failure"}

// loginFaults refuse every login, each with one condition.
func loginFaults() (all []misbehaviour) {
	for _, name := range refusals {
		all = append(all, misbehaviour{Misbehaviour: Misbehaviour{Name: "sasl-failure-" + name, Condition: name, About: "refuses every login with <" + name + "/>"}, refuse: name})
	}
	return append(all, misbehaviour{Misbehaviour: Misbehaviour{Name: "sasl-failure-no-condition", Rule: "sasl-failure-no-condition", About: "refuses every login without saying why"},
		refuse: "not-authorized", alter: on("failure", func(xml string) string {
			return strings.Replace(xml, "<not-authorized/>", "", 1)
		})})
}

// spoken changes what a challenge or a success says.
func spoken(name string, f func(data string) string) func(*conn, string) string {
	return on(name, func(xml string) string {
		i, k := strings.Index(xml, ">"), strings.LastIndex(xml, "</")
		if k < i {
			return xml
		}
		data, err := base64.StdEncoding.DecodeString(xml[i+1 : k])
		if err != nil {
			return xml
		}
		return xml[:i+1] + encode([]byte(f(string(data)))) + xml[k:]
	})
}

// otherNonce begins the nonce of a challenge with another character (RFC 5802 §5.1).
func otherNonce(s string) string {
	switch {
	case !strings.HasPrefix(s, "r=") || len(s) < 3:
		return s
	case s[2] == 'X':
		return "r=Y" + s[3:]
	}
	return "r=X" + s[3:]
}

// scramFaults are in what the server says while somebody logs in.
func scramFaults() []misbehaviour {
	flip := func(s string) string {
		if v, ok := strings.CutPrefix(s, "v="); ok && len(v) > 4 {
			mac, err := base64.StdEncoding.DecodeString(v)
			if err == nil {
				mac[0] ^= 1
				return "v=" + base64.StdEncoding.EncodeToString(mac)
			}
		}
		return s
	}
	return []misbehaviour{
		{Misbehaviour: Misbehaviour{Name: "scram-nonce", Rule: "scram-nonce-not-extended", About: "does not begin its nonce with that of the client"},
			alter: spoken("challenge", otherNonce)},
		{Misbehaviour: Misbehaviour{Name: "scram-iterations", Rule: "scram-iterations-low", About: "asks for no more than 1000 rounds"}},
		{Misbehaviour: Misbehaviour{Name: "scram-signature", Rule: "scram-server-signature-wrong", About: "signs wrongly, as a server that does not know the password"},
			alter: spoken("success", flip)},
		{Misbehaviour: Misbehaviour{Name: "scram-no-signature", Rule: "scram-no-server-signature", About: "does not sign"},
			alter: on("success", func(string) string { return element("", "success", "xmlns", nsSASL) })},
		{Misbehaviour: Misbehaviour{Name: "sasl-base64", Rule: "sasl-base64-illegal", About: "breaks the base64 of its challenges into lines"},
			alter: on("challenge", func(xml string) string {
				i := strings.Index(xml, ">")
				return xml[:min(i+9, len(xml))] + "\n" + xml[min(i+9, len(xml)):]
			})},
		{Misbehaviour: Misbehaviour{Name: "sasl-whitespace", Rule: "sasl-whitespace", About: "puts a line end behind its challenges"},
			alter: on("challenge", func(xml string) string { return xml + "\n" })},
	}
}
