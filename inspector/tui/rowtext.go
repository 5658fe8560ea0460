package tui

import (
	"strconv"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/inspector"
)

// rowText is what the list says of an event: made once, safe to show.
type rowText struct {
	profile decode.Profile
	element string // what stands on the wire
	title   string // what it does, in words
	carries bool   // it only carries what the rows behind it are
	// below: a message below XMPP, whose title says all and needs the room.
	below string
}

// rowTexts keeps the texts of the rows that were on the screen lately.
type rowTexts struct {
	byRow map[int]rowText
}

// maxRowTexts bounds the memory; a screen shows far fewer.
const maxRowTexts = 2048

func (t *rowTexts) get(store *inspector.Store, row int) rowText {
	if x, ok := t.byRow[row]; ok {
		return x
	}
	if t.byRow == nil || len(t.byRow) >= maxRowTexts {
		t.byRow = make(map[int]rowText, maxRowTexts)
	}
	e, err := store.Event(row)
	if err != nil {
		return rowText{element: "?", title: "✗ cannot be read back"}
	}
	x := rowText{
		profile: explain.ProfileOf(e), carries: inspector.Carries(e),
		element: inspector.Disarm(elementText(e)), title: inspector.Disarm(explain.Title(e)),
	}
	switch e.Kind {
	case decode.KindTLS:
		x.below = "TLS  " + x.title
	case decode.KindHTTP, decode.KindDNS:
		x.below = x.title
	}
	x.title, x.below = originTitle(e.Origin, x.title), pick(x.below == "", "", originTitle(e.Origin, x.below))
	t.byRow[row] = x
	return x
}

// maxName is how much of a name on the wire a list shows, in bytes.
const maxName = 60

func short(s string) string {
	if len(s) > maxName {
		return beginning(s, maxName) + "…"
	}
	return s
}

// elementText says in short what stands on the wire.
func elementText(e *decode.Event) string {
	name := short(e.Name.Local)
	switch e.Kind {
	case decode.KindOpen:
		return "<" + name + ">"
	case decode.KindClose:
		return "</" + name + ">"
	case decode.KindStanza:
		if e.Type != "" {
			name += " " + short(e.Type)
		}
		if e.Payload.Local != "" && e.Payload.Local != "body" {
			name += " · " + short(e.Payload.Local)
		}
		return name
	case decode.KindNonza, decode.KindFeatures, decode.KindStreamError:
		if e.Condition != "" {
			name += " · " + short(e.Condition)
		}
		return name
	case decode.KindTLS:
		return "TLS " + pick(name == "", "records", name)
	case decode.KindHTTP:
		return httpText(e)
	case decode.KindDNS:
		return "DNS " + short(e.Type) + " " + name
	case decode.KindTCP:
		return "TCP " + name
	case decode.KindSpace:
		return "white space"
	case decode.KindGap:
		return "gap"
	}
	if name != "" {
		return e.Kind.String() + " " + name
	}
	return e.Kind.String()
}

// httpText says in short what an HTTP message or a control frame is.
func httpText(e *decode.Event) string {
	switch e.Name.Local {
	case "request":
		if e.To == "" { // it waits, and only its body is at hand
			return short(e.Type)
		}
		return short(e.Type) + " " + short(e.To)
	case "response":
		return "HTTP " + short(e.Type)
	case "":
		return "HTTP body"
	}
	return "frame " + short(e.Name.Local) // of WebSocket
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// timeMode says what the time column counts from.
type timeMode uint8

const (
	timeStart timeMode = iota // since the first event shown
	timeDelta                 // since the line before
	timeClock                 // time of the day, UTC
	timeModes
)

func (m timeMode) String() string {
	return [...]string{"since start", "since last", "time of day (UTC)"}[m]
}

// columns is how wide the column is.
func (m timeMode) columns() int {
	if m == timeClock {
		return 15
	}
	return 9
}

// appendTime writes the time of an event. base is what it counts from.
func (m timeMode) append(dst []byte, t, base time.Time) []byte {
	switch {
	case t.IsZero() || m != timeClock && base.IsZero():
		return append(dst, '-')
	case m == timeClock:
		return t.AppendFormat(dst, "15:04:05.000000")
	}
	d := t.Sub(base)
	if m == timeDelta && d >= 0 {
		dst = append(dst, '+')
	}
	return appendSeconds(dst, d)
}

// appendSeconds writes seconds with as many decimals as fit into nine columns
// with a sign.
func appendSeconds(dst []byte, d time.Duration) []byte {
	s := d.Seconds()
	decimals := 6
	switch abs := max(s, -s); {
	case abs >= 1_000_000:
		decimals = 0
	case abs >= 10_000:
		decimals = 1
	case abs >= 100:
		decimals = 3
	case abs >= 10:
		decimals = 5
	}
	return strconv.AppendFloat(dst, s, 'f', decimals, 64)
}
