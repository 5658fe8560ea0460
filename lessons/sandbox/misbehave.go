package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Misbehaviour is something that the server does wrong on demand, so that a
// client can be seen to cope, and a learner can see what is then found.
type Misbehaviour struct {
	Name, About string
	// Rule is the rule that it breaks; Condition what a stream error, a refused
	// login or a failed TLS says. One of both may be empty.
	Rule, Condition string
	// Number is what it is without one of its own, as in dead=2000: a place in
	// bytes, or milliseconds. Zero means that it takes none.
	Number int
}

// misbehaviour is an entry of the tables.
type misbehaviour struct {
	Misbehaviour
	// alter changes what is sent: the XML of one call to send; nil: nothing.
	// Any goroutine may call it.
	alter func(c *conn, xml string) string
	// header and stanza end the stream: at its header, or at the first stanza of
	// somebody who has a resource.
	header, stanza *streamError
	// refuse is what every login is refused with.
	refuse string
}

// misbehaviours is all of the tables.
func misbehaviours() []misbehaviour {
	return slices.Concat(streamFaults(), loginFaults(), headerFaults(), featureFaults(), tlsFaults(), scramFaults(), stanzaFaults(), smFaults(), byteFaults())
}

// Misbehaviours are all that there are, in the order of a session.
func Misbehaviours() (all []Misbehaviour) {
	for _, m := range misbehaviours() {
		all = append(all, m.Misbehaviour)
	}
	return all
}

// active is a misbehaviour that is on, with its number.
type active struct {
	misbehaviour
	number int
}

// Misbehave turns a misbehaviour on or off, for open connections too. Where it
// takes a number that may stand behind it: "dead=2000".
func (s *Server) Misbehave(name string, on bool) error {
	name, value, numbered := strings.Cut(name, "=")
	i := slices.IndexFunc(s.faults, func(m misbehaviour) bool { return m.Name == name })
	if i < 0 {
		return fmt.Errorf("misbehaviour %q: not one that this server has", name)
	}
	a := &active{s.faults[i], s.faults[i].Number}
	if numbered {
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 || n > 1<<30 || a.Number == 0 {
			return fmt.Errorf("misbehaviour %s: %q is no number for it", name, value)
		}
		a.number = n
	}
	s.life.Lock()
	defer s.life.Unlock()
	next := map[string]*active{}
	if old := s.wrong.Load(); old != nil {
		next = maps.Clone(*old)
	}
	if on {
		next[name] = a
	} else {
		delete(next, name)
	}
	s.wrong.Store(&next)
	return nil
}

// Misbehaving are the names of those that are on.
func (s *Server) Misbehaving() []string {
	all := []string{}
	if m := s.wrong.Load(); m != nil {
		all = slices.Sorted(maps.Keys(*m))
	}
	return all
}

// does tells whether a misbehaviour is on, and with which number.
func (s *Server) does(name string) (number int, on bool) {
	m := s.wrong.Load()
	if m == nil {
		return 0, false
	}
	a := (*m)[name]
	if a == nil {
		return 0, false
	}
	return a.number, true
}

// altered is what is sent in place of something.
func (c *conn) altered(xml string) string {
	m := c.home.wrong.Load()
	if m == nil {
		return xml
	}
	for _, a := range *m {
		if a.alter != nil && xml != "" {
			xml = a.alter(c, xml)
		}
	}
	return xml
}

// provoked is the stream error that is to end the stream now, or nil.
func (c *conn) provoked(header bool) error {
	m := c.home.wrong.Load()
	if m == nil {
		return nil
	}
	for _, a := range *m {
		switch {
		case header && a.header != nil:
			return a.header
		case !header && a.stanza != nil:
			return a.stanza
		}
	}
	return nil
}

// refusing is the condition that every login is refused with, or empty.
func (c *conn) refusing() string {
	if m := c.home.wrong.Load(); m != nil {
		for _, a := range *m {
			if a.refuse != "" {
				return a.refuse
			}
		}
	}
	return ""
}

// Helpers of the tables.

// startsWith tells whether XML begins with an element of this name.
func startsWith(xml, name string) bool {
	rest, ok := strings.CutPrefix(xml, "<"+name)
	return ok && rest != "" && strings.ContainsRune(" />", rune(rest[0]))
}

// headed tells whether XML is a stream header.
func headed(xml string) bool { return strings.HasPrefix(xml, "<?xml") }

// attrOf is an attribute as it was written; its quotes are those of element.
func attrOf(xml, name string) (value string, ok bool) {
	_, rest, ok := strings.Cut(xml, " "+name+"='")
	if !ok {
		return "", false
	}
	value, _, ok = strings.Cut(rest, "'")
	return value, ok
}

// setAttr changes the first attribute of a name, or takes it away where value
// is empty.
func setAttr(xml, name, value string) string {
	old, ok := attrOf(xml, name)
	if !ok {
		return xml
	}
	was := " " + name + "='" + old + "'"
	if value == "" {
		return strings.Replace(xml, was, "", 1)
	}
	return strings.Replace(xml, was, " "+name+"='"+value+"'", 1)
}

// onHeader, on make an alteration of headers, or of elements of a name.
func onHeader(f func(string) string) func(*conn, string) string {
	return func(_ *conn, xml string) string {
		if headed(xml) {
			return f(xml)
		}
		return xml
	}
}

func on(name string, f func(string) string) func(*conn, string) string {
	return func(_ *conn, xml string) string {
		if startsWith(xml, name) {
			return f(xml)
		}
		return xml
	}
}

// withoutElement takes the first element of a name out of XML that the server wrote.
func withoutElement(xml, name string) string {
	i := strings.Index(xml, "<"+name)
	if i < 0 {
		return xml
	}
	if end := strings.Index(xml[i:], "</"+name+">"); end >= 0 {
		return xml[:i] + xml[i+end+len("</"+name+">"):]
	}
	end := strings.Index(xml[i:], "/>")
	return xml[:i] + xml[i+end+2:]
}
