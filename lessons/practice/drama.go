package practice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Drama is a script for several clients. Each line begins with the name of who
// does it, and begins when the one before is done:
//
//	Juliet logs in                           stream, STARTTLS, login, resource
//	Romeo logs in at orchard with PLAIN
//	Juliet sends: <presence/>
//	Romeo sends:
//	    <message to='juliet@localhost' type='chat'>
//	      <body>Wherefore?</body>
//	    </message>
//	Juliet receives: <message from='romeo@localhost/orchard'><body>Wherefore?</body></message>
//	Juliet leaves
//
// Behind a name also every verb of a [Script] may stand. What is received may be
// XML, of which everything has to be there, or what an S: line has.
type Drama struct {
	// Who are the names, in the order in which they come on.
	Who   []string
	lines []cue
}

// cue is what one of them does.
type cue struct {
	who  string
	step Step
	// Of one who logs in.
	login               bool
	resource, mechanism string
}

// strongest is the mechanism of who does not say which.
const strongest = "SCRAM-SHA-256"

// ParseDrama reads one. The error names the line.
func ParseDrama(text string) (*Drama, error) {
	d := &Drama{}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		line, at := lines[i], i+1
		if t := strings.TrimSpace(line); t == "" || t[0] == '#' {
			continue
		}
		for i+1 < len(lines) && indented(lines[i+1]) {
			i++
			line += "\n" + lines[i]
		}
		c, err := parseCue(line)
		if err == nil && !c.login {
			err = c.step.check()
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", at, err)
		}
		c.step.Line = at
		if !slices.Contains(d.Who, c.who) {
			d.Who = append(d.Who, c.who)
		}
		d.lines = append(d.lines, c)
	}
	if len(d.lines) == 0 {
		return nil, errors.New("nobody does anything in it")
	}
	return d, nil
}

func indented(line string) bool { return line != "" && unicode.IsSpace(rune(line[0])) }

func parseCue(line string) (c cue, err error) {
	who, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	if c.who = who; who == "" || !unicode.IsLetter([]rune(who)[0]) {
		return c, fmt.Errorf("%.20q is no name: a line begins with who does it", who)
	}
	rest = strings.TrimSpace(rest)
	verb, text, said := strings.Cut(rest, ":")
	words := strings.Fields(rest)
	switch {
	case said && verb == "sends":
		c.step = Step{Verb: "C", Args: []string{strings.TrimSpace(text)}}
		if c.step.Args[0] == "" {
			err = errors.New("there is nothing to send behind the colon")
		}
	case said && verb == "receives":
		c.step = Step{Verb: "S", Args: []string{strings.TrimSpace(text)}}
	case len(words) >= 2 && words[0] == "logs" && words[1] == "in":
		c.login = true
		err = c.manner(words[2:])
	case len(words) == 0:
		err = fmt.Errorf("what does %s do?", who)
	default:
		if words[0] == "leaves" {
			words[0] = "close"
		}
		c.step = Step{Verb: words[0], Args: words[1:]}
	}
	return c, err
}

// manner reads how somebody logs in.
func (c *cue) manner(words []string) error {
	for len(words) >= 2 {
		switch words[0] {
		case "at":
			c.resource = words[1]
		case "with":
			c.mechanism = words[1]
		default:
			return fmt.Errorf("%q tells nothing about a login: at RESOURCE and with MECHANISM do", words[0])
		}
		words = words[2:]
	}
	if len(words) > 0 {
		return fmt.Errorf("behind %q a word is missing", words[0])
	}
	return nil
}

// Perform plays a drama. Each client is made by client when it first does
// something; password is that of an account of the server. The connections are
// closed when it returns; the error names the line.
func (d *Drama) Perform(ctx context.Context, client func(who string) *Client, password func(user string) (string, bool)) error {
	on := map[string]*Client{}
	defer func() {
		for _, c := range on {
			c.Drop()
		}
	}()
	for _, l := range d.lines {
		c := on[l.who]
		if c == nil {
			c = client(l.who)
			on[l.who] = c
		}
		steps := []Step{l.step}
		if l.login {
			user := strings.ToLower(l.who)
			secret, known := password(user)
			if !known {
				return fmt.Errorf("line %d: the server has no account %s", l.step.Line, user)
			}
			steps = l.loginSteps(user, secret)
		}
		for i, s := range steps {
			s.Line = l.step.Line
			c.from, c.ahead = Script(steps).account(c.o.Domain), steps[i:]
			c.o.Tell(Progress{State: Begun, Step: s})
			if err := c.Do(ctx, s); err != nil {
				err = fmt.Errorf("line %d: %s: %s: %w", s.Line, l.who, s, err)
				c.o.Tell(Progress{State: Failed, Step: s, Why: err.Error()})
				return err
			}
			c.o.Tell(Progress{State: Done, Step: s})
		}
	}
	return nil
}

func (c *cue) loginSteps(user, secret string) []Step {
	mechanism := c.mechanism
	if mechanism == "" {
		mechanism = strongest
	}
	bind := Step{Verb: "bind"}
	if c.resource != "" {
		bind.Args = []string{c.resource}
	}
	return []Step{{Verb: "open"}, {Verb: "starttls"}, {Verb: "login", Args: []string{mechanism, user, secret}}, bind}
}
