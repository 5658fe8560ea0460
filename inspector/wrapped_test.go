package inspector

import (
	"context"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/tlswire"
	"xmppscope/decode/xmlstream"
)

// wrapped are events as TLS, WebSocket and BOSH bring them: what stands on the
// wire is not what is said.
func wrapped() []*decode.Event {
	scope := xmlstream.MidStream("jabber:client")
	body := xmlstream.Name{Space: "jabber:client", Local: "message"}
	opaque := &decode.Event{Seq: 1, Conn: 1, Kind: decode.KindTLS, Layer: decode.LayerTLS, Note: "inside TLS: " + tlswire.NoKeys.String(),
		Wire: []byte("\x17\x03\x03\x00\x0cneedle needl")}
	alert := &decode.Event{Seq: 2, Conn: 1, Kind: decode.KindTLS, Layer: decode.LayerTLS, Wire: []byte{2, 40}, Condition: "handshake_failure", Type: "handshake_failure"}
	alert.Name.Local = "alert"
	frame := &decode.Event{Seq: 3, Conn: 2, Kind: decode.KindStanza, Name: body, Scope: scope, Layer: decode.LayerPlain,
		Wire: []byte("\x81\x8cneedle masked"), XML: []byte("<message><body>wherefore</body></message>")}
	carrier := &decode.Event{Seq: 4, Conn: 3, Kind: decode.KindHTTP, Step: decode.StepBOSHData, Type: "POST", To: "/http-bind",
		Wire: []byte("POST /http-bind HTTP/1.1\r\nHost: chat.example\r\n\r\n<body><message><body>wherefore needle</body></message></body>")}
	carrier.Name.Local = "request"
	child := &decode.Event{Seq: 5, Conn: 3, Kind: decode.KindStanza, Name: body, Scope: scope, Carrier: 4, Related: 3,
		XML: []byte("<message><body>wherefore art</body></message>")}
	dns := &decode.Event{Seq: 6, Conn: 3, Kind: decode.KindDNS, Step: decode.StepDNSSRV, Type: "SRV", To: "_xmpp-client._tcp.capulet.example",
		Wire: []byte("\x00\x02\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x0c_xmpp-client\x04_tcp\x07capulet\x07example\x00\x00\x21\x00\x01")}
	return []*decode.Event{opaque, alert, frame, carrier, child, dns}
}

func wrappedStore(t *testing.T) *Store {
	t.Helper()
	s := NewStore(StoreOptions{})
	t.Cleanup(func() { s.Close() })
	for _, e := range wrapped() {
		s.Append(e)
	}
	return s
}

func TestFiltersSeeWhatIsSaid(t *testing.T) {
	s := wrappedStore(t)
	for _, c := range []struct{ filter, want string }{
		{`layer == "tls"`, "1 2"},
		{`kind in ["tls", "http", "dns"]`, "1 2 4 6"},
		{`needle`, ""},
		{`"data"`, ""},
		{`wherefore`, "3 5"},
		{`text contains "no set of parameters"`, ""},
		{`"handshake_failure"`, "2"},
		{`capulet`, "6"},
		{`xml contains "<body>wherefore"`, "3 5"},
		{`wire contains "needle"`, "1 3 4"},
		{`carrier == 4`, "5"},
		{`related`, "5"},
		{`error == "handshake_failure"`, "2"},
		{`has("body")`, "3 5"},
		{`xpath("body")`, "3 5"},
		{`name == "message" and size > 40`, "5"},
		{`type == "POST" and to == "/http-bind"`, "4"},
	} {
		f := must(t, c.filter)
		var got []string
		for i, e := range wrapped() {
			row, event := f.MatchRow(s, i), f.Match(e, Extra{})
			if row != event {
				t.Errorf("%s, event %d: by row %v, by event %v", c.filter, i+1, row, event)
			}
			if row {
				got = append(got, string(rune('1'+i)))
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s holds for %q, want %q", c.filter, strings.Join(got, " "), c.want)
		}
	}
}

func TestSearchSeesWhatIsSaid(t *testing.T) {
	s := wrappedStore(t)
	d := NewSession(s)
	d.Update(0)
	for _, c := range []struct {
		text string
		want decode.Seq
	}{
		{"wherefore", 3}, {"wherefore art", 5}, {"chat.example", 4}, {"needle", 0}, {"masked", 0}, {"handshake_failure", 2},
	} {
		d.First()
		_, ok := d.SearchNext(context.Background(), c.text)
		if ok != (c.want != 0) || ok && at(d) != c.want {
			t.Errorf("%q leads to %d (%v), want %d", c.text, at(d), ok, c.want)
		}
	}
}
