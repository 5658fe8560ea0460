package workshop

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"xmppscope/inspector"
	"xmppscope/lessons/course"
)

// still tells whether the class goes on for somebody. A client waits for half a
// minute, and whoever could hold it up is borne for minutes here.
func (r *rig) still(s *Client) {
	r.Helper()
	if _, err := s.Step(r.Context()); err != nil {
		r.Error("the class does not go on: ", err)
	}
}

// An answer of 10 MB is refused, and the next one is taken.
func TestLongAnswer(t *testing.T) {
	r := hold(t)
	s := r.join("Yorick")
	if _, err := s.Go(t.Context(), "step", r.step("one-text")); err != nil {
		t.Fatal(err)
	}
	_, err := s.Answer(t.Context(), course.Answer{Text: strings.Repeat("x", 10<<20)})
	if err == nil || !strings.Contains(err.Error(), "too long") {
		t.Error(err)
	}
	status, text := r.raw("POST", "/api/answer", `{"text":"`+strings.Repeat("x", 600<<10)+`"}`, "Authorization", "Bearer "+s.Code)
	if status != http.StatusRequestEntityTooLarge || !strings.Contains(text, "at most 64 KiB") {
		t.Error(status, text)
	}
	// XML as deep as it can be.
	if _, err := s.Go(t.Context(), "step", r.step("write-the-request")); err != nil {
		t.Fatal(err)
	}
	if v, err := s.Answer(t.Context(), course.Answer{Text: strings.Repeat("<a>", 20000)}); err != nil || v.Done {
		t.Error(err)
	}
	for _, odd := range []string{`{`, `[]`, `{"text":1}`, `{"extra":1}`, `{} {}`, `{"order":[99999999999999999999]}`, "\x00"} {
		if status, text := r.raw("POST", "/api/answer", odd, "Authorization", "Bearer "+s.Code); status != http.StatusBadRequest || !strings.Contains(text, "cannot be read") {
			t.Errorf("%q: %d %s", odd, status, text)
		}
	}
	r.still(s)
	r.right(s, "one-text")
}

