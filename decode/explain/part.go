package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// Part explains an extension: what its element says wherever it stands inside
// a stanza. It is one file and one line in parts.go.
type Part struct {
	// Name is unique and says which document it follows: xep0184-receipts.
	Name string
	// Doc is one sentence: what the extension is for.
	Doc string
	Ref spec.Ref
	// Spaces are the namespaces of its elements.
	Spaces []string
	// Quiet is set for what only describes the stanza it stands in, such as when
	// it was sent.
	Quiet bool
	// Hides is set where a body beside it is only for programs that do not know
	// the extension.
	Hides bool
	// Why and Expect hold for a stanza that is about this extension alone.
	Why, Expect string
	// Title is the short form of such a stanza; empty means that the general
	// words do.
	Title func(e *decode.Event) string
	// Inside says in one or more sentences what c adds to a message or
	// presence; empty means that the namespace says all.
	Inside func(t *telling, c *xmlstream.Node) string
	// IQ completes what a request or its answer says. c is the payload, nil
	// where the answer has none.
	IQ func(t *telling, c *xmlstream.Node)
	// Noun is what a request asks for, for the refusal: "the software version".
	Noun string
	// Refused says what a condition means when it refuses this.
	Refused map[string]string
}

// partOf finds the extension of a namespace; nil where none is known in depth.
func partOf(space string) *Part { return partBySpace[space] }

// partBySpace is built once from the table and never written again.
var partBySpace = func() map[string]*Part {
	m := map[string]*Part{}
	for _, p := range parts {
		for _, s := range p.Spaces {
			m[s] = p
		}
	}
	return m
}()

// inside is what an extension adds to a message or presence. Where nothing is
// known in depth, it is what the namespace is for.
func (t *telling) inside(c *xmlstream.Node) string {
	if s := t.deep(c); s != "" {
		return s
	}
	return spaceText(c.Name.Space)
}

// deep is inside, empty where nothing is known in depth.
func (t *telling) deep(c *xmlstream.Node) string {
	p := t.look(c.Name.Space)
	if p == nil || p.Inside == nil || t.depth >= maxDepth {
		return ""
	}
	return p.Inside(t, c)
}

// about is inside with the section to read about it.
func (t *telling) about(c *xmlstream.Node) string { return t.cited(c, t.deep(c)) }

func (t *telling) cited(c *xmlstream.Node, deep string) string {
	if deep == "" {
		return spaceText(c.Name.Space)
	}
	return deep + " (" + t.look(c.Name.Space).Ref.String() + ")"
}

// maxDepth bounds stanzas that are wrapped in each other.
const maxDepth = 4

// noteElement points at an element with what it says.
func (t *telling) noteElement(c *xmlstream.Node, text string) {
	if c.FirstChild == nil {
		t.x.noteWhole(c, text)
		return
	}
	t.x.noteTag(c, text)
}
