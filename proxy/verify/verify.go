package verify

import (
	"crypto/tls"
	"crypto/x509"
	"strings"
	"time"

	"xmppscope/decode/spec"
	"xmppscope/decode/tlswire"
)

// Purpose is who shows a certificate to whom.
type Purpose uint8

// The purposes of a certificate in XMPP.
const (
	// ClientStream: a server shows it to a client.
	ClientStream Purpose = iota
	// ServerStream: the receiving server shows it to the initiating one.
	ServerStream
	// PeerServer: the initiating server shows it to the receiving one, to log in
	// with EXTERNAL (XEP-0178 §3). The domain is the one in from.
	PeerServer
)

func (p Purpose) String() string {
	return [...]string{"server for clients", "server for servers", "server as a client"}[min(p, PeerServer)]
}

// service is what an SRV-ID begins with.
func (p Purpose) service() string {
	if p == ClientStream {
		return "_xmpp-client."
	}
	return "_xmpp-server."
}

// Check is what a certificate is held against.
type Check struct {
	// Domain is that of the stream, in either form of IDNA, and never the machine
	// that DNS leads to.
	Domain  string
	Purpose Purpose
	// Roots are the authorities that are trusted; nil means those of the system.
	Roots *x509.CertPool
	// RootsName says in words whose Roots they are, for example the name of a file.
	RootsName string
	// Host is the machine that was connected to, if it is known: it only helps to
	// explain what is wrong.
	Host string
	// Insecure lets VerifyConnection go on whatever was found.
	Insecure bool
	// Now is the time to judge by; the zero value means the present.
	Now time.Time
}

// Result is everything that was found out about a certificate. Texts in it may
// come from the wire; they are cut, and control characters are escaped.
type Result struct {
	Domain  string `json:"domain"`
	Purpose string `json:"purpose"`
	// OK tells that there is no fatal problem.
	OK bool `json:"ok"`
	// Insecure tells that the stream goes on although OK is false.
	Insecure bool `json:"insecure,omitempty"`
	// MatchKind and Match are the identifier that fits the domain; empty where
	// none does.
	MatchKind string   `json:"match_kind,omitempty"`
	Match     string   `json:"match,omitempty"`
	MatchRef  spec.Ref `json:"-"`
	// Names are the identifiers of the certificate, at most 20; More is how many
	// others there are.
	Names []string `json:"names,omitempty"`
	More  int      `json:"more,omitempty"`
	// Chain is the path to a trusted authority, or what the other side sent where
	// there is none.
	Chain   []Link `json:"chain,omitempty"`
	Trusted bool   `json:"trusted"`
	// Problems are all that were found, the fatal ones first.
	Problems []Problem `json:"problems,omitempty"`
}

// Link is one certificate of a chain.
type Link struct {
	Subject     string    `json:"subject"`
	Issuer      string    `json:"issuer"`
	From        time.Time `json:"not_before"`
	Until       time.Time `json:"not_after"`
	Key         string    `json:"key"`
	Signature   string    `json:"signature"`
	Fingerprint string    `json:"sha256"` // lower case, without colons
}

// Kind names a sort of problem, for programs.
type Kind string

// The kinds of problems.
const (
	NoCertificate    Kind = "no-certificate"
	Unreadable       Kind = "unreadable"
	BadDomain        Kind = "bad-domain"
	NameMismatch     Kind = "name-mismatch"
	CommonNameOnly   Kind = "common-name-only"
	WideWildcard     Kind = "wide-wildcard"
	Expired          Kind = "expired"
	NotYetValid      Kind = "not-yet-valid"
	SelfSigned       Kind = "self-signed"
	UnknownAuthority Kind = "unknown-authority"
	BrokenChain      Kind = "broken-chain"
	WrongUse         Kind = "wrong-use"
	NameConstraint   Kind = "name-constraint"
	WeakKey          Kind = "weak-key"
	NoRoots          Kind = "no-roots"
)

// Problem is one thing that is wrong with a certificate. One that is not fatal
// is a remark.
type Problem struct {
	Kind  Kind     `json:"kind"`
	Fatal bool     `json:"fatal"`
	Text  string   `json:"text"` // one clause, without a stop
	Ref   spec.Ref `json:"-"`
	// Section is Ref as a person cites it.
	Section string `json:"ref"`
}

