package lint

import (
	"bytes"
	"crypto/sha256"
	"strconv"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/httpwire"
	"xmppscope/decode/xmlstream"
)

// maxBOSHBody is how much of a request is read, in bytes.
const maxBOSHBody = 1 << 20

// request is what the wrapper in an HTTP request of BOSH says.
type request struct {
	seq   decode.Seq
	at    time.Time
	space string // namespace of the wrapper
	rid   uint64
	text  string // of the rid, as written
	// creates: it has what only the request that begins a session has.
	creates, sid  bool
	pause         time.Duration
	ends, restart bool
	empty         bool
	doubt         bool              // a connection has ended since, maybe that of this one
	sum           [sha256.Size]byte // of the body
}

// lastRequest is the request that was read last: two groups ask for it.
type lastRequest struct {
	of      decode.Seq
	request request
	ok      bool
}

// requestOf reads the wrapper; false where the event carries none.
func requestOf(p *Pass) (request, bool) {
	m := of(&p.own.lastRequest)
	if m.of != p.Event.Seq {
		m.of = p.Event.Seq
		m.request, m.ok = readRequest(p)
	}
	return m.request, m.ok
}

func readRequest(p *Pass) (r request, ok bool) {
	e := p.Event
	c := httpwire.NewConn(httpwire.Options{MaxBody: maxBOSHBody})
	all := c.Feed(int(decode.FromInitiator), e.Wire)
	if len(all) == 0 {
		return r, false
	}
	body := all[0].Body
	start := bytes.IndexByte(body, '<')
	if start >= 0 && bytes.HasPrefix(body[start:], []byte("<?")) {
		start = bytes.Index(body, []byte("<body"))
	}
	if start < 0 {
		return r, false
	}
	n, _ := p.engine.tree.ParseHeader(body[start:], xmlstream.Options{})
	if n == nil || n.Name.Local != "body" {
		return r, false
	}
	r = request{seq: e.Seq, at: e.Time, space: n.Name.Space, sum: sha256.Sum256(body)}
	r.text, _ = n.Attr("rid")
	r.rid, _ = strconv.ParseUint(r.text, 10, 64)
	_, r.sid = n.Attr("sid")
	for _, name := range [...]string{"to", "wait", "hold", "ver", "route"} {
		_, has := n.Attr(name)
		r.creates = r.creates || has && (name != "to" || !r.sid) // a restart has to
	}
	r.pause = seconds(n, "pause")
	typ, _ := n.Attr("type")
	restart, _ := n.AttrNS(nsXBOSH, "restart")
	r.ends, r.restart = typ == "terminate", restart != ""
	rest := bytes.TrimSpace(body[start+int(n.Tag.End):])
	r.empty = len(rest) == 0 || bytes.HasPrefix(rest, []byte("</body"))
	return r, true
}

// seconds reads an attribute that counts seconds; 0 where there is none.
func seconds(n *xmlstream.Node, name string) time.Duration {
	v, _ := n.Attr(name)
	s, err := strconv.ParseUint(v, 10, 20)
	if err != nil {
		return 0
	}
	return time.Duration(s) * time.Second
}

// terms are those of the session, as the server has set them.
type terms struct {
	requests            uint64 // that may be open at once; 0 if not told
	inactivity, polling time.Duration
	polls               bool // the client asks again and again, and nothing is held
}

func termsOf(n *xmlstream.Node) (t terms) {
	requests, _ := n.Attr("requests")
	t.requests, _ = strconv.ParseUint(requests, 10, 16)
	t.inactivity, t.polling = seconds(n, "inactivity"), seconds(n, "polling")
	hold, _ := n.Attr("hold")
	wait, _ := n.Attr("wait")
	t.polls = hold == "0" || wait == "0"
	return t
}
