package sasl

import "bytes"

// LOGIN has no grammar to break: the server prompts, the client answers, and
// only the order says what an answer is.
func decodeLogin(x *Exchange, i int) Decoded {
	p := newPage(x, i)
	switch {
	case p.empty():
	case p.m.Kind == Challenge:
		p.opaque("prompt", "a question for a person; programs go by the order")
		p.summary("asks: %s", short(printable(p.data)))
	case !p.m.Kind.FromInitiator():
		p.unexpected()
	case loginPassword(x, i):
		p.secret("password", p.all(), "the password, in clear")
		p.summary("password in clear")
	default:
		p.text("username", p.all(), "the username: who logs in")
		p.summary("user %s", short(printable(p.data)))
	}
	return p.d
}

// loginPassword says whether message i answers the question for the password:
// by the prompt where it names one, else by being the second answer.
func loginPassword(x *Exchange, i int) bool {
	answers := 0
	for j := range i {
		if m := &x.Messages[j]; m.Kind.FromInitiator() && len(m.Data) > 0 {
			answers++
		}
	}
	if i > 0 && x.Messages[i-1].Kind == Challenge {
		prompt := bytes.ToLower(x.Messages[i-1].Data)
		switch {
		case bytes.Contains(prompt, []byte("pass")):
			return true
		case bytes.Contains(prompt, []byte("user")):
			return false
		}
	}
	return answers > 0
}

func verifyLogin(x *Exchange, s *Secret) Verdict {
	if s.Password == "" {
		return notJudged(whyNoPassword)
	}
	for i := range x.Messages {
		m := &x.Messages[i]
		if m.Kind.FromInitiator() && len(m.Data) > 0 && loginPassword(x, i) {
			return comparePassword("password", string(m.Data), s.Password)
		}
	}
	return notJudged("the exchange has no message with a password")
}