func (p Problem) String() string { return p.Text + " (" + p.Section + ")" }

// Refused is the error of a certificate that has a fatal problem.
type Refused struct{ Result Result }

func (e *Refused) Error() string {
	var all []string
	for _, p := range e.Result.Problems {
		if p.Fatal {
			all = append(all, p.String())
		}
	}
	return "the certificate for " + word(e.Result.Domain) + " is refused: " + strings.Join(all, "; ")
}

// Err is a *Refused where the certificate is not good, whether or not the
// stream goes on; nil where it is.
func (r *Result) Err() error {
	if r.OK {
		return nil
	}
	return &Refused{Result: *r}
}

// Summary is the result in one line.
func (r *Result) Summary() string {
	if !r.OK {
		return r.Err().Error()
	}
	text := "the certificate is for " + word(r.Domain) + " by its " + r.MatchKind + " " + r.Match
	if len(r.Chain) > 0 {
		last := r.Chain[len(r.Chain)-1]
		text += ", good until " + r.Chain[0].Until.Format(dateForm) + ", trusted by way of " + last.Subject
	}
	for _, p := range r.Problems {
		text += "; " + p.String()
	}
	return text
}

func (r *Result) add(kind Kind, fatal bool, ref spec.Ref, text string) {
	r.Problems = append(r.Problems, Problem{Kind: kind, Fatal: fatal, Text: text, Ref: ref, Section: ref.String()})
}

// finish puts the fatal problems first and decides.
func (r *Result) finish() Result {
	var fatal, rest []Problem
	for _, p := range r.Problems {
		if p.Fatal {
			fatal = append(fatal, p)
		} else {
			rest = append(rest, p)
		}
	}
	r.OK, r.Problems = len(fatal) == 0, append(fatal, rest...)
	return *r
}

// Certificates judges a chain as it was sent, the certificate of the domain
// first.
func (c *Check) Certificates(chain []*x509.Certificate) Result {
	r := Result{Domain: c.Domain, Purpose: c.Purpose.String()}
	if len(chain) == 0 {
		r.add(NoCertificate, true, spec.RFC(6120, "13.7.2"), "no certificate was shown")
		return r.finish()
	}
	for _, sent := range chain[:min(len(chain), maxLinks)] {
		r.Chain = append(r.Chain, link(sent))
	}
	leaf := chain[0]
	ids := tlswire.Identifiers(leaf)
	r.name(ids)
	by := c.match(&r, ids)
	c.judgeChain(&r, chain, by)
	judgeStrength(&r, leaf)
	return r.finish()
}

// name lists what the certificate is made out to.
func (r *Result) name(ids []tlswire.Identifier) {
	for _, id := range ids {
		if len(r.Names) == maxShown {
			r.More = len(ids) - maxShown
			return
		}
		r.Names = append(r.Names, id.Kind.String()+" "+word(id.Text))
	}
}

// VerifyConnection is for tls.Config of that name, with InsecureSkipVerify set
// (or with ClientAuth at tls.RequestClientCert, for PeerServer). It hands over
// every result, and ends the handshake with a *Refused where that is not good,
// unless Insecure is set.
func (c *Check) VerifyConnection(told func(Result)) func(tls.ConnectionState) error {
	return func(s tls.ConnectionState) error {
		r := c.Certificates(s.PeerCertificates)
		r.Insecure = c.Insecure && !r.OK
		if told != nil {
			told(r)
		}
		if c.Insecure {
			return nil
		}
		return r.Err()
	}
}

// Handshake is the result where crypto/tls could not even read the certificate,
// and ok tells whether that is what err says.
func (c *Check) Handshake(err error) (r Result, ok bool) {
	if err == nil || !strings.Contains(err.Error(), "failed to parse certificate") {
		return Result{}, false
	}
	r = Result{Domain: c.Domain, Purpose: c.Purpose.String()}
	_, why, found := strings.Cut(err.Error(), "x509: ")
	if !found {
		why = err.Error()
	}
	r.add(Unreadable, true, spec.RFC(6120, "13.7.2"), "the certificate cannot be read: "+word(why))
	return r.finish(), true
}

func (c *Check) at() time.Time {
	if c.Now.IsZero() {
		return time.Now()
	}
	return c.Now
}
