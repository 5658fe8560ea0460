package workshop

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// maxBody bounds what a request may carry: an answer, each byte of which may be
// written with six (RFC 8259 §7), and what stands around it.
const maxBody = 6*maxAnswer + 16<<10

// maxWaste bounds what is taken of what is too long.
const maxWaste = 64 << 20

// refusal is an error with a status of HTTP.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

func refuse(status int, format string, args ...any) error {
	return &refusal{status, fmt.Sprintf(format, args...)}
}

// statusOf is the status that tells an error.
func statusOf(err error) int {
	var r *refusal
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &r):
		return r.status
	case errors.As(err, &big):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, errToken), errors.Is(err, errKicked), errors.Is(err, errLocked):
		return http.StatusForbidden
	case errors.Is(err, errUnknown):
		return http.StatusUnauthorized
	case errors.Is(err, errSlowly):
		return http.StatusTooManyRequests
	case errors.Is(err, errOver):
		return http.StatusGone
	case errors.Is(err, errFull), errors.Is(err, errMany):
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

// call is what one request asks of the class. What it returns is told in JSON.
type call func(c *Class, r *http.Request) (any, error)

// Handler answers students and the teacher.
func (c *Class) Handler() http.Handler {
	m := http.NewServeMux()
	for pattern, name := range pages() {
		m.Handle(pattern, c.page(name))
	}
	m.Handle("POST /api/join", c.answer((*Class).apiJoin))
	m.Handle("GET /api/live", http.HandlerFunc(c.live))
	m.Handle("GET /api/step", c.answer(asStudent((*Class).apiStep)))
	m.Handle("GET /api/rows", c.answer(asStudent((*Class).apiRows)))
	m.Handle("GET /api/events", c.answer(asStudent((*Class).apiEvents)))
	m.Handle("GET /api/event", c.answer(asStudent((*Class).apiEvent)))
	m.Handle("GET /api/term", c.answer(asStudent((*Class).apiTerm)))
	m.Handle("POST /api/answer", c.answer(asStudent((*Class).apiAnswer)))
	m.Handle("POST /api/hint", c.answer(asStudent((*Class).apiHint)))
	m.Handle("POST /api/solve", c.answer(asStudent((*Class).apiSolve)))
	m.Handle("POST /api/go", c.answer(asStudent((*Class).apiGo)))
	m.Handle("POST /api/stage", c.answer(asStudent((*Class).apiStage)))
	m.Handle("GET /api/held", c.answer(asStudent((*Class).apiHeld)))
	m.Handle("POST /api/teacher/enter", c.answer((*Class).apiEnter))
	m.Handle("GET /api/teacher/live", http.HandlerFunc(c.teacherLive))
	m.Handle("POST /api/teacher/do", c.answer(asTeacher((*Class).apiDo)))
	m.Handle("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.fail(w, refuse(http.StatusNotFound, "there is nothing here; the class is at /"))
	}))
	return c.guard(m)
}

// enter takes part in what the end of the class waits for. It is false once the
// class is over.
func (c *Class) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over != "" {
		return false
	}
	c.wg.Add(1)
	return true
}

// guard refuses what no page of this class asks for.
func (c *Class) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		rc := http.NewResponseController(w)
		_ = rc.SetReadDeadline(time.Now().Add(c.o.Limits.Read)) // without them the limits of the server hold
		_ = rc.SetWriteDeadline(time.Now().Add(c.o.Limits.Write))
		if err := c.admit(r); err != nil {
			c.fail(w, err)
			return
		}
		if !c.enter() {
			c.fail(w, errOver)
			return
		}
		defer c.wg.Done()
		next.ServeHTTP(w, r)
	})
}

// admit checks where a request comes from (RFC 6454 §4; the Fetch standard's
// Sec-Fetch-Site): pages of others have no business here, under whatever name
// they came.
func (c *Class) admit(r *http.Request) error {
	if !c.o.Anyone && !Near(addrOf(r)) {
		return refuse(http.StatusForbidden, "this class is for its own network only")
	}
	if !c.knownHost(r.Host) {
		return refuse(http.StatusMisdirectedRequest, "the class is not called that; open it by its address")
	}
	if o := r.Header.Get("Origin"); o != "" && o != "http://"+r.Host {
		return refuse(http.StatusForbidden, "a page from elsewhere has no business here")
	}
	// Another port of the same host is the same site: only the same origin will do.
	if s := r.Header.Get("Sec-Fetch-Site"); s != "" && s != "same-origin" && s != "none" && strings.HasPrefix(r.URL.Path, "/api/") {
		return refuse(http.StatusForbidden, "a page from elsewhere has no business here")
	}
	if r.Method == http.MethodPost {
		// No form of another page can send this type.
		if t, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(t) != "application/json" {
			return refuse(http.StatusUnsupportedMediaType, "what is sent here is application/json")
		}
	}
	return nil
}

