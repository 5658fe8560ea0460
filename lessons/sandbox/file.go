package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// MaxFile is how long a file of options may be, in bytes.
const MaxFile = 1 << 20

// fileAccount, fileContact and fileRoom are parts of a file as it is written.
type fileAccount struct {
	User     string        `toml:"user"`
	Password string        `toml:"password"`
	Contacts []fileContact `toml:"contact"`
}

type fileContact struct {
	User         string   `toml:"user"`
	Name         string   `toml:"name"`
	Groups       []string `toml:"groups"`
	Subscription string   `toml:"subscription"`
}

type fileRoom struct {
	Name    string   `toml:"name"`
	Title   string   `toml:"title"`
	Subject string   `toml:"subject"`
	Owners  []string `toml:"owners"`
}

// file is the whole of it. What a file does not name stays as it was.
type file struct {
	Domain     *string       `toml:"domain"`
	Clear      *bool         `toml:"clear"`
	SASL2      *bool         `toml:"sasl2"`
	Mechanisms []string      `toml:"mechanisms"`
	Bindings   []string      `toml:"channel-bindings"`
	Without    []string      `toml:"without"`
	Iterations *int          `toml:"iterations"`
	Conflict   *string       `toml:"conflict"`
	Seed       *uint64       `toml:"seed"`
	Register   *bool         `toml:"register"`
	IQAuth     *bool         `toml:"iq-auth"`
	Compress   *string       `toml:"compression"`
	Misbehave  []string      `toml:"misbehave"`
	Accounts   []fileAccount `toml:"account"`
	Rooms      []fileRoom    `toml:"room"`

	Components map[string]string `toml:"components"`
	Peers      map[string]string `toml:"peers"`
	Neighbours []fileNeighbour   `toml:"neighbour"`
}

// fileNeighbour is another domain behind the same doors.
type fileNeighbour struct {
	Domain   string            `toml:"domain"`
	Accounts []fileAccount     `toml:"account"`
	Rooms    []fileRoom        `toml:"room"`
	Peers    map[string]string `toml:"peers"`
}

// Read takes what a file of TOML says into the options: accounts with their
// contacts, rooms, and what the server offers and how it acts. Accounts and
// rooms of the file stand in place of those there were. The error names the line
// where it is known; what the values mean is judged by [New].
func (o *Options) Read(text string) error {
	if len(text) > MaxFile {
		return fmt.Errorf("longer than %d bytes", MaxFile)
	}
	var f file
	meta, err := toml.Decode(text, &f)
	var at toml.ParseError
	switch {
	case errors.As(err, &at):
		return fmt.Errorf("line %d: %s", at.Position.Line, at.Message)
	case err != nil:
		return err
	}
	if strange := meta.Undecoded(); len(strange) > 0 {
		return fmt.Errorf("%s: no such setting", strange[0])
	}
	if err := choice("conflict", f.Conflict, &o.Conflict, "replace", "rename", "refuse"); err != nil {
		return err
	}
	if err := choice("compression", f.Compress, &o.Compression, "never", "clear", "always"); err != nil {
		return err
	}
	put(&o.Register, f.Register)
	put(&o.IQAuth, f.IQAuth)
	if f.Components != nil {
		o.Components = f.Components
	}
	if f.Peers != nil {
		o.Peers = f.Peers
	}
	put(&o.Domain, f.Domain)
	put(&o.Clear, f.Clear)
	put(&o.SASL2, f.SASL2)
	put(&o.Iterations, f.Iterations)
	if f.Seed != nil {
		o.Seed = f.Seed
	}
	replace(&o.Mechanisms, f.Mechanisms)
	replace(&o.Bindings, f.Bindings)
	replace(&o.Without, f.Without)
	replace(&o.Misbehave, f.Misbehave)
	if f.Neighbours != nil {
		o.Neighbours = nil
	}
	for _, n := range f.Neighbours {
		own := Options{Domain: n.Domain, Peers: n.Peers}
		if err := (&file{Accounts: n.Accounts, Rooms: n.Rooms}).people(&own); err != nil {
			return fmt.Errorf("neighbour %q: %w", n.Domain, err)
		}
		o.Neighbours = append(o.Neighbours, own)
	}
	return f.people(o)
}

func put[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

func replace(to *[]string, from []string) {
	if from != nil {
		*to = from
	}
}

// choice reads one of several words, which stand for the values from zero on.
func choice[T ~uint8](setting string, said *string, to *T, words ...string) error {
	if said == nil {
		return nil
	}
	i := slices.Index(words, *said)
	if i < 0 {
		return fmt.Errorf("%s: %q is none of %s", setting, *said, strings.Join(words, ", "))
	}
	*to = T(i)
	return nil
}

// people reads accounts and rooms.
func (f *file) people(o *Options) error {
	if f.Accounts != nil {
		o.Accounts = []Account{}
	}
	for _, a := range f.Accounts {
		if a.User == "" || a.Password == "" {
			return fmt.Errorf("account %q: it needs a user and a password", a.User)
		}
		acct := Account{User: a.User, Password: a.Password}
		for _, c := range a.Contacts {
			acct.Contacts = append(acct.Contacts, Contact(c))
		}
		o.Accounts = append(o.Accounts, acct)
	}
	if f.Rooms != nil {
		o.Rooms = []Room{}
	}
	for _, r := range f.Rooms {
		if strings.TrimSpace(r.Name) == "" {
			return errors.New("room: it needs a name")
		}
		o.Rooms = append(o.Rooms, Room(r))
	}
	return nil
}
