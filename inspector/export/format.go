package export

import (
	"io"

	"xmppscope/decode"
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

// Options are what all formats share. The zero value is good.
type Options struct {
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
	// New makes a writer of the format.
	New func(io.Writer, Options) Writer
}

// formats is the table; a format is one file and one line here.
var formats = [...]Format{
	{"text", "", "the annotated conversation, for reading", newText},
	{"json", "json", "JSON Lines, one object an event, with the exact bytes", newJSON},
	{"xml", "xml", "only the XML, in order", newXML},
	{"ladder", "ladder", "a ladder of both entities, one rung an event", newLadder},
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
