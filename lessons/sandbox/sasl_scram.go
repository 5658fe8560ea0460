package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"strings"
	"sync"

	"github.com/xdg-go/scram"
)

// hashes are those of the SCRAM family (RFC 5802, RFC 7677).
var hashes = [...]struct {
	infix string
	hash  scram.HashGeneratorFcn
	size  int
}{
	{"SHA-1", scram.SHA1, 20},
	{"SHA-256", scram.SHA256, 32},
	{"SHA-512", scram.SHA512, 64},
}

// credentials are the keys that SCRAM checks with, made for all accounts when
// the first login with a hash begins: the time that a login takes then does not
// tell which accounts there are.
type credentials struct {
	srv    *Server
	rounds int
	salt   []byte // what the salts are made of
	of     [len(hashes)]struct {
		once sync.Once
		all  sync.Map // scram.StoredCredentials by localpart
	}
}

func newCredentials(s *Server, rounds int) *credentials {
	return &credentials{srv: s, rounds: rounds, salt: newIDs(s.o.Seed, "salts").bytes(32)}
}

// get finds the keys of a localpart. A name without an account gets keys that
// no proof fits.
func (k *credentials) get(hash int, user string) scram.StoredCredentials {
	of := &k.of[hash]
	of.once.Do(func() {
		for name, password := range k.srv.passwords() {
			of.all.Store(name, k.derive(hash, name, password))
		}
	})
	if a := k.srv.find(user); a != nil {
		if keys, ok := of.all.Load(a.bare.Local); ok {
			return keys.(scram.StoredCredentials)
		}
		if p := a.secret(); p != "" { // it has come, or has changed, since
			keys := k.derive(hash, a.bare.Local, p)
			of.all.Store(a.bare.Local, keys)
			return keys
		}
	}
	return k.decoy(hash, user)
}

// forget makes the keys of a localpart anew when they are needed next.
func (k *credentials) forget(local string) {
	for i := range k.of {
		k.of[i].all.Delete(local)
	}
}

func (k *credentials) factors(user string) scram.KeyFactors {
	return scram.KeyFactors{Salt: string(k.mac("salt " + user)[:16]), Iters: k.rounds}
}

func (k *credentials) mac(of string) []byte {
	m := hmac.New(sha256.New, k.salt)
	m.Write([]byte(of))
	return m.Sum(nil)
}

func (k *credentials) derive(hash int, user, password string) scram.StoredCredentials {
	client, err := hashes[hash].hash.NewClient(user, password, "")
	if err != nil { // the password has no normal form: as written, then
		client, _ = hashes[hash].hash.NewClientUnprepped(user, password, "")
	}
	stored, err := client.GetStoredCredentialsWithError(k.factors(user))
	if err != nil {
		return k.decoy(hash, user)
	}
	return stored
}

// decoy are keys that nobody has the password of.
func (k *credentials) decoy(hash int, user string) scram.StoredCredentials {
	long := append(k.mac("key "+user), k.mac("more "+user)...)
	return scram.StoredCredentials{KeyFactors: k.factors(user), StoredKey: long[:hashes[hash].size], ServerKey: long[:hashes[hash].size]}
}

// scramLogin is one login with SCRAM.
type scramLogin struct {
	c    *conn
	plus bool
	hash int
	conv *scram.ServerConversation // nil before the first message
}

func beginSCRAM(c *conn, m *mechanism) exchange {
	s := &scramLogin{c: c, plus: m.bound}
	for i := range hashes {
		if strings.TrimSuffix(m.name, "-PLUS") == "SCRAM-"+hashes[i].infix {
			s.hash = i
		}
	}
	return s
}

func (s *scramLogin) step(response []byte) ([]byte, *verdict) {
	if s.conv == nil {
		if v := s.first(string(response)); v != nil {
			return nil, v
		}
	}
	answer, err := s.conv.Step(string(response))
	switch {
	case err != nil:
		return nil, refusal(answer)
	case !s.conv.Done():
		return []byte(answer), nil
	}
	a := s.c.srv.find(s.conv.Username())
	if a == nil || !s.conv.Valid() {
		return nil, wrong()
	}
	return nil, admitted(a, s.conv.AuthzID(), []byte(answer))
}

// first makes the conversation for the flag of the client's first message
// (RFC 5802 §6).
func (s *scramLogin) first(message string) *verdict {
	server, err := hashes[s.hash].hash.NewServer(func(user string) (scram.StoredCredentials, error) {
		if _, few := s.c.srv.does("scram-iterations"); few {
			return s.c.srv.weak.get(s.hash, user), nil
		}
		return s.c.srv.scram.get(s.hash, user), nil
	})
	if err != nil {
		return &verdict{refusal: "temporary-auth-failure"}
	}
	server = server.WithNonceGenerator(s.c.ids.nonce)
	gs2, _, _ := strings.Cut(message, ",")
	kind, asks := strings.CutPrefix(gs2, "p=")
	switch {
	case asks != s.plus:
		// The mechanism's name says whether the channel is bound (RFC 5802 §6).
		return &verdict{refusal: "malformed-request", text: "The mechanism and the channel binding flag do not go together."}
	case asks:
		cb, err := s.c.binding(kind)
		if err != nil {
			return &verdict{refusal: "not-authorized", text: "This type of channel binding is not offered."}
		}
		s.conv = server.NewConversationWithChannelBindingRequired(cb)
	case s.c.offersPlus():
		// With it a client that was shown none is found out: somebody between
		// has taken them off the list.
		s.conv = server.NewConversationWithChannelBinding(s.c.tls.bindings[0])
	default:
		s.conv = server.NewConversation()
	}
	return nil
}

// binding is the channel binding of a type.
func (c *conn) binding(kind string) (scram.ChannelBinding, error) {
	if c.tls != nil {
		for _, b := range c.tls.bindings {
			if string(b.Type) == kind {
				return b, nil
			}
		}
	}
	return scram.ChannelBinding{}, errors.New("no such channel binding")
}

// refusal is what an error of SCRAM (RFC 5802 §7) is called in XMPP.
func refusal(e string) *verdict {
	switch e {
	case "", scram.ErrInvalidEncoding, scram.ErrExtensionsNotSupported, scram.ErrInvalidUsernameEncoding:
		return &verdict{refusal: "malformed-request"}
	case scram.ErrChannelBindingsDontMatch:
		return &verdict{refusal: "not-authorized", text: "The channel bindings do not match: this is not the TLS connection that the client sees."}
	case scram.ErrServerDoesSupportChannelBinding:
		return &verdict{refusal: "not-authorized", text: "The client saw no mechanism with channel binding, and there are some."}
	}
	return wrong()
}
