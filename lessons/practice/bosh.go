package practice

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// bosh is a session of BOSH (XEP-0124) as a stream. The client has one end of a
// pipe; a goroutine has the other, and makes requests of what is written.
type bosh struct {
	http   http.Client
	url    string
	domain string
	pipe   net.Conn
	stop   context.CancelFunc

	patience time.Duration

	rid, due uint64 // of the next request, and of the answer that is next
	sid      string
	created  bool
	open     int // requests that wait for their answers
	queue    []string
	answers  map[uint64]string
	closing  bool
}

// Bounds of a session: requests at a time, how long one may be held, and how long
// an answer may be.
const (
	boshOpen = 2
	boshWait = 60
	boshMax  = 1 << 20
)

// newBOSH begins a session; it asks for one when the header is written. An answer
// is awaited for patience, and for as long as the server may hold it.
func newBOSH(dial func(context.Context) (net.Conn, error), domain string, patience time.Duration) net.Conn {
	ours, theirs := net.Pipe()
	ctx, stop := context.WithCancel(context.Background())
	connect := func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) }
	b := &bosh{url: "https://" + domain + webPath, domain: domain, pipe: theirs, stop: stop, patience: patience + boshWait*time.Second, answers: map[uint64]string{}}
	b.http = http.Client{Transport: &http.Transport{DialTLSContext: connect, DisableCompression: true, MaxConnsPerHost: boshOpen, MaxIdleConnsPerHost: boshOpen}}
	b.rid = rand.Uint64N(1<<40) + 1
	b.due = b.rid
	go b.run(ctx)
	return ours
}

// answer is what came for a request; failed where nothing useful did.
type answer struct {
	rid    uint64
	body   string
	failed bool
}

// run does everything, until the client closes or the session ends.
func (b *bosh) run(ctx context.Context) {
	defer b.stop()
	defer b.pipe.Close()
	defer b.http.CloseIdleConnections()
	writes, came := make(chan string), make(chan answer)
	go func() {
		defer close(writes)
		buf := make([]byte, boshMax)
		for {
			n, err := b.pipe.Read(buf)
			if err != nil {
				return
			}
			select {
			case writes <- string(buf[:n]):
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		select {
		case xml, ok := <-writes:
			if !ok {
				return
			}
			b.queue = append(b.queue, xml)
		case a := <-came:
			b.open--
			b.answers[a.rid] = a.body
			if a.failed || !b.deliver() {
				_ = b.pipe.Close()
				b.rest(came)
				return
			}
		}
		for len(b.queue) > 0 && b.open < boshOpen && (b.created || b.open == 0) {
			b.post(ctx, b.queue[0], came)
			b.queue = b.queue[1:]
		}
		if b.created && b.open == 0 && !b.closing {
			b.post(ctx, "", came) // so that the server can speak (XEP-0124 §4)
		}
	}
}

// rest lets the server answer what is open still, when the session has ended.
func (b *bosh) rest(came <-chan answer) {
	late := time.After(time.Second)
	for ; b.open > 0; b.open-- {
		select {
		case <-came:
		case <-late:
			return
		}
	}
}

// post makes a request of what was written.
func (b *bosh) post(ctx context.Context, xml string, came chan<- answer) {
	attrs, inside := "", standalone(xml)
	if _, ok := header(xml); ok {
		inside = ""
		attrs = attr("to", b.domain) + " xmlns:xmpp='urn:xmpp:xbosh'"
		switch {
		case b.sid == "":
			attrs += fmt.Sprintf(" xmpp:version='1.0' ver='1.6' wait='%d' hold='1' content='text/xml; charset=utf-8' xml:lang='en'", boshWait)
		default: // XEP-0206 §5; what comes next is in the new stream
			attrs += " xmpp:restart='true'"
			_, _ = io.WriteString(b.pipe, b.head())
		}
	}
	if before, ends := strings.CutSuffix(xml, endTag); ends {
		inside, attrs, b.closing = standalone(before), " type='terminate'", true
	}
	body := fmt.Sprintf("<body xmlns='http://jabber.org/protocol/httpbind' rid='%d'%s%s>%s</body>", b.rid, attr("sid", b.sid), attrs, inside)
	rid := b.rid
	b.rid++
	b.open++
	go func() {
		a := answer{rid: rid, failed: true}
		ctx, stop := context.WithTimeout(ctx, b.patience)
		defer stop()
		if r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.url, bytes.NewReader([]byte(body))); err == nil {
			r.Header.Set("Content-Type", "text/xml; charset=utf-8")
			if res, err := b.http.Do(r); err == nil {
				text, err := io.ReadAll(io.LimitReader(res.Body, boshMax))
				res.Body.Close()
				a.body, a.failed = string(text), err != nil || res.StatusCode != http.StatusOK
			}
		}
		select {
		case came <- a:
		case <-ctx.Done():
		}
	}()
}

// head is the header that stands for the beginning of a session.
func (b *bosh) head() string {
	return "<?xml version='1.0'?>" + headStart + attr("from", b.domain) + attr("id", b.sid) + " version='1.0'" + headEnd
}

var sidForm = regexp.MustCompile(` sid=['"]([^'"]+)['"]`)

// deliver hands over what has come, in the order of the requests. False: the
// session has ended.
func (b *bosh) deliver() bool {
	for {
		body, ok := b.answers[b.due]
		if !ok {
			return true
		}
		delete(b.answers, b.due)
		b.due++
		tag, inside, _ := strings.Cut(body, ">")
		inside = strings.TrimSuffix(strings.TrimSpace(inside), "</body>")
		if strings.HasSuffix(tag, "/") {
			inside = ""
		}
		if m := sidForm.FindStringSubmatch(tag); m != nil && !b.created {
			b.sid, b.created = m[1], true
			inside = b.head() + inside
		}
		ended := strings.Contains(tag, "terminate")
		if ended {
			inside += endTag
		}
		if inside != "" {
			if _, err := io.WriteString(b.pipe, inside); err != nil {
				return false
			}
		}
		if ended {
			return false
		}
	}
}
