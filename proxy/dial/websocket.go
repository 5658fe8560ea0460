package dial

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"

	"xmppscope/decode/httpwire"
)

// acceptSalt is what the answer to a WebSocket key is made with (RFC 6455
// §1.3).
const acceptSalt = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

// web sets up what is beneath HTTP, and the WebSocket. The handshake is written
// and read here, byte for byte: behind it frames are relayed as they come, which
// no library of WebSocket does.
func (l *Leg) web(ctx context.Context, u Upstream, trail *Trail) error {
	if u.URL == nil {
		return fmt.Errorf("%w: the address of a %s is a URL", ErrUsage, u.Wrapping)
	}
	if u.URL.Scheme == "wss" || u.URL.Scheme == "https" {
		host, err := ASCII(u.URL.Hostname())
		if err != nil {
			return err
		}
		if err := l.secure(ctx, u, host, "http/1.1", trail); err != nil {
			return err
		}
	}
	if u.Wrapping == BOSH {
		return nil // every request opens its own way
	}
	return l.upgrade(u, trail)
}

// upgrade makes the opening handshake (RFC 6455 §4.1, RFC 7395 §3.1).
func (l *Leg) upgrade(u Upstream, trail *Trail) error {
	l.Request = u.Wire
	if l.Request == nil {
		l.Request = request(u)
	}
	trail.Add(Tried, "a WebSocket at %s", u.URL.Redacted())
	if _, err := l.Conn.Write(l.Request); err != nil {
		return broken(err)
	}
	h := httpwire.NewConn(httpwire.Options{MaxHead: maxHead, MaxBody: maxHead})
	asked := h.Feed(0, l.Request)
	if len(asked) == 0 || asked[0].Kind != httpwire.Request {
		return fmt.Errorf("%w: the request for the WebSocket is no HTTP", ErrUsage)
	}
	key := asked[0].Header("Sec-WebSocket-Key")
	answer, err := l.answer(h)
	if err != nil {
		return err
	}
	l.Response = answer.Wire[:answer.HeadLen]
	switch protocol, ok := h.Upgraded(); {
	case answer.Status != http.StatusSwitchingProtocols:
		return fmt.Errorf("%w the WebSocket: %d %s", ErrRefused, answer.Status, answer.Reason)
	case !ok || !strings.EqualFold(protocol, "websocket"):
		return fmt.Errorf("%w: the connection was changed to %q", ErrProtocol, protocol)
	case u.Wire != nil: // whoever asked judges the rest
	case answer.Header("Sec-WebSocket-Accept") != accept(key):
		return fmt.Errorf("%w: Sec-WebSocket-Accept does not fit the key (RFC 6455 §4.1)", ErrProtocol)
	case answer.Header("Sec-WebSocket-Protocol") != "xmpp":
		return fmt.Errorf("%w: the server did not agree on the protocol xmpp (RFC 7395 §3.1)", ErrProtocol)
	}
	if rest := h.Rest(1); len(rest) > 0 {
		l.Conn = &aheadConn{Conn: l.Conn, ahead: bytes.Clone(rest)}
	}
	trail.Add(Reached, "the WebSocket is open")
	return nil
}

// answer reads the answer to the request.
func (l *Leg) answer(h *httpwire.Conn) (httpwire.Message, error) {
	var buf [4 << 10]byte
	for left := 2 * maxHead; left > 0; {
		n, err := l.Conn.Read(buf[:min(left, len(buf))])
		left -= n
		all := h.Feed(1, buf[:n])
		if err != nil && n == 0 {
			if all = append(all, h.Flush(1)...); len(all) == 0 || err != io.EOF {
				return httpwire.Message{}, broken(err)
			}
		}
		for _, m := range all {
			switch {
			case m.Kind != httpwire.Response:
				return m, fmt.Errorf("%w: the answer is no HTTP: it begins with %q", ErrProtocol, m.Wire[:min(len(m.Wire), 40)])
			case m.Status >= 200 || m.Status == http.StatusSwitchingProtocols:
				return m, nil
			}
		}
	}
	return httpwire.Message{}, fmt.Errorf("%w: an answer of more than %d KiB", ErrProtocol, 2*maxHead>>10)
}

func request(u Upstream) []byte {
	var b bytes.Buffer
	target := u.URL.RequestURI()
	if target == "" {
		target = "/"
	}
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: xmpp\r\n",
		target, u.URL.Host, newKey())
	_ = u.Header.Write(&b) // a buffer takes everything
	b.WriteString("\r\n")
	return b.Bytes()
}

// newKey is 16 bytes by chance (RFC 6455 §4.1).
func newKey() string {
	var k [16]byte
	_, _ = rand.Read(k[:]) // never fails
	return base64.StdEncoding.EncodeToString(k[:])
}

func accept(key string) string {
	sum := sha1.Sum([]byte(key + acceptSalt))
	return base64.StdEncoding.EncodeToString(sum[:])
}
