package main

import (
	"bytes"
	"context"
	"encoding/json"
	"hash/fnv"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/captures"
	"xmppscope/captures/samples"
	"xmppscope/inspector/export"
)

// extraCaptures names a folder of further captures for the damage tests. With
// it set they are thorough; without it they take a part, so that the everyday
// test stays quick.
const extraCaptures = "XMPPSCOPE_ROBUST"

// TestDamageByCutting reads every capture cut short at many places: as a file
// that ends too early does, each must give whole records and no panic.
func TestDamageByCutting(t *testing.T) {
	step := 97
	if os.Getenv(extraCaptures) == "" {
		step *= 20
	}
	for name, whole := range allCaptures(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n := 1; n < len(whole); n += step {
				dumpDamaged(t, whole[:n], formatsFor(n/step))
			}
		})
	}
}

// TestDamageByFlipping reads every capture with bytes changed at random places:
// one at a time, and all at once.
func TestDamageByFlipping(t *testing.T) {
	times := 1000
	if os.Getenv(extraCaptures) == "" {
		times = 20
	}
	for name, whole := range allCaptures(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := fnv.New64a()
			io.WriteString(h, name)
			random := rand.New(rand.NewPCG(h.Sum64(), 0))
			all := bytes.Clone(whole)
			for i := range times {
				at, by := random.IntN(len(whole)), byte(1+random.IntN(255))
				one := bytes.Clone(whole)
				one[at] ^= by
				all[at] ^= by
				dumpDamaged(t, one, formatsFor(i))
			}
			dumpDamaged(t, all, export.Formats())
		})
	}
}

// formatsFor gives try i its formats: JSON always, the others now and then,
// for what they add is how the same events look.
func formatsFor(i int) []export.Format {
	if i%8 == 0 {
		return export.Formats()
	}
	f, _ := export.Lookup("json")
	return []export.Format{f}
}

// dumpDamaged writes a capture in formats and checks that JSON stays JSON and
// that no format lets a control through. A capture that cannot be opened any
// more is as good an answer as its events.
func dumpDamaged(t *testing.T, p []byte, formats []export.Format) {
	t.Helper()
	in := captures.Input{Name: "damaged", Size: int64(len(p)), Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(p)), nil
	}}
	var out bytes.Buffer
	for _, f := range formats {
		out.Reset()
		w := f.New(&out, export.Options{})
		for i, err := range captures.Read(t.Context(), []captures.Input{in}, captures.Options{}) {
			if err != nil {
				break
			}
			if i.Event != nil {
				err = w.Event(i.Event)
			} else {
				err = w.Conversation(i.Conversation)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if i := bytes.IndexAny(out.Bytes(), "\x00\x07\x08\x0d\x1b\x7f"); i >= 0 {
			t.Fatalf("%s: a control at byte %d", f.Name, i)
		}
		if f.Name != "json" {
			continue
		}
		for line := range bytes.Lines(out.Bytes()) {
			if !json.Valid(line) {
				t.Fatalf("no JSON: %s", line)
			}
		}
	}
}

// allCaptures are the recordings shipped with the program and those of the
// extra folder.
func allCaptures(t *testing.T) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, s := range samples.All() {
		f, _, err := samples.Open(s.Name)
		if err != nil {
			t.Fatal(err)
		}
		all[s.Name] = readAll(t, f)
	}
	folder := os.Getenv(extraCaptures)
	if folder == "" {
		return all
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.pcap*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if strings.HasSuffix(path, ".json") {
			continue
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(path)] = readAll(t, f)
	}
	return all
}

func readAll(t *testing.T, f fs.File) []byte {
	t.Helper()
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
