package export

import (
	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/inspector"
)

// login is what one event's login message says.
type login struct {
	mechanism string
	message   *sasl.Message
	sasl.Decoded
	// verdict covers the whole exchange so far. Where it is not judged its chain
	// still tells what ties the login to its TLS connection.
	verdict sasl.Verdict
	judged  bool
}

// readLogin decodes the message that the event carries: the last one of its
// exchange. It returns nil where the event carries none.
func readLogin(e *decode.Event, secrets *inspector.Secrets) *login {
	if e.SASL == nil || len(e.SASL.Messages) == 0 {
		return nil
	}
	last := len(e.SASL.Messages) - 1
	l := &login{
		mechanism: e.SASL.Mechanism,
		message:   &e.SASL.Messages[last],
		Decoded:   sasl.Decode(e.SASL, last),
	}
	if v, ok := secrets.Verify(e); ok {
		l.verdict, l.judged = v, v.Known
	}
	return l
}