// addrOf is the address that a request comes from.
func addrOf(r *http.Request) netip.Addr {
	a, _ := netip.ParseAddrPort(r.RemoteAddr) // the zero address is near to nothing
	return a.Addr().Unmap().WithZone("")
}

// answer tells what a call gives.
func (c *Class) answer(do call) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, err := do(c, r)
		if err != nil {
			c.fail(w, err)
			return
		}
		if k, ok := v.(cookied); ok {
			http.SetCookie(w, k.cookie)
			v = k.value
		}
		c.write(w, http.StatusOK, v)
	})
}

// cookied is an answer that leaves a cookie.
type cookied struct {
	value  any
	cookie *http.Cookie
}

// fail tells an error in a sentence. The class goes on.
func (c *Class) fail(w http.ResponseWriter, err error) {
	status := statusOf(err)
	text := err.Error()
	if status == http.StatusRequestEntityTooLarge {
		text = fmt.Sprintf("that was too long; an answer has at most %d KiB", maxAnswer>>10)
	}
	if status != http.StatusBadRequest {
		w.Header().Set("Connection", "close") // whoever is refused frees what it holds
	}
	c.write(w, status, map[string]string{"error": upper(text)})
}

func upper(s string) string {
	if s == "" {
		return s
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

func (c *Class) write(w http.ResponseWriter, status int, v any) {
	if v == nil {
		v = struct{}{}
	}
	text, err := json.Marshal(v) // escapes <, > and & too
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"error":"this could not be told"}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // whoever has gone does not read it
}

// read reads the JSON of a request.
func read(r *http.Request, into any) error {
	d := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxBody))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		// Who is answered in the middle of what they send may not see the answer; so
		// it is taken, and thrown away, for as long as a request may take.
		_, _ = io.CopyN(io.Discard, r.Body, maxWaste)
		return err
	case err != nil:
		return refuse(http.StatusBadRequest, "this cannot be read: it is not the JSON that is sent here")
	}
	if _, err := d.Token(); err != io.EOF {
		return refuse(http.StatusBadRequest, "this cannot be read: there is more than one thing in it")
	}
	return nil
}

// studentKey and teacherKey are the names of cookies.
func (c *Class) studentKey() string { return "xmppscope-class-" + c.id }
func (c *Class) teacherKey() string { return "xmppscope-teacher-" + c.id }

// secretIn is what a request says to prove who it is from: a cookie, or from a
// terminal a bearer token (RFC 6750 §2.1).
func secretIn(r *http.Request, cookie string) string {
	if t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return strings.TrimSpace(t)
	}
	if k, err := r.Cookie(cookie); err == nil {
		return k.Value
	}
	return ""
}

func cookie(name, value string) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: 24 * 60 * 60}
}

// whose finds the student that a request is from.
func (c *Class) whose(r *http.Request) (*student, error) {
	s, err := c.who(secretIn(r, c.studentKey()), addrOf(r))
	if err != nil {
		return nil, err
	}
	if h, ok := r.Context().Value(heldKey{}).(*held); ok && !h.door.owned(h, s.key) {
		return nil, refuse(http.StatusTooManyRequests, "you have too many connections open; close some pages")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = time.Now()
	if !s.asks.take(askRate(), s.seen) {
		return nil, errSlowly
	}
	return s, nil
}

func asStudent(do func(*Class, *student, *http.Request) (any, error)) call {
	return func(c *Class, r *http.Request) (any, error) {
		s, err := c.whose(r)
		if err != nil {
			return nil, err
		}
		return do(c, s, r)
	}
}

func (c *Class) isTeacher(r *http.Request) bool {
	given := secretIn(r, c.teacherKey())
	c.mu.Lock()
	defer c.mu.Unlock()
	for t := range c.teachers {
		if sameToken(given, t) {
			return true
		}
	}
	return false
}

func asTeacher(do call) call {
	return func(c *Class, r *http.Request) (any, error) {
		if !c.isTeacher(r) {
			return nil, refuse(http.StatusUnauthorized, "this is for the teacher")
		}
		return do(c, r)
	}
}

// heldKey finds the connection that a request came on.
type heldKey struct{}

// Serve takes students at a listener until ctx ends; then the class is closed.
func (c *Class) Serve(ctx context.Context, ln net.Listener) error {
	d := newDoor(ln, c)
	srv := &http.Server{
		Handler:           c.Handler(),
		ReadHeaderTimeout: c.o.Limits.Read,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          quiet(),
		ConnState:         d.state,
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			if h, ok := conn.(*held); ok {
				return context.WithValue(ctx, heldKey{}, h)
			}
			return ctx
		},
	}
	go func() {
		select {
		case <-ctx.Done():
		case <-c.ctx.Done():
		}
		c.Close()
		end, stop := context.WithTimeout(context.Background(), 2*time.Second)
		defer stop()
		if srv.Shutdown(end) != nil {
			_ = srv.Close()
		}
	}()
	err := srv.Serve(d)
	c.Close()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
