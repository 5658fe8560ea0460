package lint

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// Level says how grave a finding is; levels are ordered.
type Level uint8

const (
	// LevelNone: no finding.
	LevelNone Level = iota
	// LevelNote: worth knowing.
	LevelNote
	// LevelWarning: against a recommendation, or a clear risk.
	LevelWarning
	// LevelError: against a requirement.
	LevelError
)

var levelNames = [...]string{"", "note", "warning", "error"}

func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return ""
}

// Levels lists the levels from the least to the most grave.
func Levels() []Level { return []Level{LevelNote, LevelWarning, LevelError} }

// Who is to blame for a finding.
type Who uint8

const (
	// WhoSender: whoever sent the event. No finding has it: it becomes one of
	// the others.
	WhoSender Who = iota
	WhoInitiator
	WhoReceiver
	// WhoPath: something between the two.
	WhoPath
)

var whoNames = [...]string{"", "initiator", "receiver", "path"}

func (w Who) String() string {
	if int(w) < len(whoNames) {
		return whoNames[w]
	}
	return ""
}

// Side is the entity that sends in a direction.
func Side(d decode.Dir) Who { return WhoInitiator + Who(d&1) }

// Finding is one thing that is wrong or worth knowing about an event.
type Finding struct {
	Rule  string // the name of the rule
	Level Level
	Who   Who
	// Seq and Conn are the event that it is about, which may be an earlier one
	// than the event that showed it.
	Seq  decode.Seq
	Conn decode.ConnID
	Text string // what is wrong, in plain words; may hold wire text
	Ref  spec.Ref
	// Advice says what to do about it; often empty.
	Advice string
	// Span is where it stands; empty where it is about all of it. In says in
	// what.
	Span xmlstream.Span
	In   Part
}

// Part is what of an event a span counts in.
type Part uint8

const (
	// InText: the event's Text.
	InText Part = iota
	// InLogin: the decoded data of its login message.
	InLogin
	// InBase64: the base64 of that.
	InBase64
)
