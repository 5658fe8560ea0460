package workshop

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// browser is a Chromium without a window, driven by its DevTools protocol.
type browser struct {
	t  *testing.T
	at string // HOST:PORT of DevTools
}

// chromiums are the names it goes by.
var chromiums = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// browse starts a browser; without one the test is skipped.
func browse(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range chromiums {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Skip("there is no Chromium to look at the pages with")
	}
	dir, err := os.MkdirTemp("", "class-browser-")
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
		"--disable-background-networking", "--hide-scrollbars", "--remote-debugging-port=0", "--user-data-dir="+dir, "about:blank")
	out, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Skip("Chromium does not start: ", err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		for range 20 { // its children write a moment longer
			if os.RemoveAll(dir) == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	})
	found := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if m := regexp.MustCompile(`ws://([^/]+)/`).FindStringSubmatch(lines.Text()); m != nil {
				found <- m[1]
			}
		}
	}()
	select {
	case at := <-found:
		return &browser{t, at}
	case <-time.After(60 * time.Second):
		t.Skip("Chromium does not say where it listens")
	}
	return nil
}

// tab is a page in a context of its own: another person's browser.
type tab struct {
	t    *testing.T
	conn *websocket.Conn
	mu   sync.Mutex
	id   int
	wait map[int]chan json.RawMessage
	bad  []string // what the page complained about
}

// person opens a page with cookies of its own.
func (b *browser) person(url string) *tab {
	b.t.Helper()
	res, err := http.Get("http://" + b.at + "/json/version")
	if err != nil {
		b.t.Fatal(err)
	}
	text, _ := io.ReadAll(res.Body)
	res.Body.Close()
	var v struct {
		URL string `json:"webSocketDebuggerUrl"`
	}
	if err := json.Unmarshal(text, &v); err != nil {
		b.t.Fatal(err)
	}
	root := b.connect(v.URL)
	var ctx struct{ BrowserContextID string }
	root.call("Target.createBrowserContext", nil, &ctx)
	var target struct{ TargetID string }
	root.call("Target.createTarget", map[string]any{"url": "about:blank", "browserContextId": ctx.BrowserContextID, "width": 1280, "height": 860}, &target)
	page := b.connect("ws://" + b.at + "/devtools/page/" + target.TargetID)
	page.call("Page.enable", nil, nil)
	page.call("Runtime.enable", nil, nil)
	page.call("Log.enable", nil, nil)
	page.call("Page.navigate", map[string]any{"url": url}, nil)
	return page
}

func (b *browser) connect(url string) *tab {
	b.t.Helper()
	conn, _, err := websocket.Dial(b.t.Context(), url, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	conn.SetReadLimit(64 << 20)
	p := &tab{t: b.t, conn: conn, wait: map[int]chan json.RawMessage{}}
	b.t.Cleanup(func() { _ = conn.CloseNow() })
	go p.read()
	return p
}

func (p *tab) read() {
	for {
		_, text, err := p.conn.Read(context.Background())
		if err != nil {
			return
		}
		var m struct {
			ID     int
			Result json.RawMessage
			Error  *struct{ Message string }
			Method string
			Params json.RawMessage
		}
		if json.Unmarshal(text, &m) != nil {
			continue
		}
		p.mu.Lock()
		switch {
		case m.ID != 0 && p.wait[m.ID] != nil:
			if m.Error != nil {
				m.Result = json.RawMessage(fmt.Sprintf(`{"exceptionDetails":{"text":%q}}`, m.Error.Message))
			}
			p.wait[m.ID] <- m.Result
			delete(p.wait, m.ID)
		case m.Method == "Runtime.exceptionThrown" || m.Method == "Log.entryAdded":
			p.bad = append(p.bad, string(m.Params))
		}
		p.mu.Unlock()
	}
}

func (p *tab) call(method string, params any, into any) {
	p.t.Helper()
	p.mu.Lock()
	p.id++
	id, answer := p.id, make(chan json.RawMessage, 1)
	p.wait[id] = answer
	p.mu.Unlock()
	if params == nil {
		params = struct{}{}
	}
	text, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.conn.Write(p.t.Context(), websocket.MessageText, text); err != nil {
		p.t.Fatal(err)
	}
	select {
	case got := <-answer:
		if into != nil {
			if err := json.Unmarshal(got, into); err != nil {
				p.t.Fatal(err)
			}
		}
	case <-time.After(60 * time.Second):
		p.t.Fatal(method, ": no answer")
	}
}

// js runs a script in the page and gives what it comes to, as text.
func (p *tab) js(script string) string {
	p.t.Helper()
	var v struct {
		Result           struct{ Value any }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	p.call("Runtime.evaluate", map[string]any{"expression": script, "returnByValue": true, "awaitPromise": true}, &v)
	if x := v.ExceptionDetails; x != nil {
		return "error: " + x.Text + " " + x.Exception.Description
	}
	return fmt.Sprint(v.Result.Value)
}

// sees waits until a text is to be seen in the page.
func (p *tab) sees(text string) {
	p.t.Helper()
	var last string
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		if last = p.js("document.body.innerText"); strings.Contains(last, text) {
			return
		}
	}
	p.t.Fatalf("%q is not to be seen in:\n%s\ncomplaints: %s", text, last, p.bad)
}

// types fills a box, press presses the button with a text.
func (p *tab) types(selector, text string) {
	p.t.Helper()
	if got := p.js(fmt.Sprintf("(() => { const e = document.querySelector(%q); e.focus(); e.value = %s; e.dispatchEvent(new Event('input', {bubbles: true})); return 'ok' })()", selector, quote(text))); got != "ok" {
		p.t.Fatal(selector, got)
	}
}

func (p *tab) press(text string) {
	p.t.Helper()
	got := ""
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(30 * time.Millisecond) {
		if got = p.js(fmt.Sprintf("(() => { const b = [...document.querySelectorAll('button')].find(b => b.textContent.startsWith(%q) && b.offsetParent); if (!b) return 'no such button'; b.click(); return 'ok' })()", text)); got == "ok" {
			return
		}
	}
	p.t.Fatal(text, ": ", got)
}

// picture keeps what the page looks like where CLASS_PICTURES names a folder.
func (p *tab) picture(name string) {
	p.t.Helper()
	dir := os.Getenv("CLASS_PICTURES")
	if dir == "" {
		return
	}
	var v struct{ Data string }
	p.call("Page.captureScreenshot", map[string]any{"format": "png"}, &v)
	raw, err := base64.StdEncoding.DecodeString(v.Data)
	if err == nil {
		err = os.WriteFile(dir+"/"+name+".png", raw, 0o600)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}
