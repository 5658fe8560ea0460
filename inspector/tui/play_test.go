package tui

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/tlswire"
	"xmppscope/decode/transcript"
	"xmppscope/inspector"
)

// transcripts makes a source of conversations written as C: and S: lines; the
// lines of several conversations follow each other.
func transcripts(t testing.TB, names ...string) *Source {
	t.Helper()
	src, err := readTranscripts(names...)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func readTranscripts(names ...string) (*Source, error) {
	return readWithKeys(true, names...)
}

// readWithKeys uses the lines "keys" of a transcript, or leaves them aside; then
// the source takes any key log to have them.
func readWithKeys(use bool, names ...string) (*Source, error) {
	store := inspector.NewStore(inspector.StoreOptions{})
	seq := decode.Seq(0)
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for i, name := range names {
		text, err := os.ReadFile(filepath.Join("testdata", filepath.Base(name)+".txt"))
		if err != nil {
			return nil, err
		}
		p := player{store: store, at: at, frame: 1, use: use}
		c := decode.NewConn(decode.ConnID(i+1), decode.Options{Number: func() decode.Seq { seq++; return seq }, Keys: &p})
		p.conn = c
		p.keep(c.Connect(p.at), nil)
		for _, l := range strings.Split(string(text), "\n") {
			p.line(l)
		}
		p.keep(c.Finish(p.at), nil)
		sum := c.Summary()
		if p.joined != nil {
			sum = p.joined.All()[0].Summary()
			sum.Conn = decode.ConnID(i + 1)
		}
		sum.Initiator, sum.Receiver = fmt.Sprintf("192.0.2.%d:40112", i+1), "198.51.100.1:5222"
		store.SetConversation(sum)
		at = p.at
	}
	src := &Source{Title: strings.Join(names, " + ") + ".pcap", Store: store, Close: func() { store.Close() }}
	if !use {
		src.Keylog = func(path string) (*Source, error) {
			if path == "missing" {
				return nil, errTest
			}
			return readWithKeys(path != "useless", names...)
		}
	}
	return src, nil
}

type player struct {
	store *inspector.Store
	conn  *decode.Conn
	at    time.Time
	frame uint32

	use    bool
	keys   tlswire.KeyLog
	joined *decode.Sessions // of BOSH
	before decode.Seq       // events before the session
}

func later(s, by decode.Seq) decode.Seq {
	if s == 0 {
		return 0
	}
	return s + by
}

// Secret makes the lines "keys" a key log.
func (p *player) Secret(label string, random *[32]byte) ([]byte, string) {
	if !p.use {
		return nil, ""
	}
	return p.keys.Secret(label, random), "keylog"
}

func (p *player) keep(events []decode.Event, frames []uint32) {
	for i := range events {
		e := &events[i]
		e.Frames = frames
		if p.joined == nil {
			p.store.Append(e)
			continue
		}
		_, made := p.joined.Take(1, e)
		for k := range made {
			m := made[k]
			m.Conn, m.Seq = e.Conn, m.Seq+p.before // a session numbers its own
			m.Reply, m.Carrier = later(m.Reply, p.before), later(m.Carrier, p.before)
			p.store.Append(&m)
		}
	}
}

func (p *player) line(l string) {
	if l == "" || l[0] == '#' {
		return
	}
	if rest, ok := strings.CutPrefix(l, "keys "); ok {
		fmt.Fprintln(&p.keys, rest)
		return
	}
	p.at = p.at.Add(1500 * time.Microsecond)
	dir := decode.FromInitiator
	if l[0] == 'S' {
		dir = decode.FromReceiver
	}
	if rest := l[1:]; rest[0] == ' ' {
		var n int64
		switch word, num, _ := strings.Cut(strings.TrimSpace(rest), " "); word {
		case "gap":
			fmt.Sscan(num, &n)
			p.keep(p.conn.Gap(dir, p.at, n), nil)
		case "end":
			p.keep(p.conn.End(dir, p.at), nil)
		case "hex":
			data, err := hex.DecodeString(num)
			if err != nil {
				panic(err)
			}
			p.send(dir, data)
		}
		return
	}
	p.send(dir, []byte(unescape(strings.TrimPrefix(l[2:], " "))))
}

func (p *player) send(dir decode.Dir, data []byte) {
	p.frame++
	for len(data) > 0 {
		events, n := p.conn.Feed(dir, p.at, data)
		if p.conn.Verdict() == decode.IsCarrier && p.joined == nil {
			p.joined, p.before = decode.NewSessions(decode.Options{}), decode.Seq(p.store.Len())
		}
		p.keep(events, []uint32{p.frame})
		data = data[n:]
	}
}

// unescape reads the escapes of a transcript; the scripts are ours, so that a
// wrong one ends the test.
func unescape(s string) string {
	data, err := transcript.Unescape(s)
	if err != nil {
		panic(err)
	}
	return string(data)
}
