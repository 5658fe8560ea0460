package explain

import "xmppscope/decode"

// Fields are what an event below XMPP says, field by field: TLS messages, DNS,
// the heads of HTTP and the control frames of WebSocket. Values come from the
// wire; Start and End lie in the event's Wire, and both are 0 where a field has
// no bytes of its own. Other events have none.
func Fields(e *decode.Event) []Field {
	all := fieldsOf(e)
	for i := range all {
		f := &all[i]
		f.Start, f.End = max(0, min(f.Start, len(e.Wire))), max(0, min(f.End, len(e.Wire)))
	}
	return all
}

func fieldsOf(e *decode.Event) []Field {
	switch e.Kind {
	case decode.KindTLS:
		return TLSMessage(e).Fields
	case decode.KindHTTP:
		if framed(e) {
			return frameFields(e)
		}
		return headerFields(e)
	case decode.KindDNS:
		m, err := decode.DNSOf(e)
		if err != nil {
			return nil
		}
		var all []Field
		for _, f := range m.Fields() {
			all = append(all, Field{Name: f[0], Value: f[1], Meaning: f[2]})
		}
		return all
	}
	return nil
}
