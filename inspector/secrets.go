package inspector

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
)

// Secrets are the passwords that the reader knows, by account. The zero value
// knows none, and so does a nil pointer. After the last Add it may be used
// from several goroutines.
type Secrets struct {
	byJID map[string][]*sasl.Secret
	keys  sasl.KeyCache // who logs in again does so with the same salt
}

// Limits of a password file.
const (
	maxSecrets    = 10_000
	maxSecretLine = 64 << 10 // bytes
)

var (
	errNoEquals   = errors.New("this is no JID=PASSWORD: there is no =")
	errNoJID      = errors.New("this is no JID=PASSWORD: there is no JID before the =")
	errNoPassword = errors.New("this is no JID=PASSWORD: there is no password after the =")
)

// Add takes JID=PASSWORD. The JID of a component or a server is its domain
// alone; a resource is ignored. Several passwords of one account are tried in
// turn. Both a localpart (RFC 7622 §3.3) and a password may hold = and @, so
// where the text can be read in two ways both are kept: no account is known
// under the wrong one.
func (s *Secrets) Add(pair string) error {
	first := strings.IndexByte(pair, '=')
	if first < 0 {
		return errNoEquals
	}
	if at := strings.IndexByte(pair, '@'); at > first {
		if eq := strings.IndexByte(pair[at:], '='); eq >= 0 {
			if err := s.add(pair[:at+eq], pair[at+eq+1:]); err != nil {
				return err
			}
		}
	}
	return s.add(pair[:first], pair[first+1:])
}

func (s *Secrets) add(jid, password string) error {
	bare, _, _ := strings.Cut(jid, "/")
	bare = strings.ToLower(strings.TrimSpace(bare))
	switch {
	case bare == "" || strings.HasPrefix(bare, "@") || strings.HasSuffix(bare, "@"):
		return errNoJID
	case password == "":
		return errNoPassword
	}
	if s.byJID == nil {
		s.byJID = make(map[string][]*sasl.Secret)
	}
	// Whoever has a token writes it where the password would stand.
	s.byJID[bare] = append(s.byJID[bare], &sasl.Secret{Password: password, Token: password, Keys: &s.keys})
	return nil
}

// SecretLineError is a line of a password file that cannot be used.
type SecretLineError struct {
	Line int // from 1
	Err  error
}

func (e *SecretLineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap gives the reason.
func (e *SecretLineError) Unwrap() error { return e.Err }

// AddFrom takes the lines of a password file. Empty lines and those that begin
// with # are skipped; white space is part of a password. The error is that of
// r or a *SecretLineError.
func (s *Secrets) AddFrom(r io.Reader) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxSecretLine)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimPrefix(strings.TrimSuffix(lines.Text(), "\r"), "\ufeff")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if n > maxSecrets {
			return &SecretLineError{n, fmt.Errorf("more than %d lines", maxSecrets)}
		}
		if err := s.Add(line); err != nil {
			return &SecretLineError{n, err}
		}
	}
	return lines.Err()
}

// AddFile takes a password file, and warns where others can read it.
func (s *Secrets) AddFile(path string) (warning string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		warning = tooOpen(info.Mode(), runtime.GOOS)
	}
	return warning, s.AddFrom(f)
}

// tooOpen says that others can read a file of this mode. Windows keeps that
// elsewhere.
func tooOpen(m os.FileMode, system string) string {
	if system == "windows" || m.Perm()&0o077 == 0 {
		return ""
	}
	return fmt.Sprintf("others can read it (mode %04o); chmod 600 keeps it to you", m.Perm())
}

// Len is how many accounts there are.
func (s *Secrets) Len() int {
	if s == nil {
		return 0
	}
	return len(s.byJID)
}

// Password is that of an account, the first where several are known. The JID of a
// component or a server is its domain alone, and user is empty.
func (s *Secrets) Password(user, domain string) (password string, ok bool) {
	if s == nil {
		return "", false
	}
	jid := strings.ToLower(domain)
	if user != "" {
		jid = strings.ToLower(user) + "@" + jid
	}
	if all := s.byJID[jid]; len(all) > 0 {
		return all[0].Password, true
	}
	return "", false
}

// Verify checks the login that an event belongs to, as far as it has gone. It
// is false where the event carries no login data. Where no password of the
// account is known, what needs none is still judged. It may take a second: a
// key has to be derived (sasl.DefaultMaxIterations).
func (s *Secrets) Verify(e *decode.Event) (sasl.Verdict, bool) {
	x := e.SASL
	if x == nil {
		return sasl.Verdict{}, false
	}
	var last sasl.Verdict
	for i, secret := range s.of(x) {
		v := sasl.Verify(x, secret)
		if v.Verified {
			return v, true
		}
		// The first that could be judged explains best why it failed.
		if i == 0 || v.Known && !last.Known {
			last = v
		}
	}
	if last.Known || last.Why != "" {
		return last, true
	}
	return sasl.Verify(x, nil), true
}

// of finds the passwords of whoever logs in.
func (s *Secrets) of(x *sasl.Exchange) []*sasl.Secret {
	if s.Len() == 0 {
		return nil
	}
	for _, jid := range accounts(x) {
		if found := s.byJID[jid]; found != nil {
			return found
		}
	}
	user, _ := sasl.Username(x)
	if x.Domain != "" || user == "" {
		return nil
	}
	// The stream header was not captured: the user name has to do, if only one
	// account has it.
	var only []*sasl.Secret
	for jid, found := range s.byJID {
		if local, _, ok := strings.Cut(jid, "@"); ok && local == strings.ToLower(user) {
			if only != nil {
				return nil
			}
			only = found
		}
	}
	return only
}

// accounts are the JIDs under which a secret of this login may be known, most
// fitting first.
func accounts(x *sasl.Exchange) []string {
	switch x.Mechanism {
	case "COMPONENT":
		return []string{strings.ToLower(x.Domain)}
	case "DIALBACK":
		// The key is made with the secret of the domain that wants to send
		// (XEP-0185 §3).
		return []string{strings.ToLower(x.Originator), strings.ToLower(x.Receiver)}
	}
	user, authzid := sasl.Username(x)
	var all []string
	if user != "" {
		all = append(all, strings.ToLower(user+"@"+x.Domain))
		if strings.Contains(user, "@") {
			all = append(all, strings.ToLower(user))
		}
	} else if authzid != "" {
		all = append(all, strings.ToLower(authzid))
	}
	return all
}
