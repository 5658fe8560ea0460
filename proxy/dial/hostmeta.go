package dial

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"xmppscope/decode"
)

// Bounds of what a web server may make us do.
const (
	maxDocument  = 256 << 10 // bytes
	maxHead      = 64 << 10
	maxRedirects = 5
)

// Document is what came of the request for one host-meta document.
type Document struct {
	URL    string
	Status int // 0 where there was no answer
	Type   string
	Body   []byte
	Links  []decode.AltLink
	Err    error // why there is no document; nil where there is one
}

// HostMeta fetches the two documents in which a domain names its ways over HTTP
// (XEP-0156 §2, RFC 7395 §4): XML and JSON.
func (p *Plan) HostMeta(ctx context.Context, trail *Trail) []Document {
	var all []Document
	for _, path := range []string{"/.well-known/host-meta", "/.well-known/host-meta.json"} {
		d := p.fetch(ctx, path, trail)
		if d.Err != nil {
			trail.Add(Failed, "%s: %v", d.URL, d.Err)
		} else {
			trail.Add(Answered, "%s: %s", d.URL, links(d.Links))
		}
		all = append(all, d)
		if ctx.Err() != nil {
			break
		}
	}
	return all
}

func links(all []decode.AltLink) string {
	if len(all) == 0 {
		return "it names no way to connect"
	}
	var words []string
	for _, l := range all {
		words = append(words, l.Rel+" at "+l.Href)
	}
	return strings.Join(words, ", ")
}

func (p *Plan) fetch(ctx context.Context, path string, trail *Trail) Document {
	u := url.URL{Scheme: "https", Host: p.Domain, Path: path}
	if strings.Contains(p.Domain, ":") {
		u.Host = "[" + p.Domain + "]"
	}
	d := Document{URL: u.String()}
	trail.Add(Asked, "%s", d.URL)
	ctx, stop := context.WithTimeout(ctx, p.o.WebTimeout)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.URL, nil)
	if err != nil {
		d.Err = err
		return d
	}
	client := p.web(trail)
	defer client.CloseIdleConnections()
	res, err := client.Do(req)
	if err != nil {
		d.Err = webError(err)
		return d
	}
	defer res.Body.Close()
	if ctx.Err() != nil { // what a server says to our going is not its answer
		d.Err = webError(ctx.Err())
		return d
	}
	d.Status, d.Type = res.StatusCode, res.Header.Get("Content-Type")
	if d.Status != http.StatusOK {
		d.Err = fmt.Errorf("the answer is %d %s", d.Status, http.StatusText(d.Status))
		return d
	}
	d.Body, err = io.ReadAll(io.LimitReader(res.Body, maxDocument+1))
	switch {
	case err != nil:
		d.Err = webError(err)
	case len(d.Body) > maxDocument:
		d.Body, d.Err = nil, fmt.Errorf("the document is longer than %d KiB", maxDocument>>10)
	default:
		d.Links = decode.AltLinks(d.Body)
	}
	return d
}

// web is a client that goes where the plan may go, and no proxy in between.
func (p *Plan) web(trail *Trail) *http.Client {
	connect := func(ctx context.Context, _, to string) (net.Conn, error) {
		host, port, err := split(to)
		if err != nil {
			return nil, err
		}
		l, err := p.ConnectTo(ctx, Target{Host: host, Port: port}, trail)
		if err != nil {
			return nil, err
		}
		return l.Conn, nil
	}
	config := &tls.Config{}
	if p.o.Web != nil {
		config = p.o.Web(config)
	}
	return &http.Client{
		Transport: &http.Transport{DialContext: connect, TLSClientConfig: config, MaxResponseHeaderBytes: maxHead,
			DisableKeepAlives: true, ResponseHeaderTimeout: p.o.WebTimeout},
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			trail.Add(Answered, "%s leads on to %s", via[len(via)-1].URL.Redacted(), req.URL.Redacted())
			switch {
			case req.URL.Scheme != "https":
				return errors.New("it leads away from HTTPS, where anybody could answer (RFC 7395 §4)")
			case len(via) > maxRedirects:
				return errors.New("it leads on too often")
			}
			return nil
		},
	}
}

// webError takes the method and the address off an error.
func webError(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.New("no answer in time")
	}
	return err
}

// fromHostMeta goes by the documents alone. Only encrypted ways count (RFC 7395
// §4, XEP-0156 §3).
func (p *Plan) fromHostMeta(ctx context.Context, r Request, trail *Trail) error {
	seen := map[string]bool{}
	documents, answered := p.HostMeta(ctx, trail), false
	if over := ended(ctx); over != nil {
		return over
	}
	for _, d := range documents {
		answered = answered || d.Status != 0
		for _, l := range d.Links {
			if l.Rel != wrappings[r.Wish].rel || seen[l.Href] {
				continue
			}
			seen[l.Href] = true
			t, err := givenURL(l.Href, r.Wish)
			switch {
			case err != nil:
				trail.Add(Failed, "%v", err)
			case t.URL.Scheme != "wss" && t.URL.Scheme != "https":
				trail.Add(Failed, "%s is not encrypted and must not be used (XEP-0156 §3)", l.Href)
			default:
				t.Why = d.URL
				p.Targets = append(p.Targets, t)
			}
		}
	}
	switch {
	case len(p.Targets) > 0:
		trail.Add(Decided, "the order is that of the documents: %s", list(p.Targets))
		return nil
	case !answered && len(documents) > 0:
		return fmt.Errorf("%w: %s: %v", ErrUnreachable, documents[0].URL, documents[0].Err)
	}
	return fmt.Errorf("%w: host-meta of %s names no way by %s that can be used", ErrNotOffered, p.Domain, r.Wish)
}
