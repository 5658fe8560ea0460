package workshop

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"xmppscope/inspector"
	"xmppscope/inspector/live"
	"xmppscope/lessons/course"
)

// maxTold bounds what a class may tell at once, in bytes.
const maxTold = 8 << 20

// Client is a student's side of a class, for terminals. Any goroutine may use it.
type Client struct {
	base string
	http *http.Client
	// Name and Code are what the class knows the student by; the code lets them in
	// again.
	Name, Code string
}

// Refused is an answer of a class that says no.
type Refused struct {
	Status int
	Text   string
}

func (r *Refused) Error() string { return r.Text }

// Out tells whether the class lets this student in no more.
func (r *Refused) Out() bool {
	return r.Status == http.StatusUnauthorized || r.Status == http.StatusForbidden || r.Status == http.StatusGone
}

// Join joins a class at HOST:PORT. The code is that of a student who comes back,
// else empty.
func Join(ctx context.Context, addr, token, name, code string) (*Client, error) {
	addr = strings.TrimSuffix(strings.TrimPrefix(addr, "http://"), "/")
	c := &Client{base: "http://" + addr + "/api/", http: &http.Client{
		// It is a computer of this network: no proxy stands between.
		Transport:     &http.Transport{MaxConnsPerHost: 6, IdleConnTimeout: 30 * time.Second, ResponseHeaderTimeout: 20 * time.Second},
		CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("a class sends nobody elsewhere") },
	}}
	var j Joined
	if err := c.call(ctx, "join", joinRequest{name, token, code}, &j); err != nil {
		return nil, err
	}
	if _, _, err := nameOf(j.Name); err != nil || !isCode(j.Code) {
		return nil, errNoClass
	}
	c.Name, c.Code = j.Name, j.Code
	return c, nil
}

var errNoClass = errors.New("what answers there is no class of xmppscope")

// isCode tells whether a text has the form of a code: people copy it into a command
// line.
func isCode(s string) bool {
	return s != "" && len(s) <= maxCode && strings.Trim(s, tokenLetters+"-") == "" && !strings.HasPrefix(s, "-")
}

// maxCode bounds a code, in bytes.
const maxCode = 64

// Close gives connections back.
func (c *Client) Close() { c.http.CloseIdleConnections() }

func (c *Client) call(ctx context.Context, path string, body, into any) error {
	ctx, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	status, text, err := c.ask(ctx, path, body)
	if err != nil && ctx.Err() == nil && c.Code != "" && path != "stage" {
		// The connection was lost: what is asked here may be asked twice.
		status, text, err = c.ask(ctx, path, body)
	}
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return refusedBy(status, text)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(text, into); err != nil {
		return errNoClass
	}
	return nil
}

func (c *Client) ask(ctx context.Context, path string, body any) (status int, text []byte, err error) {
	method, payload := http.MethodGet, io.Reader(nil)
	if body != nil {
		if text, err = json.Marshal(body); err != nil {
			return 0, nil, err
		}
		method, payload = http.MethodPost, bytes.NewReader(text)
	}
	r, err := c.request(ctx, method, path, payload)
	if err != nil {
		return 0, nil, err
	}
	res, err := c.http.Do(r)
	if err != nil {
		return 0, nil, fmt.Errorf("the class does not answer: %w", errors.Unwrap(err))
	}
	defer res.Body.Close()
	text, err = io.ReadAll(io.LimitReader(res.Body, maxTold))
	return res.StatusCode, text, err
}

func (c *Client) request(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, errors.New("this is no address of a class; it is HOST:PORT")
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.Code != "" {
		r.Header.Set("Authorization", "Bearer "+c.Code)
	}
	return r, nil
}

func refusedBy(status int, text []byte) error {
	var said struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(text, &said) != nil || said.Error == "" {
		return errNoClass
	}
	return &Refused{status, inspector.Disarm(said.Error)}
}

