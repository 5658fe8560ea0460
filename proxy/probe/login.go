package probe

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/xdg-go/scram"

	"xmppscope/decode"
	"xmppscope/decode/jid"
	"xmppscope/decode/xmlstream"
)

// ErrLogin: the login failed. The text says why and holds no secret.
var ErrLogin = errors.New("login")

// Account is who logs in.
type Account struct {
	Local, Domain, Resource string
	Password                string
}

// ParseAccount reads JID=PASSWORD. The password begins behind the first = that
// follows the @.
func ParseAccount(pair string) (Account, error) {
	at := max(strings.IndexByte(pair, '@'), 0)
	if eq := strings.IndexByte(pair, '='); eq >= 0 && eq < at && !strings.Contains(pair[at:], "=") {
		at = 0 // the @ is part of the password
	}
	name, password, ok := strings.Cut(pair[at:], "=")
	local, domain, resource := jid.Split(pair[:at] + name)
	switch {
	case !ok || password == "":
		return Account{}, errors.New("it has no = with a password behind it")
	case local == "" || domain == "":
		return Account{}, errors.New("what stands before the = is no address of a user, such as juliet@example.com")
	}
	return Account{local, domain, resource, password}, nil
}

// hashes are the mechanisms with SCRAM, the strongest first.
var hashes = [...]struct {
	name string
	of   scram.HashGeneratorFcn
}{{"SCRAM-SHA-512", scram.SHA512}, {"SCRAM-SHA-256", scram.SHA256}, {"SCRAM-SHA-1", scram.SHA1}}

// Login logs in by the strongest mechanism that the server offers and this
// program can do, opens the stream again and binds a resource. It returns the
// full JID. A password in clear text goes over TLS only.
func (s *Stream) Login(ctx context.Context, a Account) (string, error) {
	if len(s.Menus) == 0 {
		return "", fmt.Errorf("%w: nothing was offered", ErrLogin)
	}
	m := &s.Menus[len(s.Menus)-1]
	offered, err := m.Mechanisms(), error(nil)
	step, mechanism := plainStep(a), ""
	for _, h := range hashes {
		if mechanism == "" && contains(offered, h.name) {
			mechanism = h.name
			if step, err = scramStep(h.of, a); err != nil {
				return "", fmt.Errorf("%w: %v", ErrLogin, err)
			}
		}
	}
	switch {
	case mechanism != "":
	case contains(offered, "PLAIN") && s.State().Layer&decode.LayerTLS == 0:
		return "", fmt.Errorf("%w: only PLAIN is offered, and without TLS everybody on the way could read the password", ErrLogin)
	case contains(offered, "PLAIN"):
		mechanism = "PLAIN"
	default:
		return "", fmt.Errorf("%w: no mechanism that this program can do is offered (offered: %s)", ErrLogin, strings.Join(offered, ", "))
	}
	if err := s.exchange(ctx, mechanism, step); err != nil {
		return "", err
	}
	if err := s.Restart(ctx); err != nil {
		return "", err
	}
	return s.bind(ctx, a.Resource)
}

func contains(all []string, name string) bool {
	for _, a := range all {
		if strings.EqualFold(a, name) {
			return true
		}
	}
	return false
}

// step answers one challenge; the first one is nil. last says that nothing more
// may follow.
type step func(challenge []byte, last bool) (answer []byte, err error)

func plainStep(a Account) step {
	return func(challenge []byte, last bool) ([]byte, error) {
		if challenge != nil && !last {
			return nil, errors.New("the server asks on after PLAIN")
		}
		return []byte("\x00" + a.Local + "\x00" + a.Password), nil
	}
}

func scramStep(hash scram.HashGeneratorFcn, a Account) (step, error) {
	client, err := hash.NewClient(a.Local, a.Password, "")
	if err != nil {
		return nil, errors.New("name or password have characters that SCRAM does not allow")
	}
	conv := client.NewConversation()
	return func(challenge []byte, last bool) ([]byte, error) {
		if conv.Done() && len(challenge) == 0 {
			challenge = nil // the proof came in a challenge, as old servers have it
		} else {
			answer, err := conv.Step(string(challenge))
			if err != nil && !last {
				return nil, err
			}
			if !last {
				return []byte(answer), nil
			}
		}
		if last && !conv.Valid() {
			return nil, errors.New("the server did not prove that it knows the password")
		}
		return nil, nil
	}, nil
}

// exchange plays a login of SASL (RFC 6120 §6.4).
func (s *Stream) exchange(ctx context.Context, mechanism string, next step) error {
	first, err := next(nil, false)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrLogin, err)
	}
	xml := "<auth xmlns='" + nsSASL + "' mechanism='" + mechanism + "'>" + base64.StdEncoding.EncodeToString(first) + "</auth>"
	for range 8 {
		if err := s.Send([]byte(xml)); err != nil {
			return err
		}
		name, data, err := s.answer(ctx)
		if err != nil {
			return err
		}
		out, err := next(data, name == "success")
		if err != nil {
			return fmt.Errorf("%w by %s: %v", ErrLogin, mechanism, err)
		}
		if name == "success" {
			return nil
		}
		xml = "<response xmlns='" + nsSASL + "'>" + base64.StdEncoding.EncodeToString(out) + "</response>"
	}
	return fmt.Errorf("%w by %s: the server asks and asks", ErrLogin, mechanism)
}

// answer reads the next element of SASL.
func (s *Stream) answer(ctx context.Context) (name string, data []byte, err error) {
	var failed string
	err = s.Await(ctx, func(e *decode.Event) bool {
		if e.Name.Space != nsSASL || e.Kind != decode.KindNonza {
			return false
		}
		var t xmlstream.Tree
		if n := e.Element(&t); n != nil {
			data = []byte(strings.TrimSpace(n.Text()))
		}
		name, failed = e.Name.Local, e.Condition
		return true
	})
	switch {
	case err != nil:
		return "", nil, err
	case name == "failure":
		return "", nil, fmt.Errorf("%w: the server refused: %s", ErrLogin, failed)
	case string(data) == "=":
		return name, []byte{}, nil
	}
	out := make([]byte, base64.StdEncoding.DecodedLen(len(data)))
	n, err := base64.StdEncoding.Decode(out, data)
	if err != nil {
		return "", nil, fmt.Errorf("%w: the server's <%s/> is no base64", ErrLogin, name)
	}
	return name, out[:n], nil
}

// bind asks for a resource (RFC 6120 §7).
func (s *Stream) bind(ctx context.Context, resource string) (string, error) {
	inner := ""
	if resource != "" {
		inner = "<resource>" + escape(resource) + "</resource>"
	}
	xml := "<iq xmlns='jabber:client' type='set' id='bind-1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>" + inner + "</bind></iq>"
	if err := s.Send([]byte(xml)); err != nil {
		return "", err
	}
	var refused string
	err := s.Await(ctx, func(e *decode.Event) bool {
		refused = e.Condition
		return e.Name.Local == "iq" && e.ID == "bind-1"
	})
	switch {
	case err != nil:
		return "", err
	case refused != "" || s.State().JID == "":
		return "", fmt.Errorf("%w: the server bound no resource: %s", ErrLogin, refused)
	}
	return s.State().JID, nil
}
