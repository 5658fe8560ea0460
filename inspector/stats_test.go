package inspector

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"xmppscope/decode"
)

func TestQuantiles(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 3, 100, exactDurations, exactDurations + 1, 5000} {
		var d durations
		var all []time.Duration
		for range n {
			v := time.Duration(r.Uint64N(1 << r.UintN(50)))
			d.add(v)
			all = append(all, v)
		}
		slices.Sort(all)
		for _, percent := range []int{1, 50, 95, 100} {
			want := all[max((n*percent+99)/100, 1)-1]
			got := d.quantile(int64(percent))
			if n <= exactDurations && got != want {
				t.Errorf("%d of %d: %v, want exactly %v", percent, n, got, want)
			}
			if got > want || float64(got) < float64(want)*(1-1.0/32) {
				t.Errorf("%d of %d: %v, want %v or up to 3.2 %% less", percent, n, got, want)
			}
		}
		if d.longest != all[n-1] {
			t.Errorf("longest of %d: %v", n, d.longest)
		}
	}
	var none durations
	none.add(-time.Second)
	if none.quantile(50) != 0 || none.n != 1 {
		t.Error("a negative wait counts as none")
	}
}

func TestBucketsMeet(t *testing.T) {
	for i := range durationBuckets {
		if got := bucketOf(bucketFloor(i)); got != i {
			t.Fatalf("the floor of bucket %d lies in %d", i, got)
		}
		if i > 0 && bucketOf(bucketFloor(i)-1) != i-1 {
			t.Fatalf("there is a hole below bucket %d", i)
		}
	}
}

