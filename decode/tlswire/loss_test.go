package tlswire

import (
	"bytes"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// recorded is a connection with short lines, so that many records are short.
func recorded(t testing.TB, v uint16, suite uint16) (*tape, *KeyLog, [2][]string) {
	t.Helper()
	log := &KeyLog{}
	client := &tls.Config{ServerName: "example.org", InsecureSkipVerify: true, MinVersion: v, MaxVersion: v, CipherSuites: []uint16{suite}, KeyLogWriter: log}
	server := &tls.Config{Certificates: certificates(), MinVersion: v, MaxVersion: v, CipherSuites: []uint16{suite}}
	var lines [2][]string
	for i := range 40 {
		lines[0] = append(lines[0], fmt.Sprintf("<c n='%d'>%s</c>", i, strings.Repeat("c", i*7)))
		lines[1] = append(lines[1], fmt.Sprintf("<s n='%d'>%s</s>", i, strings.Repeat("s", i*11)))
	}
	tp, _ := talk(t, client, server, lines)
	return tp, log, lines
}

// kinds of protection that differ in how a loss is got over.
var protections = []struct{ version, suite uint16 }{
	{tls.VersionTLS13, tls.TLS_AES_128_GCM_SHA256},
	{tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256},
	{tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256},
	{tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA},
	{tls.VersionTLS10, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA},
	{tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_RC4_128_SHA},
}

// A lost piece costs the records it touched, and in TLS 1.0 with chained blocks
// the next one, not the rest.
func TestALossCostsOnlyWhatItTouched(t *testing.T) {
	t.Setenv("GODEBUG", "tlsrsakex=1,tls3des=1,tls10server=1")
	for _, p := range protections {
		t.Run(VersionName(p.version)+" "+CipherName(p.suite), func(t *testing.T) {
			tp, log, lines := recorded(t, p.version, p.suite)
			for seed := range uint64(30) {
				r := rand.New(rand.NewPCG(seed, 3))
				d := NewDecoder(Options{Keys: ring{log}})
				var got [2]string
				take := func(items []Item) {
					for _, it := range items {
						if it.Kind == ItemData {
							got[it.Side] += string(it.Bytes)
						}
					}
				}
				touched := map[string]bool{}
				line := [2]int{}
				for i, s := range tp.all {
					at := line[s.side]
					if i > 12 {
						line[s.side]++
					}
					if i < 14 || r.IntN(12) > 0 || len(s.bytes) < 3 {
						take(d.Feed(s.side, s.bytes))
						continue
					}
					from := r.IntN(len(s.bytes) - 1)
					n := 1 + r.IntN(len(s.bytes)-from-1)
					take(d.Feed(s.side, s.bytes[:from]))
					take(d.Gap(s.side, int64(n)))
					take(d.Feed(s.side, s.bytes[from+n:]))
					touched[fmt.Sprint(s.side, at)] = true
				}
				take(d.Flush(0))
				take(d.Flush(1))
				missing := 0
				for side, all := range lines {
					for _, l := range all {
						if !strings.Contains(got[side], l) {
							missing++
						}
					}
				}
				most := len(touched)
				if p.version == tls.VersionTLS10 {
					most *= 2
				}
				if missing > most {
					t.Fatalf("seed %d: %d lines are missing, %d records were touched", seed, missing, len(touched))
				}
			}
		})
	}
}

// Without keys, with keys of another connection and with keys of the wrong
// kind nothing is read, and what comes out says why.
func TestUselessKeys(t *testing.T) {
	tp, log, _ := recorded(t, tls.VersionTLS13, tls.TLS_AES_128_GCM_SHA256)
	random := tp.play(Options{}, whole).d.Info().ClientRandom
	wrong, mixed, short := &KeyLog{}, &KeyLog{}, &KeyLog{}
	for label := range strings.SplitSeq("CLIENT_HANDSHAKE_TRAFFIC_SECRET SERVER_HANDSHAKE_TRAFFIC_SECRET CLIENT_TRAFFIC_SECRET_0 SERVER_TRAFFIC_SECRET_0", " ") {
		fmt.Fprintf(wrong, "%s %x %x\n", label, random, make([]byte, 32))
		fmt.Fprintf(short, "%s %x %x\n", label, random, make([]byte, 7))
	}
	fmt.Fprintf(mixed, "CLIENT_RANDOM %x %x\n", random, make([]byte, 48))
	for _, c := range []struct {
		name string
		log  *KeyLog
		why  Why
	}{{"none", &KeyLog{}, NoKeys}, {"wrong", wrong, WrongKeys}, {"for TLS 1.2", mixed, NoKeys}, {"short", short, NoKeys}} {
		r := tp.play(Options{Keys: ring{c.log}}, whole)
		n := 0
		for _, it := range r.items {
			if it.Kind == ItemOpaque {
				n++
				if it.Why != c.why {
					t.Fatalf("%s: %s", c.name, it.Why)
				}
			}
		}
		if n == 0 || len(r.data[0])+len(r.data[1]) > 0 {
			t.Fatalf("%s: %d opaque records, %d bytes", c.name, n, len(r.data[0]))
		}
	}
	if r := tp.play(Options{Keys: ring{log}}, whole); len(r.data[0]) == 0 {
		t.Fatal("the right keys do not fit either")
	}
}

// Keys that come late decrypt what was held, and after that what still comes.
func TestKeysThatComeLate(t *testing.T) {
	for _, p := range protections[:4] {
		tp, log, _ := recorded(t, p.version, p.suite)
		all := tp.play(Options{Keys: ring{log}}, whole).data
		random := tp.play(Options{}, whole).d.Info().ClientRandom
		for _, hold := range []int{1 << 20, 0} {
			late := &KeyLog{}
			d := NewDecoder(Options{Keys: ring{late}, Hold: hold})
			var got [2][]byte
			for i, s := range tp.all {
				if i == len(tp.all)/2 {
					late.Write(log.Lines(&random))
				}
				for _, it := range d.Feed(s.side, s.bytes) {
					if it.Kind == ItemData {
						got[it.Side] = append(got[it.Side], it.Bytes...)
					}
				}
			}
			for side := range got {
				if hold > 0 && !bytes.Equal(got[side], all[side]) || len(got[side]) == 0 || !bytes.HasSuffix(all[side], got[side]) {
					t.Errorf("%s, hold %d: %d bytes of %d", CipherName(p.suite), hold, len(got[side]), len(all[side]))
				}
			}
		}
	}
}

func TestKeyLogToleratesJunk(t *testing.T) {
	r, s := strings.Repeat("ab", 32), strings.Repeat("cd", 48)
	text := "\xef\xbb\xbf# a comment\r\n\r\njunk\nCLIENT_RANDOM " + r + " zz\nCLIENT_RANDOM " + r[2:] + " " + s + "\n" +
		strings.Repeat("x", 100000) + "\rCLIENT_RANDOM " + strings.ToUpper(r) + " " + s + "\r\nSERVER_TRAFFIC_SECRET_0 " + r + " " + s[:64]
	for _, size := range []int{1, 7, 1 << 20} {
		k := &KeyLog{}
		for in := []byte(text); len(in) > 0; {
			n := min(size, len(in))
			k.Write(in[:n])
			in = in[n:]
		}
		k.Flush()
		random := [32]byte(bytes.Repeat([]byte{0xab}, 32))
		if got := k.Secret("CLIENT_RANDOM", &random); !bytes.Equal(got, bytes.Repeat([]byte{0xcd}, 48)) {
			t.Fatalf("%x", got)
		}
		if got := k.Secret("SERVER_TRAFFIC_SECRET_0", &random); len(got) != 32 {
			t.Fatalf("%x", got)
		}
		if n, bad := k.Counts(); n != 2 || bad != 4 {
			t.Fatalf("%d secrets, %d ignored", n, bad)
		}
		again := &KeyLog{}
		again.Write(k.Lines(&random))
		if n, bad := again.Counts(); n != 2 || bad != 0 {
			t.Fatalf("its own lines: %d secrets, %d ignored", n, bad)
		}
	}
}

// Secrets that are told again, the same ones or others, take no more memory. The
// last one counts.
func TestKeyLogRepeats(t *testing.T) {
	k, random := &KeyLog{}, [32]byte{31: 1}
	for i := range 10_000 {
		fmt.Fprintf(k, "CLIENT_RANDOM %x %0*x\n", random, 64+2*(i%17), i)
	}
	if n, _ := k.Counts(); n != 1 || len(k.arena) > 1<<16 {
		t.Errorf("%d secrets in %d bytes", n, len(k.arena))
	}
	fmt.Fprintf(k, "CLIENT_RANDOM %x %096x\n", random, 10_000)
	if got := k.Secret("CLIENT_RANDOM", &random); len(got) != 48 || got[47] != 0x10 {
		t.Errorf("%x", got)
	}
}

// A million lines take memory in proportion, and are all found.
func TestKeyLogOfAMillionLines(t *testing.T) {
	if testing.Short() {
		t.Skip("a million lines")
	}
	k := &KeyLog{}
	var b bytes.Buffer
	secret := strings.Repeat("5a", 48)
	for i := range 1_000_000 {
		fmt.Fprintf(&b, "CLIENT_RANDOM %064x %s\n", i, secret)
		if b.Len() > 1<<20 {
			k.Write(b.Bytes())
			b.Reset()
		}
	}
	k.Write(b.Bytes())
	if n, bad := k.Counts(); n != 1_000_000 || bad != 0 {
		t.Fatalf("%d secrets, %d ignored", n, bad)
	}
	random := [32]byte{29: 0x0f, 30: 0x42, 31: 0x3f}
	if k.Secret("CLIENT_RANDOM", &random) == nil {
		t.Fatal("the last one is not there")
	}
	if cap(k.arena)+16*cap(k.entries) > 150<<20 {
		t.Fatalf("%d bytes of secrets in %d", 48_000_000, cap(k.arena)+16*cap(k.entries))
	}
}

// load reads a recorded connection: lines of bytes in hexadecimal, C from the
// client and S from the server, and its key log.
func load(t testing.TB, name string, keys *KeyLog) *tape {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".tape")
	if err != nil {
		t.Fatal(err)
	}
	tp := &tape{}
	for l := range strings.Lines(string(text)) {
		side := strings.Index("CS", l[:1])
		if l[1] != ' ' {
			fmt.Fprint(keys, l)
			continue
		}
		p, err := hex.DecodeString(strings.TrimSpace(l[2:]))
		if err != nil {
			t.Fatal(err)
		}
		tp.add(side, p)
	}
	return tp
}

