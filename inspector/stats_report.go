package inspector

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"xmppscope/decode"
)

// Report is what Stats counted. Text in it may come from the wire: it is for
// the views to disarm.
type Report struct {
	Figures
	Steps Counts `json:"steps,omitempty"`
	// Stanzas counts stanzas by name, Payloads by the namespace of their first
	// child; what came after 256 different ones is counted as "other".
	Stanzas  Counts `json:"stanzas,omitempty"`
	Payloads Counts `json:"payloads,omitempty"`
	// Transports counts conversations by what carries them.
	Transports Counts     `json:"transports,omitempty"`
	TLS        *TLSReport `json:"tls,omitempty"`
	// Negotiation tells how long the answers took that are no iq: to headers,
	// to STARTTLS, during login.
	Negotiation *Latency `json:"negotiation,omitempty"`
	// Slowest are the iq requests that waited longest, longest first.
	Slowest       []Wait       `json:"slowest,omitempty"`
	Conversations []ConnReport `json:"conversations,omitempty"`
}

// ConnReport is one conversation of a Report.
type ConnReport struct {
	Conn      decode.ConnID `json:"conn"`
	Initiator string        `json:"initiator,omitempty"`
	Receiver  string        `json:"receiver,omitempty"`
	Profile   string        `json:"profile,omitempty"`
	Transport string        `json:"transport,omitempty"`
	Domain    string        `json:"domain,omitempty"`
	JID       string        `json:"jid,omitempty"`
	TLS       *ConnTLS      `json:"tls,omitempty"`
	Outcome   string        `json:"outcome,omitempty"`
	Frames    int           `json:"frames,omitempty"`
	Figures
}

// Figures are counted for every conversation and for all together.
type Figures struct {
	Start time.Time `json:"start,omitzero"`
	End   time.Time `json:"end,omitzero"`
	// Seconds is the time from the first event to the last.
	Seconds float64 `json:"seconds"`
	Events  int64   `json:"events"`
	// Bytes are of XMPP above TLS and compression, without what is lost.
	Bytes int64 `json:"bytes"`
	Lost  int64 `json:"lost,omitempty"`
	// Unread are the records of TLS that could not be read, by reason.
	Unread     []Unread `json:"unread,omitempty"`
	Directions Sides    `json:"directions"`
	Kinds      Counts   `json:"kinds,omitempty"`
	Phases     Counts   `json:"phases,omitempty"`
	Findings   Counts   `json:"findings,omitempty"`
	Levels     Counts   `json:"levels,omitempty"`
	Latency    *Latency `json:"latency,omitempty"`
	Rates      *Rates   `json:"rates,omitempty"`
}

// Sides are the two directions.
type Sides struct {
	Initiator Side `json:"initiator"`
	Receiver  Side `json:"receiver"`
}

// Side is one direction.
type Side struct {
	Events int64 `json:"events"`
	Bytes  int64 `json:"bytes"`
}

// Latency tells how long answers took, in milliseconds. It is exact up to 256
// answers; beyond, a quantile is up to 3.2 % too low.
type Latency struct {
	Answered   int64   `json:"answered"`
	Unanswered int64   `json:"unanswered"`
	Median     float64 `json:"median_ms"`
	P95        float64 `json:"p95_ms"`
	Slowest    float64 `json:"slowest_ms"`
}

// Wait is one request and its answer.
type Wait struct {
	Request      decode.Seq    `json:"seq"`
	Answer       decode.Seq    `json:"answer"`
	Conn         decode.ConnID `json:"conn"`
	Milliseconds float64       `json:"ms"`

	took time.Duration
}

// Rates are averages over Seconds, and the busiest second of capture time.
type Rates struct {
	Events float64 `json:"events_per_second"`
	Bytes  float64 `json:"bytes_per_second"`
	Peak   int64   `json:"peak_events_per_second,omitempty"`
}

// Count is a number of things of one name.
type Count struct {
	Name string
	N    int64
}

// Counts are in a meaningful order: of the life of a connection, or most
// frequent first. In JSON they are one object.
type Counts []Count

// Of is the number under a name, 0 where there is none.
func (c Counts) Of(name string) int64 {
	for i := range c {
		if c[i].Name == name {
			return c[i].N
		}
	}
	return 0
}