func TestStats(t *testing.T) {
	s := NewStats(onlyFaults())
	for _, e := range sample() {
		s.Add(e)
	}
	s.AddConversation(decode.Conversation{Conn: 2, Initiator: "a:1", Receiver: "b:2", Profile: decode.ProfileC2S, Transport: "tcp", JID: "j@d/r", Outcome: decode.OutcomeCut, Frames: 7})
	got := s.Report()
	size := func(n ...int) (sum int64) {
		for _, i := range n {
			sum += int64(len(sample()[i].Wire))
		}
		return sum
	}
	all := size(0, 1, 2, 3, 4, 5)
	want := Report{
		Figures: Figures{
			Start: t0, End: t0.Add(5 * time.Second), Seconds: 5, Events: 6, Bytes: all,
			Directions: Sides{Side{5, all - size(2)}, Side{1, size(2)}},
			Kinds:      Counts{{"stanza", 4}, {"nonza", 1}, {"space", 1}},
			Phases:     Counts{{"auth", 1}, {"bind", 1}, {"exchange", 3}},
			Findings:   Counts{{"sasl-base64-illegal", 1}, {"stream-prefix-unusual", 1}, {"xml-comment", 1}},
			Levels:     Counts{{"warning", 1}, {"error", 2}},
			Latency:    &Latency{Answered: 1, Median: 1000, P95: 1000, Slowest: 1000},
			Rates:      &Rates{Events: 1.2, Bytes: float64(all) / 5, Peak: 1},
		},
		Steps:      Counts{{"sasl-auth", 1}, {"bind", 1}, {"exchange", 3}},
		Transports: Counts{{"tcp", 1}},
		Stanzas:    Counts{{"iq", 2}, {"message", 2}},
		Payloads:   Counts{{"jabber:client", 2}, {"urn:d", 1}, {"urn:ietf:params:xml:ns:xmpp-bind", 1}},
		Slowest:    []Wait{{Request: 2, Answer: 3, Conn: 1, Milliseconds: 1000, took: time.Second}},
		Conversations: []ConnReport{
			{Conn: 1, Figures: Figures{
				Start: t0, End: t0.Add(5 * time.Second), Seconds: 5, Events: 4, Bytes: size(0, 1, 2, 4),
				Directions: Sides{Side{3, size(0, 1, 4)}, Side{1, size(2)}},
				Kinds:      Counts{{"stanza", 3}, {"nonza", 1}},
				Phases:     Counts{{"auth", 1}, {"bind", 1}, {"exchange", 2}},
				Findings:   Counts{{"sasl-base64-illegal", 1}, {"stream-prefix-unusual", 1}, {"xml-comment", 1}},
				Levels:     Counts{{"warning", 1}, {"error", 2}},
				Latency:    &Latency{Answered: 1, Median: 1000, P95: 1000, Slowest: 1000},
				Rates:      &Rates{Events: 0.8, Bytes: float64(size(0, 1, 2, 4)) / 5},
			}},
			{Conn: 2, Initiator: "a:1", Receiver: "b:2", Profile: "c2s", Transport: "tcp", JID: "j@d/r", Outcome: "cut", Frames: 7, Figures: Figures{
				Start: t0.Add(4 * time.Second), End: t0.Add(4 * time.Second), Events: 1, Bytes: size(3),
				Directions: Sides{Initiator: Side{1, size(3)}},
				Kinds:      Counts{{"stanza", 1}}, Phases: Counts{{"exchange", 1}},
			}},
		},
	}
	// The space belongs to conversation 1 and has no time.
	want.Conversations[0].Events++
	want.Conversations[0].Bytes++
	want.Conversations[0].Directions.Initiator.Events++
	want.Conversations[0].Directions.Initiator.Bytes++
	want.Conversations[0].Kinds = append(want.Conversations[0].Kinds, Count{"space", 1})
	want.Conversations[0].Rates = &Rates{Events: 1, Bytes: float64(want.Conversations[0].Bytes) / 5}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(Wait{}), cmpopts.EquateApprox(0, 1e-9)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestReportIsJSON(t *testing.T) {
	s := NewStats(onlyFaults())
	for _, e := range sample() {
		s.Add(e)
	}
	b, err := json.Marshal(s.Report())
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	kinds, _ := back["kinds"].(map[string]any)
	latency, _ := back["latency"].(map[string]any)
	if kinds["stanza"] != 4.0 || back["events"] != 6.0 || latency["median_ms"] != 1000.0 || len(back["conversations"].([]any)) != 2 {
		t.Errorf("%s", b)
	}
	if b, err := json.Marshal(NewStats(onlyFaults()).Report()); err != nil || len(b) == 0 {
		t.Errorf("empty: %s, %v", b, err)
	}
}

func TestLatencyKeepsTheSlowest(t *testing.T) {
	s := NewStats(onlyFaults())
	ask := func(seq decode.Seq, at time.Duration) {
		s.Add(&decode.Event{Seq: seq, Conn: 1, Kind: decode.KindStanza, Name: name("jabber:client", "iq"), Type: "get", Time: t0.Add(at)})
	}
	answer := func(seq, to decode.Seq, at time.Duration) {
		s.Add(&decode.Event{Seq: seq, Conn: 1, Kind: decode.KindStanza, Name: name("jabber:client", "iq"), Type: "result", Reply: to, Time: t0.Add(at)})
	}
	for i := range decode.Seq(20) {
		ask(1+i, 0)
	}
	for i := range decode.Seq(18) {
		answer(100+i, 1+i, time.Duration((i*7)%18+1)*time.Millisecond)
	}
	answer(200, 1, time.Hour) // a second answer to the same request
	answer(201, 5000, time.Hour)
	r := s.Report()
	if *r.Latency != (Latency{Answered: 18, Unanswered: 2, Median: 9, P95: 18, Slowest: 18}) {
		t.Errorf("%+v", *r.Latency)
	}
	var ms []float64
	for _, w := range r.Slowest {
		ms = append(ms, w.Milliseconds)
	}
	if !slices.Equal(ms, []float64{18, 17, 16, 15, 14}) {
		t.Errorf("slowest: %v", ms)
	}
}

func TestStatsStaySmall(t *testing.T) {
	s := NewStats(onlyFaults())
	for i := range decode.Seq(5 * maxWaiting) {
		s.Add(&decode.Event{Seq: i + 1, Conn: 1, Kind: decode.KindStanza, Type: "get", Time: t0,
			Name: name(string(rune(0x4e00+i%20000)), "iq"), Payload: name(string(rune(0x4e00+i%20000)), "x")})
	}
	if len(s.waiting.since) > maxWaiting || len(s.waiting.order) > 2*maxWaiting || len(s.payloads.n) > maxTally || len(s.names.n) > maxTally {
		t.Errorf("%d waiting, %d in order, %d payloads, %d names", len(s.waiting.since), len(s.waiting.order), len(s.payloads.n), len(s.names.n))
	}
	if r := s.Report(); r.Payloads.Of(other) == 0 || r.Latency.Unanswered != 5*maxWaiting {
		t.Errorf("other: %d, unanswered: %d", r.Payloads.Of(other), r.Latency.Unanswered)
	}
}

func BenchmarkStatsAdd(b *testing.B) {
	events := stanzas(10_000)
	s := NewStats(onlyFaults())
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		e := *events[i%len(events)]
		e.Seq = decode.Seq(i + 1)
		if e.Reply != 0 {
			e.Reply = e.Seq - 1
		}
		s.Add(&e)
	}
}