// Names are what can be seen.
func TestNames(t *testing.T) {
	r := hold(t)
	s := r.join("Yorick")
	for _, bad := range []string{"", "   ", "\x1b[31mred", "a\u202eb", "a\x00b", "a\nb", "zero\u200bwidth", "\ufeff", strings.Repeat("x", 41), strings.Repeat("x", 1<<16), "\xff\xfe", "\u2066x"} {
		if _, err := Join(t.Context(), r.addr, r.class.Token(), bad, ""); err == nil || !strings.Contains(err.Error(), "name") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, taken := range []string{"yorick", "YORICK", "Ｙorick", " Yorick"} {
		if _, err := Join(t.Context(), r.addr, r.class.Token(), taken, ""); err == nil || !strings.Contains(err.Error(), "another name") {
			t.Errorf("%q: %v", taken, err)
		}
	}
	for _, good := range []string{"Zoë", "李雷", "O'Neil-Smith", "<b>", "محمد", "$(id)"} {
		r.join(good)
	}
	for _, row := range r.class.Table().Students {
		if inspector.Harmful(row.Name) {
			t.Errorf("%q is in the table", row.Name)
		}
	}
	r.still(s)
}

// A flood of joins from one address fills no class, and those of others get in.
func TestJoinFlood(t *testing.T) {
	r := hold(t, func(o *Options) { o.Limits.Students, o.Limits.PerAddress = 12, 8 })
	s := r.join("Yorick")
	said := map[string]int{}
	for i := range 200 {
		if _, text := r.raw("POST", "/api/join", fmt.Sprintf(`{"name":"bot %d","token":%q}`, i, r.class.Token())); strings.Contains(text, "error") {
			said[text]++
		}
	}
	if n := len(r.class.Table().Students); n != 8 {
		t.Error(n, "students, want 8: ", said)
	}
	all := fmt.Sprint(said)
	if !strings.Contains(all, "too many from your address") || !strings.Contains(all, "too much at once") {
		t.Error(all)
	}
	for i := range 8 { // others, from elsewhere
		if _, _, err := r.class.join(fmt.Sprint("guest ", i), "", netip.MustParseAddr(fmt.Sprintf("10.0.0.%d", i+1))); (err != nil) != (i >= 4) {
			t.Error(i, err)
		}
	}
	if r.class.Kick("127.0.0.1") != 8 {
		t.Error("they are not sent out")
	}
	if _, _, err := r.class.join("guest 9", "", netip.MustParseAddr("10.0.0.9")); err != nil {
		t.Error(err)
	}
	_ = s
}

// The token of another class, its cookie, its code: all of them are refused in a
// sentence, as is whoever tries many.
func TestStolenToken(t *testing.T) {
	r, other := hold(t), hold(t)
	s, stranger := r.join("Yorick"), other.join("Yorick")
	if r.class.Token() == other.class.Token() || r.class.studentKey() == other.class.studentKey() {
		t.Fatal("the classes have the same token")
	}
	if _, err := Join(t.Context(), r.addr, other.class.Token(), "Zed", ""); err == nil || !strings.Contains(err.Error(), "not the token of this class") {
		t.Error(err)
	}
	for _, h := range [][]string{{"Authorization", "Bearer " + stranger.Code}, {"Cookie", r.class.studentKey() + "=" + stranger.Code},
		{"Cookie", r.class.studentKey() + "="}, {"Authorization", "Bearer "}, {"Authorization", "Bearer " + r.class.Token()}, {}} {
		for _, path := range []string{"/api/step", "/api/live", "/api/rows", "/api/event?row=0", "/api/held"} {
			if status, text := r.raw("GET", path, "", h...); status != http.StatusUnauthorized || !strings.Contains(text, "join it with its token") {
				t.Error(h, path, status, text)
			}
		}
	}
	for _, path := range []string{"/api/teacher/live", "/api/teacher/do"} {
		method := map[bool]string{true: "GET", false: "POST"}[strings.HasSuffix(path, "live")]
		if status, text := r.raw(method, path, `{"do":"step","n":2}`, "Authorization", "Bearer "+s.Code); status != http.StatusUnauthorized || !strings.Contains(text, "for the teacher") {
			t.Error(path, status, text)
		}
	}
	// However long a token is that is given, it is looked at for a moment only.
	if sameToken(strings.Repeat("-", maxToken)+"abcd", "abcd") || !sameToken(" AB-cd ", "abcd") || CheckToken(strings.Repeat("x", maxToken+1)) == nil {
		t.Error("a token may be of any length")
	}
	slow := false
	for i := range 200 {
		status, _ := r.raw("POST", "/api/teacher/enter", fmt.Sprintf(`{"secret":"guess-%d"}`, i))
		slow = slow || status == http.StatusTooManyRequests
	}
	if !slow {
		t.Error("secrets can be guessed as fast as one likes")
	}
	r.still(s)
}

// Pages of others do not get in: under another name, from another origin, by a
// form.
func TestOtherPages(t *testing.T) {
	r := hold(t)
	s := r.join("Yorick")
	me := []string{"Cookie", r.class.studentKey() + "=" + s.Code}
	for _, c := range []struct {
		header []string
		want   int
	}{
		{[]string{"Host", "evil.example"}, http.StatusMisdirectedRequest},
		{[]string{"Host", "203.0.113.7:80"}, http.StatusMisdirectedRequest},
		{[]string{"Host", "localhost:1"}, http.StatusOK},
		{[]string{"Host", "[::1]:5290"}, http.StatusOK},
		{[]string{"Origin", "http://evil.example"}, http.StatusForbidden},
		{[]string{"Origin", "null"}, http.StatusForbidden},
		{[]string{"Origin", "http://127.0.0.1:1"}, http.StatusForbidden},
		{[]string{"Origin", "http://" + r.addr}, http.StatusOK},
		{[]string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		{[]string{"Sec-Fetch-Site", "same-site"}, http.StatusForbidden},
		{[]string{"Sec-Fetch-Site", "same-origin"}, http.StatusOK},
		{[]string{"Content-Type", "text/plain"}, http.StatusUnsupportedMediaType},
		{[]string{"Content-Type", "application/x-www-form-urlencoded"}, http.StatusUnsupportedMediaType},
	} {
		if status, text := r.raw("POST", "/api/hint", "{}", append(c.header, me...)...); status != c.want {
			t.Error(c.header, status, text)
		}
	}
	for path, want := range map[string]int{"/": 200, "/teacher": 200, "/class.js": 200, "/page/class.js": 404, "/..%2f..%2fetc/passwd": 404, "/api/nothing": 404} {
		if status, text := r.raw("GET", path, ""); status != want {
			t.Error(path, status, text)
		}
	}
	if status, _ := r.raw("GET", "/api/hint", "", me...); status == 200 {
		t.Error("a hint is taken by looking")
	}
	res, err := http.Get("http://" + r.addr + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, _ := io.ReadAll(res.Body)
	csp := res.Header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || strings.Contains(string(page), "<script>") || strings.Contains(string(page), "onclick") || strings.Contains(string(page), "style=") {
		t.Error(csp, string(page))
	}
	if strings.Contains(string(page), r.class.Token()) {
		t.Error("the page has the token in it")
	}
}

// Thousands of connections that say nothing leave room for those of the class.
func TestManyConnections(t *testing.T) {
	r := hold(t, func(o *Options) { o.Limits.Conns = 60 })
	s := r.join("Yorick")
	heard := make(chan State, 1000)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	lostOnes := 0
	var mu sync.Mutex
	go func() {
		_ = s.Live(ctx, func(s State) { heard <- s }, func(why string) {
			mu.Lock()
			defer mu.Unlock()
			if why != "" {
				lostOnes++
			}
		})
	}()
	<-heard
	var all []net.Conn
	for range 2000 {
		conn, err := net.Dial("tcp", r.addr)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, conn)
		if len(all) > 500 { // of files there are not so many
			_ = all[0].Close()
			all = all[1:]
		}
	}
	r.still(s)
	r.join("Anna")
	if err := r.class.Everybody(5); err != nil {
		t.Fatal(err)
	}
	for end := time.After(time.Minute); ; {
		select {
		case now := <-heard:
			if now.You.Step != 5 {
				continue
			}
		case <-end:
			t.Error("the student was not told")
		}
		break
	}
	mu.Lock()
	if lostOnes > 0 {
		t.Error("the student's stream was taken for a stranger's")
	}
	mu.Unlock()
	alive := 0
	for _, c := range all {
		_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if _, err := c.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
			alive++
		}
		_ = c.Close()
	}
	if alive > 60 {
		t.Error(alive, "connections of strangers are kept")
	}
	if n := runtime.NumGoroutine(); n > 1000 {
		t.Error(n, "goroutines are left")
	}
}

// Some who are in the class and take all that each may have make room for others.
func TestGreedyMakeRoom(t *testing.T) {
	d := &door{max: 4 * maxOwn, open: map[*held]bool{}}
	enter := func(owner string) *held {
		h := &held{Conn: closable{}, door: d, addr: netip.MustParseAddr("127.0.0.1"), since: time.Now()}
		if !d.room(h) {
			return nil
		}
		if owner != "" && !d.owned(h, owner) {
			t.Fatal("too many for ", owner)
		}
		return h
	}
	count := func(owner string) (n int) {
		for h := range d.open {
			if h.owner == owner {
				n++
			}
		}
		return n
	}
	for _, owner := range []string{"a", "b", "c", "d"} {
		for range maxOwn {
			enter(owner)
		}
	}
	for i := range 4 * (maxOwn - fairOwn) {
		if enter(fmt.Sprint("student ", i/fairOwn)) == nil {
			t.Fatal(i, " students are in, and there is no place for more")
		}
	}
	for _, owner := range []string{"a", "b", "c", "d", "student 0", "student 3"} {
		if n := count(owner); n != fairOwn {
			t.Error(owner, " has ", n)
		}
	}
	if len(d.open) != d.max {
		t.Error(len(d.open), " are open")
	}
	if enter("") != nil {
		t.Error("who has no more than is fair lost a connection")
	}
}

// closable is a connection that can be closed.
type closable struct{ net.Conn }

func (closable) Close() error { return nil }

// One who is in the class cannot take up all connections either, and one who sends
// a header for ever is cut off.
func TestGreedyAndSlow(t *testing.T) {
	r := hold(t)
	s := r.join("Yorick")
	refused := ""
	for range maxOwn + 10 {
		conn, err := net.Dial("tcp", r.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "GET /api/step HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n", s.Code)
		_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(res.Body)
		if res.StatusCode != 200 {
			refused = string(text)
		}
	}
	if !strings.Contains(refused, "too many connections open") {
		t.Error(refused)
	}
	r = hold(t, func(o *Options) { o.Limits.Read = 300 * time.Millisecond })
	slow, err := net.Dial("tcp", r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	fmt.Fprintf(slow, "POST /api/join HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
	_ = slow.SetReadDeadline(time.Now().Add(time.Minute))
	begun := time.Now()
	_, _ = io.Copy(io.Discard, slow)
	if d := time.Since(begun); d > 30*time.Second {
		t.Error("a request that does not come is waited for: ", d)
	}
}

// piped is a connection of which nothing is kept on the way: who writes waits for
// who reads.
type piped struct{ net.Conn }

func (piped) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 9), Port: 9} }

