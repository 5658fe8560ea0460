package sasl

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

// wrongProof finds out why the proof does not fit. It tries what commonly goes
// wrong, one change at a time: first other texts to sign, which cost nothing,
// then other keys.
func (c *scramCheck) wrongProof() Verdict {
	wire := string(c.final.value('p'))
	for _, try := range c.otherTexts() {
		if c.keys.proof(c.hash, try.auth) == wire {
			return c.v.judge(false, try.why, try.differs)
		}
	}
	for _, try := range c.otherKeys() {
		if c.derive(try.password, try.salt, try.iterations).proof(c.hash, try.auth) == wire {
			return c.v.judge(false, try.why, try.differs)
		}
	}
	if name, why := c.disagreement(); name != "" {
		return c.v.judge(false, strings.Replace(why, "the proof fits the password, but", "the proof does not fit the password, and", 1), "password", name)
	}
	return c.v.judgePassword(c.x, "or salt, iteration count or another text was changed between the two ends", "password", "salt", "iterations")
}

// otherText is another AuthMessage the client may have signed.
type otherText struct {
	differs, why string
	auth         []byte
}

func (c *scramCheck) otherTexts() []otherText {
	bare, serv, final := c.first.bare(), c.serv.data, c.final.withoutProof()
	tries := []otherText{
		{"client-first", "the proof fits if the whole first message is signed: the GS2 header must be left out of AuthMessage", authMessage(c.first.data, serv, final)},
		{"client-final", "the proof fits if p= is signed too: AuthMessage must end before it", authMessage(bare, serv, c.final.data)},
	}
	try := func(differs, why string, auth []byte) { tries = append(tries, otherText{differs, why, auth}) }

	nonce := c.serv.value('r')
	if nonce != nil && !bytes.Equal(nonce, c.final.value('r')) {
		try("nonce", "the proof fits the server's nonce: r= in the last message was changed on its way", authMessage(bare, serv, c.final.with('r', nonce)))
		try("nonce", "the proof fits the client's last nonce: r= in the server's message was changed on its way", authMessage(bare, c.serv.with('r', c.final.value('r')), final))
	}
	for _, input := range c.otherInputs() {
		encoded := []byte(base64.StdEncoding.EncodeToString(input.data))
		try(input.differs, input.why, authMessage(bare, serv, c.final.with('c', encoded)))
	}
	if plain := c.serv.withoutExtensions("rsi"); len(plain) < len(serv) {
		try("extension", "the proof fits if the server's message ends after i=: its extensions were added on their way, or the client left them out", authMessage(bare, plain, final))
	}
	if name := c.first.value('n'); name != nil {
		if local, _, ok := strings.Cut(string(name), "@"); ok {
			try("username", "the proof fits the username without its domain", authMessage(c.first.with('n', []byte(local)), serv, final))
		} else if c.x.Domain != "" {
			try("username", "the proof fits the username with its domain", authMessage(c.first.with('n', []byte(string(name)+"@"+c.x.Domain)), serv, final))
		}
		if prep := prepare(string(name)); prep.changed {
			try("username", "the proof fits the username in its SASLprep form", authMessage(c.first.with('n', []byte(prep.text)), serv, final))
		}
	}
	return tries
}

// otherInput is another content of c=.
type otherInput struct {
	differs, why string
	data         []byte
}

func (c *scramCheck) otherInputs() []otherInput {
	header := c.first.gs2.text()
	input, _, _ := decodeBase64(c.final.value('c'), refScram)
	var tries []otherInput
	if !bytes.HasPrefix(input, header) {
		tries = append(tries, otherInput{"gs2-header", "the proof fits a c= that repeats the GS2 header: c= was changed on its way", header})
	}
	if len(c.x.Binding) > 0 {
		tries = append(tries, otherInput{"channel-binding", "the proof fits the channel-binding data of this TLS connection: c= was changed on its way", slices.Concat(header, c.x.Binding)})
	}
	for _, flag := range []string{"n", "y"} {
		if !strings.HasPrefix(string(header), flag+",") {
			authzid := ""
			if c.first.gs2.hasAuth {
				authzid = "a=" + string(c.first.gs2.authzid.of(c.first.data))
			}
			tries = append(tries, otherInput{"gs2-header", "the proof fits the GS2 flag \"" + flag + "\": the header was changed on its way", []byte(flag + "," + authzid + ",")})
		}
	}
	if c.first.gs2.hasAuth {
		tries = append(tries, otherInput{"authzid", "the proof fits a GS2 header without the authorization identity", []byte(c.first.gs2.flagText() + ",,")})
	}
	return tries
}

// otherKey is another way to derive the key.
type otherKey struct {
	differs, why string
	password     string
	salt         []byte
	iterations   int
	auth         []byte
}

// cheapIterations bounds the keys that are derived only to find a reason.
const cheapIterations = 50_000

func (c *scramCheck) otherKeys() []otherKey {
	var tries []otherKey
	try := func(differs, why, password string, salt []byte, iterations int, auth []byte) {
		if iterations <= min(cheapIterations, c.s.limit()) {
			tries = append(tries, otherKey{differs, why, password, salt, iterations, auth})
		}
	}
	given := c.s.Password
	if c.prep.changed {
		try("password", "the proof fits the password as typed: the client left SASLprep out", given, c.salt, c.iterations, c.auth)
	}
	if trimmed := strings.TrimSpace(given); trimmed != given {
		try("password", "the proof fits the password without the white space at its end", trimmed, c.salt, c.iterations, c.auth)
	}
	try("password", "the proof fits the password with a line break at its end", given+"\n", c.salt, c.iterations, c.auth)
	try("salt", "the proof fits if the salt is left in base64: the client did not decode it", c.prep.text, c.serv.value('s'), c.iterations, c.auth)
	for _, n := range []int{1, 4096, 10_000} {
		if n == c.iterations {
			continue
		}
		count := strconv.Itoa(n)
		changed := authMessage(c.first.bare(), c.serv.with('i', []byte(count)), c.final.withoutProof())
		try("iterations", "the proof fits "+count+" iterations: i= was changed on its way", c.prep.text, c.salt, n, changed)
		try("iterations", "the proof fits "+count+" iterations: the client did not obey i=", c.prep.text, c.salt, n, c.auth)
	}
	return tries
}

// with is the message with another value for one attribute, and without the
// proof.
func (m *scramMsg) with(key byte, value []byte) []byte {
	var out [][]byte
	for _, a := range m.attrs {
		switch {
		case a.key == key:
			out = append(out, append([]byte{key, '='}, value...))
		case a.key == 'p' && m.role == clientFinal:
		default:
			out = append(out, a.whole.of(m.data))
		}
	}
	return bytes.Join(out, []byte{','})
}

// withoutExtensions keeps only the attributes named.
func (m *scramMsg) withoutExtensions(keys string) []byte {
	var out [][]byte
	for _, a := range m.attrs {
		if a.key != 0 && strings.IndexByte(keys, a.key) >= 0 {
			out = append(out, a.whole.of(m.data))
		}
	}
	return bytes.Join(out, []byte{','})
}
