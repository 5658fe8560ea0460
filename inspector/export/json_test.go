package export

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"xmppscope/decode"
)

// memberOrder is the order of CONTRACT's table, with our own members where
// they fit. Every record must keep to it.
var memberOrder = map[string][]string{
	"event": {"record", "seq", "conn", "dir", "kind", "step", "phase", "time", "name", "ns", "id", "type", "from", "to",
		"payload", "condition", "wire", "wire_base64", "xml", "xml_base64", "offset", "length", "lost", "carrier", "note", "fields", "frames", "layer",
		"title", "what", "why", "ref", "expect", "more", "notes", "reply_to", "related", "sasl", "state_change", "session_change", "session_changes_more", "origin", "original", "original_base64", "findings"},
	"conversation": {"record", "conn", "initiator", "receiver", "profile", "transport", "domain", "tls", "start", "end",
		"outcome", "phase", "jid", "events", "frames", "bytes", "lost"},
}

// always are the members that no record of its kind lacks.
var always = map[string][]string{
	"event":        {"record", "seq", "conn", "dir", "kind", "time", "layer", "origin", "title"},
	"conversation": {"record", "conn", "initiator", "receiver", "transport", "start", "end", "outcome", "events", "frames", "bytes", "lost"},
}

func TestJSONLines(t *testing.T) {
	for _, name := range transcripts(t) {
		events, ends := play(t, name)
		lines := strings.Split(strings.TrimSuffix(write(t, "json", name, Options{}), "\n"), "\n")
		if len(lines) != len(events)+len(ends) {
			t.Fatalf("%s: %d lines for %d events and %d conversations", name, len(lines), len(events), len(ends))
		}
		for i, line := range lines {
			record := map[string]any{}
			if err := json.Unmarshal([]byte(line), &record); err != nil {
				t.Fatalf("%s line %d: %v\n%s", name, i+1, err, line)
			}
			checkMembers(t, line, record)
			if i < len(events) {
				checkBytes(t, record, &events[i])
			}
		}
	}
}

func checkMembers(t *testing.T, line string, record map[string]any) {
	t.Helper()
	kind, _ := record["record"].(string)
	var names []string
	d := json.NewDecoder(strings.NewReader(line))
	d.UseNumber()
	mustToken(t, d)
	for d.More() {
		names = append(names, mustToken(t, d).(string))
		var skip json.RawMessage
		if err := d.Decode(&skip); err != nil {
			t.Fatal(err)
		}
	}
	last := -1
	for _, n := range names {
		at := slices.Index(memberOrder[kind], n)
		if at <= last {
			t.Errorf("member %q of %s stands where it should not, or twice: %v", n, kind, names)
		}
		last = max(last, at)
	}
	for _, n := range always[kind] {
		if !slices.Contains(names, n) {
			t.Errorf("%s lacks %q: %s", kind, n, line)
		}
	}
	for n, v := range record {
		if s, isText := v.(string); isText && s == "" {
			t.Errorf("%s: %q is empty and should be left out", kind, n)
		}
		if l, isList := v.([]any); isList && len(l) == 0 {
			t.Errorf("%s: %q is an empty list and should be left out", kind, n)
		}
	}
}

func mustToken(t *testing.T, d *json.Decoder) json.Token {
	t.Helper()
	tok, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// checkBytes: the exact bytes come back, whatever they are.
func checkBytes(t *testing.T, record map[string]any, e *decode.Event) {
	t.Helper()
	var wire []byte
	if s, ok := record["wire"].(string); ok {
		wire = []byte(s)
	}
	if s, ok := record["wire_base64"].(string); ok {
		if wire != nil {
			t.Errorf("event %d has wire and wire_base64", e.Seq)
		}
		var err error
		if wire, err = base64.StdEncoding.DecodeString(s); err != nil {
			t.Error(err)
		}
	}
	if !bytes.Equal(wire, e.Wire) {
		t.Errorf("event %d: wire is %q, was %q", e.Seq, wire, e.Wire)
	}
	if len(e.Wire) > 0 {
		if record["offset"] != float64(e.Off) || record["length"] != float64(len(e.Wire)) {
			t.Errorf("event %d: offset %v length %v, want %d %d", e.Seq, record["offset"], record["length"], e.Off, len(e.Wire))
		}
	}
	if record["seq"] != float64(e.Seq) || record["kind"] != e.Kind.String() {
		t.Errorf("event %d has seq %v, kind %v", e.Seq, record["seq"], record["kind"])
	}
}

// TestJSONLogin: a login with a password carries its fields, the judgement
// and the chain.
func TestJSONLogin(t *testing.T) {
	type object struct {
		Step string
		SASL *struct {
			Mechanism, Message string
			Fields             []struct {
				Name, Value, Meaning string
				Secret               *bool
			}
			Verified *bool
			Chain    []struct{ Name, Value string }
		}
	}
	out := write(t, "json", "login", Options{Secrets: secrets(t, "juliet@example.com=r0m30myr0m30")})
	verified := 0
	for _, line := range strings.Split(out, "\n") {
		var o object
		if json.Unmarshal([]byte(line), &o) != nil || o.SASL == nil {
			continue
		}
		if o.SASL.Mechanism != "SCRAM-SHA-1" || o.SASL.Message == "" || len(o.SASL.Fields) == 0 {
			t.Errorf("%s: login without its parts: %+v", o.Step, o.SASL)
		}
		for _, f := range o.SASL.Fields {
			if f.Name == "" || f.Meaning == "" || f.Secret == nil {
				t.Errorf("%s: field without its parts: %+v", o.Step, f)
			}
		}
		if o.SASL.Verified != nil && *o.SASL.Verified && len(o.SASL.Chain) > 4 {
			verified++
		}
	}
	if verified == 0 {
		t.Error("no login message is verified with its chain")
	}
	if strings.Contains(write(t, "json", "login", Options{}), `"verified"`) {
		t.Error("verified stands there although no password was given")
	}
}

// brokenWriter fails from its second call on.
type brokenWriter struct{ calls int }

func (w *brokenWriter) Write(p []byte) (int, error) {
	if w.calls++; w.calls > 1 {
		return 0, io.ErrClosedPipe
	}
	return len(p), nil
}

// TestErrorsAreKept: the first error of the output is told by every later call.
func TestErrorsAreKept(t *testing.T) {
	events, _ := play(t, "login")
	for _, f := range Formats() {
		w := f.New(&brokenWriter{}, Options{})
		for range 100_000 {
			if err := w.Event(&events[14]); err != nil {
				break
			}
		}
		if err := w.Close(); err != io.ErrClosedPipe {
			t.Errorf("%s: Close says %v", f.Name, err)
		}
	}
}

func BenchmarkFormats(b *testing.B) {
	var t testing.T
	events, _ := play(&t, "login")
	size := 0
	for i := range events {
		size += len(events[i].Wire)
	}
	for _, f := range Formats() {
		b.Run(f.Name, func(b *testing.B) {
			w := f.New(io.Discard, Options{})
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				for i := range events {
					if err := w.Event(&events[i]); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.N*len(events))/b.Elapsed().Seconds(), "events/s")
		})
	}
}
