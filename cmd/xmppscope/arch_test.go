package main

import (
	"bytes"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module is the name in go.mod, moduleRoot where that stands as seen from here.
const (
	module     = "xmppscope"
	moduleRoot = "../.."
	maxLines   = 500
)

// arrows is the picture of ARCHITECTURE.md: a room and the rooms it may import,
// directly. What a room may use through others it may also import.
var arrows = map[string][]string{
	"decode/spec":       {},
	"decode/xmlstream":  {"decode/spec"},
	"decode/sasl":       {"decode/spec"},
	"decode/tlswire":    {"decode/spec"},
	"decode/inflate":    {"decode/spec"},
	"decode/httpwire":   {"decode/spec", "decode/inflate"},
	"decode/dnswire":    {"decode/spec"},
	"decode/jid":        {"decode/spec"},
	"decode":            {"decode/xmlstream", "decode/sasl", "decode/tlswire", "decode/inflate", "decode/httpwire", "decode/dnswire"},
	"decode/transcript": {"decode"},
	"decode/im":         {"decode"},
	"decode/explain":    {"decode/im", "decode/jid"},
	"decode/lint":       {"decode/im", "decode/jid"},
	"decode/why":        {"decode/explain", "decode/lint"},
	"captures":          {"decode"},
	"captures/samples":  {},
	"captures/synth":    {},
	"proxy/ca":          {"decode", "decode/jid"},
	"proxy/verify":      {"decode", "decode/jid"},
	"proxy/dial":        {"decode"},
	"proxy/binding":     {"decode"},
	"proxy/ledger":      {"decode"},
	"proxy/timeouts":    {"decode"},
	"proxy/web":         {"proxy/dial"},
	"proxy":             {"proxy/ca", "proxy/verify", "proxy/dial", "proxy/binding", "proxy/ledger", "proxy/web"},
	"proxy/probe":       {"proxy", "decode/explain", "decode/lint"},

	// Peers that tests play against.
	"proxy/dial/dnstest":    {},
	"proxy/probe/probetest": {"proxy"},

	"inspector":        {"captures", "proxy", "decode/why"},
	"inspector/gate":   {"inspector"},
	"inspector/export": {"inspector"},
	"inspector/live":   {"inspector/gate"},
	"inspector/tui":    {"inspector/export", "lessons/course"},
	"inspector/linear": {"inspector/export", "lessons/course"},
	"lessons":          {},
	"lessons/course":   {"inspector/live"},
	"lessons/exercise": {"inspector"},
	"lessons/handout":  {"lessons/course"},
	"lessons/workshop": {"lessons/course"},
	"lessons/practice": {"decode"},
	"lessons/sandbox":  {"decode/jid", "lessons/practice"},
	"cmd/xmppscope":    {"proxy/timeouts", "inspector/tui", "inspector/linear", "inspector/gate", "proxy/probe", "lessons", "lessons/course", "lessons/exercise", "lessons/handout", "lessons/workshop", "lessons/sandbox", "lessons/practice", "captures/samples", "captures/synth"},
}

// witnesses make or hold captures, conversations and texts and know nothing of
// the rooms that read them: any test may use them.
var witnesses = []string{"captures/samples", "captures/synth", "decode/transcript", "lessons", "proxy/dial/dnstest", "proxy/probe/probetest"}

// owned are libraries that only these rooms may import.
var owned = map[string][]string{
	"github.com/rivo/tview":      {"inspector/tui"},
	"github.com/gdamore/tcell":   {"inspector/tui"},
	"github.com/google/gopacket": {"captures", "captures/samples"},
	"github.com/spf13/":          {"cmd/xmppscope"},
	"github.com/adrg/xdg":        {"cmd/xmppscope"},
	"github.com/yuin/goldmark":   {"lessons/course"},
}

// pure are what decode and everything under it must not import (law 1): no
// clock, socket, file or logger. Goroutines are found by their keyword.
var pure = []string{"os", "net", "net/http", "log", "log/slog", "sync/atomic", "context", "io/fs", "os/exec", "time.Now"}

func TestArrows(t *testing.T) {
	rooms := packages(t)
	for room, files := range rooms {
		allowed := reach(room)
		if allowed == nil {
			t.Errorf("%s: a room that is not in the picture; give it its arrows here and in ARCHITECTURE.md", room)
			continue
		}
		for _, f := range files {
			for _, imported := range f.imports {
				inner, ours := strings.CutPrefix(imported, module+"/")
				if f.test && slices.Contains(witnesses, inner) {
					continue
				}
				if ours && inner != room && !slices.Contains(allowed, inner) {
					t.Errorf("%s imports %s: no such arrow", f.path, inner)
				}
				checkOwned(t, room, f.path, imported)
			}
		}
	}
	if len(rooms) < 5 {
		t.Fatalf("only %d packages found: the test looks at the wrong place", len(rooms))
	}
}

func checkOwned(t *testing.T, room, path, imported string) {
	t.Helper()
	for lib, rooms := range owned {
		if strings.HasPrefix(imported, lib) && !slices.ContainsFunc(rooms, func(r string) bool { return r == room }) {
			t.Errorf("%s imports %s: only %v may", path, imported, rooms)
		}
	}
}

// reach is every room that room may import; nil for an unknown one.
func reach(room string) []string {
	next, known := arrows[room]
	if !known {
		return nil
	}
	all := []string{}
	for len(next) > 0 {
		r := next[0]
		next = next[1:]
		if !slices.Contains(all, r) {
			all = append(all, r)
			next = append(slices.Clone(next), arrows[r]...)
		}
	}
	return all
}

func TestDecodeIsPure(t *testing.T) {
	for room, files := range packages(t) {
		if room != "decode" && !strings.HasPrefix(room, "decode/") {
			continue
		}
		for _, f := range files {
			if f.test {
				continue
			}
			for _, imported := range f.imports {
				if slices.Contains(pure, imported) {
					t.Errorf("%s imports %s: decode is a pure value (law 1)", f.path, imported)
				}
			}
			for _, word := range []string{"time.Now(", "\tgo func"} {
				if bytes.Contains(f.text, []byte(word)) {
					t.Errorf("%s uses %q: decode is a pure value (law 1)", f.path, strings.TrimSpace(word))
				}
			}
		}
	}
}

func TestSmallFiles(t *testing.T) {
	for _, files := range packages(t) {
		for _, f := range files {
			if n := bytes.Count(f.text, []byte("\n")); n > maxLines {
				t.Errorf("%s has %d lines; %d is the limit: make a second file, or a room", f.path, n, maxLines)
			}
		}
	}
}

// TestNoInit: extension is a line in a table, never a registration.
func TestNoInit(t *testing.T) {
	for _, files := range packages(t) {
		for _, f := range files {
			if bytes.Contains(f.text, []byte("\nfunc init()")) {
				t.Errorf("%s has an init function: extension is a line in a table", f.path)
			}
		}
	}
}

// source is one Go file of the module.
type source struct {
	path    string
	imports []string
	text    []byte
	test    bool
}

// packages reads every Go file of the module, by room.
func packages(t *testing.T) map[string][]source {
	t.Helper()
	rooms := map[string][]source{}
	err := filepath.WalkDir(moduleRoot, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != moduleRoot || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		rel, err := filepath.Rel(moduleRoot, path)
		if err != nil {
			return err
		}
		f, err := readSource(path, filepath.ToSlash(rel))
		if err != nil {
			return err
		}
		room := filepath.ToSlash(filepath.Dir(rel))
		rooms[room] = append(rooms[room], f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rooms
}

func readSource(path, rel string) (source, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return source{}, err
	}
	f := source{path: rel, text: text, test: strings.HasSuffix(rel, "_test.go")}
	parsed, err := parser.ParseFile(token.NewFileSet(), rel, text, parser.ImportsOnly)
	if err != nil {
		return source{}, fmt.Errorf("%s: %w", rel, err)
	}
	for _, i := range parsed.Imports {
		f.imports = append(f.imports, strings.Trim(i.Path.Value, `"`))
	}
	return f, nil
}