// Step is the step at hand.
func (c *Client) Step(ctx context.Context) (v StepView, err error) {
	err = c.call(ctx, "step", nil, &v)
	return v, err
}

// Answer gives an answer; the step that comes back tells what was said about it.
func (c *Client) Answer(ctx context.Context, a course.Answer) (v StepView, err error) {
	err = c.call(ctx, "answer", a, &v)
	return v, err
}

// Hint asks for the next hint.
func (c *Client) Hint(ctx context.Context) (v StepView, err error) {
	err = c.call(ctx, "hint", struct{}{}, &v)
	return v, err
}

// Solve asks for an answer that is right.
func (c *Client) Solve(ctx context.Context) (a course.Answer, err error) {
	err = c.call(ctx, "solve", struct{}{}, &a)
	return a, err
}

// Go goes next, back, skip, or to a step, from 1.
func (c *Client) Go(ctx context.Context, to string, step int) (v StepView, err error) {
	err = c.call(ctx, "go", goRequest{to, step}, &v)
	return v, err
}

// Rows are n events from a row on: of teacher, own or stage.
func (c *Client) Rows(ctx context.Context, of string, from, n int) (v Lines, err error) {
	err = c.call(ctx, fmt.Sprintf("rows?of=%s&from=%d&n=%d", of, from, n), nil, &v)
	return v, err
}

// Event is one event: of teacher, own or stage.
func (c *Client) Event(ctx context.Context, of string, row int) (v Detail, err error) {
	err = c.call(ctx, fmt.Sprintf("event?of=%s&row=%d", of, row), nil, &v)
	return v, err
}

// Begin plays the scene of a live step, End ends it.
func (c *Client) Begin(ctx context.Context) error {
	return c.call(ctx, "stage", stageRequest{Do: "begin"}, nil)
}

// End ends what Begin began.
func (c *Client) End(ctx context.Context) error {
	return c.call(ctx, "stage", stageRequest{Do: "end"}, nil)
}

// Act does something on the stage.
func (c *Client) Act(ctx context.Context, a live.Act) error {
	return c.call(ctx, "stage", stageRequest{Do: "act", Act: a}, nil)
}

// Held is what waits on the stage.
func (c *Client) Held(ctx context.Context) (all []Waiting, err error) {
	err = c.call(ctx, "held", nil, &all)
	return all, err
}

// Live tells how things are, now and whenever they have changed, until ctx ends,
// the class does, or it lets the student in no more. A connection that is lost is
// made again; lost says so, and with an empty text that it is there again.
func (c *Client) Live(ctx context.Context, told func(State), lost func(string)) error {
	wait := 200 * time.Millisecond
	for {
		over, heard, err := c.follow(ctx, func(s State) { lost(""); told(s) })
		var no *Refused
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case over:
			return nil
		case errors.As(err, &no) && no.Out():
			return no
		case heard:
			wait = 200 * time.Millisecond
		}
		lost("The connection to the class was lost; trying again.")
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
		wait = min(2*wait, 5*time.Second)
	}
}

// follow reads one stream of server-sent events.
func (c *Client) follow(ctx context.Context, told func(State)) (over, heard bool, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	r, err := c.request(ctx, http.MethodGet, "live", nil)
	if err != nil {
		return false, false, err
	}
	res, err := c.http.Do(r)
	if err != nil {
		return false, false, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 1<<16))
		return false, false, refusedBy(res.StatusCode, text)
	}
	silent := time.AfterFunc(3*pulse, stop) // a connection that is dead says nothing
	defer silent.Stop()
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, maxTold)
	event := ""
	for lines.Scan() {
		silent.Reset(3 * pulse)
		if name, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			event = name
			continue
		}
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		if event == "gone" {
			return true, true, nil
		}
		var s State
		if json.Unmarshal([]byte(data), &s) != nil {
			return false, heard, errNoClass
		}
		heard = true
		if told(s); s.Over != "" {
			return true, true, nil
		}
	}
	return false, heard, lines.Err()
}
