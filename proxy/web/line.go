package web

import (
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"xmppscope/decode/httpwire"
)

// line is one connection of HTTP to a server. One request at a time goes over
// it: behind one that waits another would wait too.
type line struct {
	conn net.Conn
	http *httpwire.Conn
	used bool // for a request that was answered
}

func newLine(conn net.Conn, most int) *line {
	return &line{conn: conn, http: httpwire.NewConn(httpwire.Options{MaxHead: maxHead, MaxBody: most})}
}

// maxInterim is how many interim answers may come before the answer (RFC 9110
// §15.2).
const maxInterim = 16

// ask sends a request and waits for its answer, until the deadline. again is
// set where the connection may serve another request.
func (l *line) ask(request []byte, until time.Time) (m httpwire.Message, again bool, err error) {
	_ = l.conn.SetDeadline(until)
	l.http.Feed(0, request)
	if _, err := l.conn.Write(request); err != nil {
		return m, false, err
	}
	var buf [8 << 10]byte
	for interim := 0; interim <= maxInterim; {
		n, err := l.conn.Read(buf[:])
		all := l.http.Feed(1, buf[:n])
		if n == 0 && err != nil {
			if all = l.http.Flush(1); errors.Is(err, io.EOF) && len(all) == 0 {
				return m, false, io.ErrUnexpectedEOF
			} else if len(all) == 0 {
				return m, false, err
			}
		}
		for i := range all {
			m := all[i]
			switch {
			case m.Kind != httpwire.Response:
				return m, false, fmt.Errorf("the answer is no HTTP: it begins with %q", m.Wire[:min(len(m.Wire), 40)])
			case m.Status < 200:
				interim++
			default:
				l.used = true
				again = err == nil && m.Version != "HTTP/1.0" && !lists(m.Header("Connection"), "close")
				return m, again, nil
			}
		}
		if err != nil {
			return m, false, err
		}
	}
	return m, false, errors.New("there are interim answers only")
}
