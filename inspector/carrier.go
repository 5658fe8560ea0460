package inspector

import "xmppscope/decode"

// Carries tells an HTTP message that only carries what the events behind it
// are (XEP-0124 §8). It says nothing about where the conversation stands, and
// lists may pass over it.
func Carries(e *decode.Event) bool { return carries(e.Kind, e.Step) }

// Carries is Carries of the event.
func (r Row) Carries() bool { return carries(r.Kind(), r.Step()) }

func carries(k decode.Kind, s decode.Step) bool {
	return k == decode.KindHTTP && s == decode.StepBOSHData
}
