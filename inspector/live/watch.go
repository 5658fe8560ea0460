package live

import (
	"time"

	"xmppscope/decode"
	"xmppscope/inspector/gate"
)

// Watch is what somebody who watches has of connections that are open: somebody
// stands between both sides and can hold what they say. Its methods are called
// from one goroutine, thirty times a second, and must be quick.
type Watch interface {
	// Status is how it stands with all connections.
	Status() Status
	// Held lists what waits for a decision, in the order in which it came.
	Held() []Waiting
	// Do does something to what is held or to a connection. The error is shown.
	Do(a Act) error
	// Breaks lists the breakpoints.
	Breaks() []gate.Break
	// Switch turns a breakpoint off, or on again; false where there is none.
	Switch(id int, off bool) bool
}

// Status is how it stands with all connections that are watched.
type Status struct {
	Mode gate.Mode
	// Open is how many connections are open.
	Open int
	// Listening are the addresses where clients are taken, such as "starttls
	// 127.0.0.1:5222".
	Listening []string
	// Alerts are what must not be overlooked, each a few words that begin with
	// one in capitals, such as "INSECURE: …".
	Alerts []string
	// Recording is the file that is written; empty for none.
	Recording string
	// News are lines that were said since the last call, in words.
	News []string
	// Accounts are those that a practice server knows, each with its password.
	Accounts []string
	// Banner says in a sentence what is done about channel binding, Binding in two
	// words.
	Banner, Binding string
	// Binds is set when that is to be told: before a practice server, once it has mattered.
	Binds bool
}

// Waiting is a unit that waits for a decision, with what a person should know of
// it.
type Waiting struct {
	Seq  decode.Seq
	Conn decode.ConnID
	Dir  decode.Dir
	// Event is what it would be if it went on now.
	Event *decode.Event
	// Since is when it came, Until when it goes on by itself; zero for never.
	Since, Until time.Time
	// Why says what held it.
	Why string
	// Decided is what was decided about it already, such as "edit", and At when:
	// it waits for its turn.
	Decided string
	At      time.Time
	// Behind is how many units wait behind it in its direction.
	Behind int
	// Clocks are those of the initiating and of the receiving side.
	Clocks [2]Clock
}

// Clock is how a side of a connection has waited.
type Clock struct {
	// Heard is when the side last sent something, Told when it last got
	// something; zero for never.
	Heard, Told time.Time
	// Ended is set when the side has closed its direction.
	Ended bool
	// Due is when a program that is known would act if the side were that
	// program, Act what it would do: "profanity pings the server". Zero where
	// nothing is known.
	Due time.Time
	Act string
}

// BindingText says in a sentence what is done about channel binding, as the screen
// and the prompt have it; empty where nothing is.
func (s *Status) BindingText() string {
	switch {
	case s.Banner == "" || s.Binding == "":
		return s.Banner
	case s.Binds:
		return s.Binding + ": " + s.Banner
	}
	return "nothing was bound to TLS yet; where a login is, " + s.Banner
}
