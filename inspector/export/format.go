package export

import (
	"io"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/im"
	"xmppscope/decode/lint"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector"
)

// Writer takes the events of an input in order, and a conversation when it has
// ended, after its events. It buffers; Flush brings out what there is, and
// Close writes what is left but does not close the io.Writer beneath. The first error of that writer is returned by
// every later call. An event is not kept after the call.
type Writer interface {
	// Begin may tell of a conversation before its first event: who takes part.
	Begin(*decode.Conversation) error
	Event(*decode.Event) error
	Conversation(*decode.Conversation) error
	Flush() error
	Close() error
}

// LateFinder is a Writer that can tell of a finding about an event that was
// written before, where the input could not be read twice.
type LateFinder interface {
	Late(*lint.Finding) error
}

// Options are what all formats share. The zero value is good.
type Options struct {
	// Findings are what is wrong with an event, as the rules found it; where it
	// is nil, what the bytes of the event themselves break.
	Findings func(*decode.Event) []lint.Finding
	// Session is what the instant-messaging session knows once an event has
	// happened; nil where nobody follows it.
	Session func(*decode.Event) *im.Session
	// Secrets verify logins; nil means that none are known.
	Secrets *inspector.Secrets
	// Color allows escape sequences for colour in formats meant for people.
	Color bool
	// Width is the number of columns to fill; 0 means 80.
	Width int
	// Full writes long texts whole in formats meant for people.
	Full bool
}

// Format is one way to write events.
type Format struct {
	// Name is the value of --format, Flag the flag of dump that asks for it
	// (empty for the format that dump writes unasked).
	Name, Flag string
	// Doc says in one line what it writes.
	Doc string
	// Judges is set where findings are written.
	Judges bool
	// New makes a writer of the format.
	New func(io.Writer, Options) Writer
}

// formats is the table; a format is one file and one line here.
var formats = [...]Format{
	{"text", "", "the annotated conversation, for reading", true, newText},
	{"json", "json", "JSON Lines, one object an event, with the exact bytes", true, newJSON},
	{"xml", "xml", "only the XML, in order", false, newXML},
	{"ladder", "ladder", "a ladder of both entities, one rung an event", true, newLadder},
}

// Formats lists all formats, the default first.
func Formats() []Format { return formats[:] }

// Lookup finds a format by name.
func Lookup(name string) (Format, bool) {
	for _, f := range formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// explain says what an event means, with what the session knows.
func (o *Options) explain(tree *xmlstream.Tree, e *decode.Event) explain.Explanation {
	if o.Session == nil {
		return explain.EventIn(tree, e)
	}
	return explain.EventWith(tree, e, o.Session(e))
}

// findings are what there is to say about an event: remarks, which break no
// rule, and findings.
func (o *Options) findings(e *decode.Event) []lint.Finding {
	faults := lint.Faults(e)
	if o.Findings == nil {
		return faults
	}
	var all []lint.Finding
	for _, f := range faults {
		if f.Rule == "" {
			all = append(all, f)
		}
	}
	return append(all, o.Findings(e)...)
}