// MarshalJSON writes an object and keeps the order.
func (c Counts) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i := range c {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(c[i].Name)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.WriteString(strconv.FormatInt(c[i].N, 10))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Report gives the figures so far. Conversations are in order of their number.
func (s *Stats) Report() Report {
	r := Report{
		Figures: s.total.figures(&s.iq), Slowest: slices.Clone(s.slowest),
		Steps: inOrder(s.steps[:], decode.Steps()), Payloads: s.payloads.sorted(func(k string) string { return k }),
	}
	stanzas := map[string]int64{}
	for n, count := range s.names.n {
		stanzas[n.Local] += count
	}
	if s.names.rest > 0 {
		stanzas[other] += s.names.rest
	}
	r.Stanzas = byNumber(stanzas)
	if r.Rates != nil {
		r.Rates.Peak = s.peak
	}
	if s.turns.n > 0 {
		r.Negotiation = latency(&s.turns, s.turns.n)
	}
	for _, c := range s.byConn {
		r.Conversations = append(r.Conversations, c.report())
	}
	r.Transports, r.TLS = carried(r.Conversations)
	slices.SortFunc(r.Conversations, func(a, b ConnReport) int { return cmp.Compare(a.Conn, b.Conn) })
	return r
}

func (c *connStats) report() ConnReport {
	r := ConnReport{Conn: c.id, Figures: c.figures(&c.iq)}
	if s := c.sum; s != nil {
		r.Initiator, r.Receiver, r.Profile, r.Transport = s.Initiator, s.Receiver, s.Profile.String(), s.Transport
		r.Domain, r.JID, r.Outcome, r.Frames = s.Domain, s.JID, s.Outcome.String(), s.Frames
		if r.TLS = TLSOf(s); r.TLS != nil {
			r.TLS.Short = r.TLS.Words(c.firstWhy())
		}
	}
	return r
}

func (c *counts) figures(iq *durations) Figures {
	f := Figures{
		Events: c.events[0] + c.events[1], Bytes: c.bytes[0] + c.bytes[1], Lost: c.lost,
		Directions: Sides{Side{c.events[0], c.bytes[0]}, Side{c.events[1], c.bytes[1]}},
		Kinds:      inOrder(c.kinds[:], decode.Kinds()), Phases: inOrder(c.phases[:], decode.Phases()),
		Findings: byNumber(c.findings), Levels: inOrder(c.levels[:], Levels()), Unread: c.hidden(),
	}
	if c.end != 0 {
		f.Start, f.End = time.Unix(0, c.first).UTC(), time.Unix(0, c.end).UTC()
		f.Seconds = f.End.Sub(f.Start).Seconds()
	}
	if f.Seconds > 0 {
		f.Rates = &Rates{Events: float64(f.Events) / f.Seconds, Bytes: float64(f.Bytes) / f.Seconds}
	}
	if c.requests > 0 {
		f.Latency = latency(iq, c.requests)
	}
	return f
}

func latency(d *durations, requests int64) *Latency {
	return &Latency{Answered: d.n, Unanswered: max(requests-d.n, 0),
		Median: milliseconds(d.quantile(50)), P95: milliseconds(d.quantile(95)), Slowest: milliseconds(d.longest)}
}

// milliseconds keeps microseconds and no more.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// other is what a full tally counts the rest as.
const other = "other"

func (t *tally[K]) sorted(name func(K) string) Counts {
	all := make(map[string]int64, len(t.n))
	for k, n := range t.n {
		all[name(k)] = n
	}
	if t.rest > 0 {
		all[other] += t.rest
	}
	return byNumber(all)
}

// byNumber puts the most frequent first.
func byNumber(m map[string]int64) Counts {
	var all Counts
	for name, n := range m {
		all = append(all, Count{name, n})
	}
	slices.SortFunc(all, func(a, b Count) int { return cmp.Or(-cmp.Compare(a.N, b.N), cmp.Compare(a.Name, b.Name)) })
	return all
}

// inOrder lists the counts that are not zero in the order of their values.
func inOrder[N int64 | uint32, V interface {
	~uint8
	String() string
}](n []N, values []V) Counts {
	var all Counts
	for _, v := range values {
		if n := n[v]; n > 0 {
			all = append(all, Count{v.String(), int64(n)})
		}
	}
	return all
}
