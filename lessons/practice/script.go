package practice

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Step is one line of a script.
type Step struct {
	// Verb is its first word; C and S for what is sent and awaited.
	Verb string
	// Args are the other words; the whole text for C and S.
	Args []string
	Line int // from 1
}

// String is the step without secrets.
func (s Step) String() string {
	args := s.Args
	switch {
	case s.Verb == "C" || s.Verb == "S":
		return s.Verb + ": " + strings.Join(args, " ")
	case (s.Verb == "login" || s.Verb == "login2") && len(args) > 2:
		args = args[:2]
	}
	return strings.Join(append([]string{s.Verb}, args...), " ")
}

// Script is what a client does, in order.
type Script []Step

// Parse reads a script. The error names the line.
func Parse(text string) (Script, error) {
	var all Script
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		s := Step{Line: i + 1}
		if verb, rest, ok := strings.Cut(line, ":"); ok && (verb == "C" || verb == "S") {
			s.Verb, s.Args = verb, []string{strings.TrimSpace(rest)}
		} else {
			words := strings.Fields(line)
			s.Verb, s.Args = words[0], words[1:]
		}
		if err := s.check(); err != nil {
			return nil, fmt.Errorf("line %d: %w", s.Line, err)
		}
		all = append(all, s)
	}
	return all, nil
}

// verb is a word that a script may begin a line with.
type verb struct {
	name        string
	least, most int // arguments
	run         func(*Client, context.Context, []string) error
}

// verbs is the table of what a client can do.
func verbs() []verb {
	return []verb{
		{"open", 0, 0, (*Client).open},
		{"starttls", 0, 0, (*Client).startTLS},
		{"careful", 0, 0, (*Client).beCareful},
		{"login", 3, 3, (*Client).login},
		{"login2", 3, 7, (*Client).login2},
		{"bind", 0, 1, (*Client).bind},
		{"session", 0, 0, (*Client).session},
		{"sm", 0, 0, (*Client).manage},
		{"resume", 0, 0, (*Client).resume},
		{"roster", 0, 0, (*Client).roster},
		{"presence", 0, 0, (*Client).presence},
		{"leave", 0, 0, (*Client).leave},
		{"ping", 0, 1, (*Client).ping},
		{"wait", 1, 1, (*Client).wait},
		{Cue, 0, 0, (*Client).cue},
		{"cut", 0, 0, (*Client).cut},
		{"close", 0, 0, (*Client).close},
		{"C", 1, 1, (*Client).sendLine},
		{"S", 1, 1, (*Client).expectLine},
	}
}

// Cue is the word for where others may begin: whoever plays several clients hears
// of it by [Options.Tell].
const Cue = "cue"

// Cues tells whether a script has a cue.
func (s Script) Cues() bool {
	return slices.ContainsFunc(s, func(s Step) bool { return s.Verb == Cue })
}

// Verbs are the words that a line of a script may begin with.
func Verbs() (names []string) {
	for _, v := range verbs() {
		names = append(names, v.name)
	}
	return names
}

func (s *Step) check() error {
	for _, v := range verbs() {
		switch {
		case v.name != s.Verb:
		case len(s.Args) < v.least || len(s.Args) > v.most:
			return fmt.Errorf("%s takes %d to %d words, not %d", s.Verb, v.least, v.most, len(s.Args))
		case s.Verb == "login2":
			return checkLogin2(s.Args)
		case s.Verb == "S":
			_, err := ParsePattern(s.Args[0])
			return err
		default:
			return nil
		}
	}
	return fmt.Errorf("%q is nothing that a script can do", s.Verb)
}

// Play does the steps of a script. Where the stream ends while the login is
// refused, it begins again at the first step, as often as it may log in. The
// connection is closed when it returns; the error is that of the step that
// failed, with its line.
func (c *Client) Play(ctx context.Context, script Script) error {
	defer c.Drop()
	c.tries = 0
	c.from = script.account(c.o.Domain)
	for {
		err := c.through(ctx, script)
		if err == nil || !c.mayTryAgain(err) {
			return err
		}
		c.Drop()
		if err := c.pause(ctx); err != nil {
			return err
		}
	}
}

// account is whom a script is about to log in, empty for nobody, or for somebody
// whom only the server will name (RFC 4505 §2).
func (s Script) account(domain string) string {
	for _, step := range s {
		if step.Verb == "login" || step.Verb == "login2" {
			if step.Args[0] == "ANONYMOUS" {
				return ""
			}
			return step.Args[1] + "@" + domain
		}
	}
	return ""
}

func (c *Client) through(ctx context.Context, script Script) error {
	for i, s := range script {
		c.step, c.ahead = s, script[i:]
		c.o.Tell(Progress{State: Begun, Step: s})
		if err := c.Do(ctx, s); err != nil {
			err = fmt.Errorf("line %d: %s: %w", s.Line, s, err)
			c.o.Tell(Progress{State: Failed, Step: s, Why: err.Error()})
			return err
		}
		c.o.Tell(Progress{State: Done, Step: s})
	}
	return nil
}

// Do does one step.
func (c *Client) Do(ctx context.Context, s Step) error {
	if err := s.check(); err != nil {
		return err
	}
	c.step = s
	for _, v := range verbs() {
		if v.name == s.Verb {
			return v.run(c, ctx, s.Args)
		}
	}
	return nil
}
