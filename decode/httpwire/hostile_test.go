package httpwire

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
)

// ok is an answer with a body of one byte.
const ok = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"

// However a message that is too big for one piece is cut on its way, it comes
// out in the same pieces.
func TestLimitsDoNotDependOnCuts(t *testing.T) {
	o := Options{MaxBody: 300, MaxHead: 200}
	long := strings.Repeat("y", 1000)
	for name, lines := range map[string][]say{
		"head":        {{0, "GET /x HTTP/1.1\r\nCookie: " + long + "\r\n\r\n" + get}, {1, ok}},
		"body":        {{0, "POST /x HTTP/1.1\r\nContent-Length: 1000\r\n\r\n" + long + get}, {1, ok + ok}},
		"response":    {{0, get + get}, {1, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + long + ok}},
		"to the end":  {{0, get}, {1, "HTTP/1.1 200 OK\r\n\r\n" + long}},
		"chunk":       {{0, get + get}, {1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3E8\r\n" + long + "\r\n0\r\n\r\n" + ok}},
		"chunk line":  {{0, get + get}, {1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;" + strings.Repeat(long, 9) + "\r\nabc\r\n0\r\n\r\n" + ok}},
		"line breaks": {{0, strings.Repeat("\r\n", 150) + get}, {1, ok}},
	} {
		t.Run(name, func(t *testing.T) {
			want, wire := play(lines, o, whole)
			if wire[0] != lines[0].text || wire[1] != lines[1].text {
				t.Errorf("the messages do not hold the bytes")
			}
			for _, n := range []int{1, 7, 64, 199, 500} {
				got, _ := play(lines, o, func(s string) (all []string) {
					for ; len(s) > n; s = s[n:] {
						all = append(all, s[:n])
					}
					return append(all, s)
				})
				if got != want {
					t.Fatalf("in pieces of %d\n%s\nwhole\n%s", n, got, want)
				}
			}
		})
	}
}

// An answer that is too long to be kept is an answer all the same: the next one
// belongs to the next request.
func TestAnswersBehindALongOne(t *testing.T) {
	got, _ := play([]say{{0, get + get}, {1, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + strings.Repeat("y", 1000) + ok}},
		Options{MaxBody: 300, MaxHead: 200}, whole)
	if !strings.Contains(got, `1 1 200 #2`) {
		t.Error(got)
	}
}

// An answer without a body says how the body would have been compressed (RFC
// 9110 §9.3.2, §15.4.5); that is no fault.
func TestNothingIsNotDamaged(t *testing.T) {
	got, _ := play([]say{{0, "HEAD /x HTTP/1.1\r\n\r\n" + get + get}, {1, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" +
		"HTTP/1.1 304 No\r\nContent-Encoding: br\r\n\r\n" + "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n"}}, Options{}, whole)
	if strings.Contains(got, "!") || !strings.Contains(got, "200 #3") {
		t.Error(got)
	}
}

// What a server and the proxy before it read in different ways is told: such
// messages hide one request in another.
func TestSmuggling(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"length and coding":       {"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "http-smuggling"},
		"two lengths":             {"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", "http-smuggling"},
		"length with a sign":      {"POST / HTTP/1.1\r\nContent-Length: +3\r\n\r\nabc", "http-smuggling"},
		"chunked not last":        {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", "http-smuggling"},
		"chunked misspelt":        {"POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "http-smuggling"},
		"chunked twice":           {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "http-smuggling"},
		"coding in HTTP/1.0":      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "http-smuggling"},
		"space before the colon":  {"POST / HTTP/1.1\r\nContent-Length : 3\r\n\r\nabc", "http-smuggling"},
		"lone line feeds":         {"POST / HTTP/1.1\nContent-Length: 3\n\nabc", "http-line-end"},
		"lone line feed":          {"POST / HTTP/1.1\r\nA: b\nContent-Length: 3\r\n\r\nabc", "http-line-end"},
		"lone carriage return":    {"POST / HTTP/1.1\r\nA: b\rContent-Length: 3\r\n\r\n", "http-line-end"},
		"line feed after a chunk": {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n", "http-line-end"},
		"line feed after a size":  {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;\na\r\n0\r\n\r\n", "http-line-end"},
		"size with 0x":            {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n", "http-smuggling"},
		"zero byte":               {"POST / HTTP/1.1\r\nA: \x00\r\nContent-Length: 0\r\n\r\n", "http-malformed"},
		"folded":                  {"POST / HTTP/1.1\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", "http-folding"},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := play([]say{{0, c.in}}, Options{}, whole)
			if !strings.Contains(got, "!"+c.want) {
				t.Errorf("%s is not told:\n%s", c.want, got)
			}
		})
	}
	for _, in := range []string{get, "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc"} {
		if got, _ := play([]say{{0, in}}, Options{}, whole); strings.Contains(got, "!") {
			t.Errorf("a false alarm:\n%s", got)
		}
	}
}

// Bodies that are far longer than they look cost no more than a set share of
// what came in, however many there are.
func TestManyBombs(t *testing.T) {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, 9)
	z.Write(make([]byte, 16<<20-1))
	z.Close()
	post := fmt.Sprintf("POST /b HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", b.Len(), b.String())
	c := NewConn(Options{})
	out, told := 0, false
	for range 30 {
		for _, m := range c.Feed(0, []byte(post)) {
			out += len(m.Body)
			told = told || len(m.Faults) > 0
		}
	}
	if out > 1<<20+200*30*len(post) || !told {
		t.Fatalf("%d bytes came of %d, told %v", out, 30*len(post), told)
	}
}

// A head of very many folded lines takes no longer than others.
func TestFoldedHeads(t *testing.T) {
	in := "GET /x HTTP/1.1\r\nA: b\r\n" + strings.Repeat(" \n", 30000) + "\r\n"
	got, _ := play([]say{{0, in}}, Options{}, whole)
	if !strings.Contains(got, "!http-folding") {
		t.Error(got)
	}
}
