package sandbox

import (
	"errors"
	"fmt"
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
	Misbehave  []string      `toml:"misbehave"`
	Accounts   []fileAccount `toml:"account"`
	Rooms      []fileRoom    `toml:"room"`
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
	if err := f.conflict(o); err != nil {
		return err
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

// conflict reads the policy for a resource that is taken.
func (f *file) conflict(o *Options) error {
	if f.Conflict == nil {
		return nil
	}
	policy, ok := map[string]Conflict{"replace": ReplaceOld, "rename": Rename, "refuse": Refuse}[*f.Conflict]
	if !ok {
		return fmt.Errorf("conflict: %q is none of replace, rename, refuse", *f.Conflict)
	}
	o.Conflict = policy
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
