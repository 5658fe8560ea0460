package course

import (
	"bytes"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// beyond finds in a remark the channel-binding data of the TLS connection
// between the proxy and the server.
var beyond = regexp.MustCompile(` of that is ([0-9a-f]+)`)

// bindAnew makes the last message of a login with SCRAM-SHA-256-PLUS anew for
// the TLS connection behind the proxy, as somebody between does who has the
// password (RFC 5802 §3, §6): other data in c=, and another proof. What it needs
// has passed before.
func bindAnew(store *inspector.Store, text, password string) (*string, error) {
	var first, server string
	var data []byte
	for i := range store.Len() {
		e, err := store.Event(i)
		if err != nil {
			return nil, err
		}
		if m := beyond.FindStringSubmatch(e.Note); m != nil {
			data, _ = hex.DecodeString(m[1])
		}
		switch e.Step {
		case decode.StepSASLAuth:
			first = inBase64(string(e.Text()))
		case decode.StepSASLChallenge:
			server = inBase64(string(e.Text()))
		}
	}
	header, bare, ok := strings.Cut(first, ",,")
	final := inBase64(text)
	without, _, proved := strings.Cut(final, ",p=")
	nonce := strings.Index(without, ",r=")
	if len(data) == 0 || !ok || !proved || nonce < 0 {
		return nil, errors.New("there is no bound login of SCRAM that could be made anew, or no remark about the server's own connection")
	}
	without = "c=" + base64.StdEncoding.EncodeToString(append([]byte(header+",,"), data...)) + without[nonce:]
	p, err := scramProof(password, server, bare+","+server+","+without)
	if err != nil {
		return nil, err
	}
	open, end := strings.IndexByte(text, '>'), strings.LastIndex(text, "</")
	out := text[:open+1] + base64.StdEncoding.EncodeToString([]byte(without+",p="+p)) + text[end:]
	return &out, nil
}

// scramProof is ClientProof of SCRAM-SHA-256 in base64 (RFC 5802 §3).
func scramProof(password, server, auth string) (string, error) {
	var salt []byte
	rounds := 0
	for part := range strings.SplitSeq(server, ",") {
		if v, ok := strings.CutPrefix(part, "s="); ok {
			salt, _ = base64.StdEncoding.DecodeString(v)
		}
		if v, ok := strings.CutPrefix(part, "i="); ok {
			rounds, _ = strconv.Atoi(v)
		}
	}
	if len(salt) == 0 || rounds < 1 || rounds > 100_000 {
		return "", errors.New("the server's message has no salt, or no count")
	}
	salted, err := pbkdf2.Key(sha256.New, password, salt, rounds, sha256.Size)
	if err != nil {
		return "", err
	}
	mac := func(key []byte, text string) []byte {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(text))
		return m.Sum(nil)
	}
	client := mac(salted, "Client Key")
	stored := sha256.Sum256(client)
	proof := mac(stored[:], auth)
	for i := range proof {
		proof[i] ^= client[i]
	}
	return base64.StdEncoding.EncodeToString(proof), nil
}

// inBase64 is what the text of an element stands for; empty where it is no
// base64.
func inBase64(text string) string {
	open, end := strings.IndexByte(text, '>'), strings.LastIndex(text, "</")
	if open < 0 || end <= open {
		return ""
	}
	raw, err := base64.StdEncoding.DecodeString(text[open+1 : end])
	if err != nil || bytes.IndexByte(raw, 0) >= 0 {
		return ""
	}
	return string(raw)
}