// Recorded connections decrypt to what was said in them.
func TestTapes(t *testing.T) {
	for _, name := range []string{"tls13", "tls12-cbc"} {
		keys := &KeyLog{}
		r := load(t, name, keys).play(Options{Keys: ring{keys}}, whole)
		if string(r.data[0]) != "<stream:stream><iq/><presence/>" || string(r.data[1]) != "<stream:features/><iq type='result'/><message/>" {
			t.Errorf("%s: %q; %s", name, r.data, problems(r.items))
		}
	}
}

func FuzzDecoder(f *testing.F) {
	keys := &KeyLog{}
	for _, name := range []string{"tls13", "tls12-cbc"} {
		tp := load(f, name, keys)
		var both [2][]byte
		for _, s := range tp.all {
			both[s.side] = append(both[s.side], s.bytes...)
		}
		f.Add(both[0], both[1], uint64(1), false)
	}
	f.Add([]byte("\x16\x03\x01\x00\x02ab"), []byte("\x15\x03\x03\x00\x02\x02\x28"), uint64(2), true)
	f.Fuzz(func(t *testing.T, ini, rec []byte, seed uint64, mid bool) {
		r := rand.New(rand.NewPCG(seed, 1))
		d := NewDecoder(Options{Keys: ring{keys}, MidStream: mid, Guess: seed%4 == 0})
		var next, fed [2]int64
		take := func(items []Item) {
			for _, it := range items {
				if it.From > next[it.Side] || it.To > fed[it.Side] {
					t.Fatalf("an item from %d to %d, the one before ended at %d of %d", it.From, it.To, next[it.Side], fed[it.Side])
				}
				next[it.Side] = max(next[it.Side], it.To)
				_ = Describe(it.Bytes, d.Info().Version)
			}
		}
		in := [2][]byte{ini, rec}
		for len(in[0])+len(in[1]) > 0 {
			side := r.IntN(2)
			if len(in[side]) == 0 {
				side ^= 1
			}
			n := 1 + r.IntN(len(in[side]))
			p := in[side][:n]
			in[side] = in[side][n:]
			fed[side] += int64(n)
			if r.IntN(8) == 0 {
				take(d.Gap(side, int64(n)))
				next[side] = max(next[side], fed[side])
				continue
			}
			take(d.Feed(side, p))
		}
		take(d.Flush(0))
		take(d.Flush(1))
	})
}

func BenchmarkDecoder(b *testing.B) {
	for _, p := range protections[:4] {
		b.Run(VersionName(p.version)+" "+CipherName(p.suite), func(b *testing.B) {
			tp, log, _ := recorded(b, p.version, p.suite)
			n := 0
			for _, s := range tp.all {
				n += len(s.bytes)
			}
			b.SetBytes(int64(n))
			b.ReportAllocs()
			for b.Loop() {
				d := NewDecoder(Options{Keys: ring{log}})
				for _, s := range tp.all {
					d.Feed(s.side, s.bytes)
				}
			}
		})
	}
}
