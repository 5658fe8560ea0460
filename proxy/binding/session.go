package binding

import (
	"strings"
	"sync"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
)

// Options are what a Session works with.
type Options struct {
	Mode Mode
	// Password finds the password of an account by the name and the domain that
	// the client logs in with. It may be nil.
	Password func(user, domain string) (password string, ok bool)
	// Tokens is shared by the connections; nil where tokens are not to be kept.
	Tokens *Tokens
	// MaxIterations is up to which count of SCRAM a key is derived, since the
	// count comes from the wire; 0: sasl.DefaultMaxIterations.
	MaxIterations int
}

// Verdict says what to send in place of an element.
type Verdict struct {
	// Bytes replace Node.Wire of the element; nil: it goes on as it is.
	Bytes []byte
	// Note is a sentence for the record, often empty.
	Note string
}

// Session follows one connection. Both directions may use it at the same time.
type Session struct {
	o  Options
	mu sync.Mutex // guards what follows

	a, b Leg

	real, shown lists // of the last features, as sent and as shown
	login       *login
	account     account // who logs in, for the tokens
}

// New returns a Session of a connection that has no TLS yet.
func New(o Options) *Session {
	if o.MaxIterations <= 0 {
		o.MaxIterations = sasl.DefaultMaxIterations
	}
	return &Session{o: o}
}

// Secured tells the binding data of both legs: a that of the client's, b that of
// the server's. It is called when a handshake of either has ended, before the
// elements that follow it.
func (s *Session) Secured(a, b Leg) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.a, s.b = a, b
}

// Interested tells whether an element of that name means something here, so that
// others need not be parsed for it. On BOSH the children of <body/> are asked for.
func Interested(name xmlstream.Name) bool {
	switch name.Space {
	case nsSASL, nsSASL2:
		return true
	}
	return name == xmlstream.Name{Space: nsStreams, Local: "features"}
}

// Unit sees one element before it is sent on. It may stand inside another, as on
// BOSH: the bytes of the verdict take the place of its own. st is what was true before it; nil
// is allowed, and no account is known then.
func (s *Session) Unit(dir decode.Dir, n *xmlstream.Node, st *decode.State) Verdict {
	if s.o.Mode != Recompute && s.o.Mode != Strip || n == nil || n.Kind != xmlstream.ElementNode || !Interested(n.Name) {
		return Verdict{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if dir == decode.FromReceiver {
		return s.fromServer(n, st)
	}
	return s.fromClient(n, st)
}

func (s *Session) fromServer(n *xmlstream.Node, st *decode.State) Verdict {
	if n.Name.Space == nsStreams {
		return s.features(n)
	}
	l := s.login
	switch n.Name.Local {
	case "failure":
		s.login = nil
		if l != nil {
			return Verdict{Note: l.failed()}
		}
	case "challenge", "continue":
		return s.receive(n)
	case "success":
		v := s.receive(n)
		s.learn(n, st)
		s.login = nil
		return v
	}
	return Verdict{}
}

func (s *Session) fromClient(n *xmlstream.Node, st *decode.State) Verdict {
	switch n.Name.Local {
	case "auth", "authenticate":
		return s.begin(n, st)
	case "response":
		if s.login == nil {
			return Verdict{}
		}
		var e edits
		note := s.login.send(readPayload(n), &e)
		return Verdict{Bytes: e.apply(n), Note: note}
	case "abort":
		s.login = nil
	}
	return Verdict{}
}

// receive handles data of the server.
func (s *Session) receive(n *xmlstream.Node) Verdict {
	if s.login == nil {
		return Verdict{}
	}
	var e edits
	note := s.login.receive(readPayload(n), &e)
	return Verdict{Bytes: e.apply(n), Note: note}
}

// begin starts an attempt to log in.
func (s *Session) begin(n *xmlstream.Node, st *decode.State) Verdict {
	mechanism, _ := n.Attr("mechanism")
	l := &login{s: s, sasl2: n.Name.Space == nsSASL2, mechanism: mechanism, towards: mechanism}
	if st != nil {
		l.domain = st.Domain
	}
	s.login, s.account = l, account{domain: strings.ToLower(l.domain)}
	l.exchange = l.choose()
	var e edits
	note := l.send(readPayload(n), &e)
	if r, ok := l.exchange.(remark); ok && note == "" {
		note = string(r)
	}
	l.begun = true
	if a := n.FindAttr("", "mechanism"); a != nil && l.towards != mechanism {
		e.replace(a.Raw, []byte(l.towards))
	}
	return Verdict{Bytes: e.apply(n), Note: note}
}

// learn takes the token that a login was given (XEP-0484 §3.3).
func (s *Session) learn(n *xmlstream.Node, st *decode.State) {
	given := n.Child(nsFAST, "token")
	if given == nil {
		return
	}
	token, _ := given.Attr("token")
	who := s.account
	if id := n.Child(nsSASL2, "authorization-identifier"); id != nil {
		bare, _, _ := strings.Cut(id.Text(), "/")
		if local, _, ok := strings.Cut(bare, "@"); ok {
			who.user = local
		}
	}
	s.o.Tokens.put(who, token)
}