// pipes is a listener for one of them.
type pipes struct{ conns chan net.Conn }

func (l *pipes) Close() error {
	close(l.conns)
	return nil
}

func (l *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (l *pipes) Accept() (net.Conn, error) {
	if c, ok := <-l.conns; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}

// One who does not read what is told is cut off, and nothing is kept for them.
func TestSlowReader(t *testing.T) {
	r := hold(t, func(o *Options) { o.Limits.Write = 300 * time.Millisecond })
	s, other := r.join("Yorick"), r.join("Anna")
	near, far := net.Pipe()
	l := &pipes{conns: make(chan net.Conn, 1)}
	l.conns <- piped{far}
	srv := &http.Server{Handler: r.class.Handler()}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	fmt.Fprintf(near, "GET /api/live HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n", s.Code)
	in := bufio.NewReader(near)
	for line := ""; !strings.HasPrefix(line, "data: "); {
		var err error
		if line, err = in.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	if !r.row("Yorick").Here {
		t.Fatal("nobody listens")
	}
	_, store, _ := r.class.Shown()
	until(t, "it is cut off", func() bool { // reads no more
		for i := range store.Len() {
			r.class.Point(store.Row(i).Seq(), 0, 0)
		}
		r.still(other)
		return !r.row("Yorick").Here
	})
	_ = srv.Close()
	<-served
	near.Close()
}

// Addresses and tokens that will do, and that will not.
func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{"": "127.0.0.1:5290", ":0": "127.0.0.1:0", "localhost": "localhost:5290", "192.168.1.5": "192.168.1.5:5290",
		"0.0.0.0:80": "0.0.0.0:80", "[::1]:7": "[::1]:7", "::1": "[::1]:5290", "http://10.0.0.1:99/": "10.0.0.1:99", "fe80::1": "[fe80::1]:5290"} {
		if p, err := ParsePlace(text, "5290"); err != nil || p.Addr != want || p.Anyone {
			t.Errorf("%q: %+v %v", text, p, err)
		}
	}
	if p, err := ParsePlace("203.0.113.5:80", "5290"); err != nil || !p.Anyone {
		t.Error(p, err)
	}
	for _, bad := range []string{"example.org:80", "127.0.0.1:x", "127.0.0.1:99999", "a b", "/etc"} {
		if p, err := ParsePlace(bad, "5290"); err == nil {
			t.Errorf("%q is taken for %+v", bad, p)
		}
	}
	for text, near := range map[string]bool{"127.0.0.1": true, "::1": true, "10.1.2.3": true, "172.16.0.1": true, "172.32.0.1": false, "192.168.0.1": true,
		"169.254.3.4": true, "fe80::1": true, "fd00::1": true, "2001:db8::1": false, "8.8.8.8": false, "::ffff:10.0.0.1": true, "::ffff:8.8.8.8": false} {
		if Near(netip.MustParseAddr(text)) != near {
			t.Error(text)
		}
	}
	for _, short := range []string{"abc", "a-b-c-d", "       "} {
		if CheckToken(short) == nil {
			t.Errorf("%q will do as a token", short)
		}
	}
	seen := map[string]bool{}
	for range 1000 {
		if k := NewToken(); seen[k] || CheckToken(k) != nil {
			t.Fatal(k)
		} else {
			seen[k] = true
		}
	}
}
