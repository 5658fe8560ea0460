package explain

import (
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/tlswire"
)

// Unread says why a run of TLS records could not be read; false where e is
// none.
func Unread(e *decode.Event) (tlswire.Why, bool) {
	if e.Kind != decode.KindTLS || e.Name.Local != "" {
		return tlswire.Readable, false
	}
	_, why, _ := strings.Cut(e.Note, ": ")
	for w := tlswire.NoKeys; w.String() != ""; w++ {
		if w.String() == why {
			return w, true
		}
	}
	return tlswire.NoKeys, true
}

// records counts what can be seen of a run without keys.
type records struct {
	n, bytes, content int
	handshake, alert  int // records of these types
}

// recordHead is the length of a record's header (RFC 8446 §5.1).
const recordHead = 5

func countRecords(e *decode.Event) records {
	var r records
	extra := overhead(&stateOf(e).TLS)
	for p := e.Wire; len(p) >= recordHead; {
		size := int(p[3])<<8 | int(p[4])
		r.n++
		r.bytes += size
		r.content += max(0, size-extra)
		switch p[0] {
		case tlswire.RecordHandshake:
			r.handshake++
		case tlswire.RecordAlert:
			r.alert++
		}
		p = p[min(recordHead+size, len(p)):]
	}
	return r
}

// overhead is about how many bytes a record has besides its content
// (RFC 8446 §5.2, RFC 5246 §6.2.3).
func overhead(t *decode.TLS) int {
	_, cipher := suiteParts(t.Cipher)
	switch {
	case t.Version >= tlswire.TLS13:
		return 17
	case strings.Contains(cipher, "CCM_8"), strings.Contains(cipher, "POLY1305"):
		return 16
	case strings.Contains(cipher, "GCM"), strings.Contains(cipher, "CCM"):
		return 24
	case strings.Contains(cipher, "_CBC_"):
		return 44
	}
	return 20
}

func (r records) words() string { return count(r.n, "encrypted record") }

func recordsTitle(e *decode.Event) string {
	r := countRecords(e)
	why, _ := Unread(e)
	switch {
	case r.n == 0 || why == tlswire.Incomplete:
		return "sends " + count(len(e.Wire), "byte") + " inside TLS, incomplete"
	case r.n == r.handshake:
		return "sends an encrypted handshake message" + when(r.n > 1, ", "+count(r.n, "record"))
	case r.n == r.alert:
		return "sends an encrypted alert"
	}
	return "sends " + r.words() + ", about " + count(r.content, "byte")
}

// describeRecords is what the records themselves show. The estimate knows the
// cipher suite.
func describeRecords(e *decode.Event) tlswire.Message {
	m := tlswire.DescribeRecords(e.Wire)
	for i := range m.Fields {
		if f := &m.Fields[i]; f.Name == "content" {
			f.Value = "about " + count(countRecords(e).content, "byte")
			f.Meaning = "an estimate: sizes less what every record has besides its content"
		}
	}
	return m
}

// howToGiveKeys is the same everywhere, so that it is learned.
const howToGiveKeys = "To read them, the key log of one of the two programs is needed: give it with --keylog, or put it beside the capture with the ending .keys. Most programs write one where SSLKEYLOGFILE is set before they start."

func explainRecords(x *Explanation, e *decode.Event) {
	why, _ := Unread(e)
	r := countRecords(e)
	x.What = say(sender(e)+" sends "+r.words()+" of "+count(r.bytes, "byte")+when(r.n > 1, " in all")+".",
		pick(r.n == 1, "It", "They")+" cannot be read: "+why.String()+".",
		when(r.n == r.handshake && stateOf(e).TLS.Version != 0, "It is a handshake message, most likely Finished."),
		when(r.n == r.alert, "It is an alert; at the end of a connection most likely close_notify."))
	if r.n == 0 || why == tlswire.Incomplete {
		x.What = sender(e) + " sends " + count(len(e.Wire), "byte") + " of TLS that cannot be read: " + why.String() + "."
	}
	x.Why = say("What stays visible to everybody is who talks to whom, when, and how much.", visible(e))
	x.Ref = spec.RFC(8446, "5.2")
	switch why {
	case tlswire.NoKeys:
		x.Expect, x.Ref = howToGiveKeys, spec.RFC(9850, "2")
	case tlswire.WrongKeys:
		x.Expect = "Key log and capture may not belong together, or the line of this connection is damaged. Compare the random number of the ClientHello with the key log."
		x.Ref = spec.RFC(9850, "2")
	case tlswire.Incomplete:
		x.Expect = "The rest of the record is not in this recording."
	case tlswire.Lost:
		x.Expect = "Reading goes on with the next whole record, where the keys allow it."
	case tlswire.NoSuite:
		x.Expect = "Nothing of this connection can be read. Its sizes and times stay."
	case tlswire.MidStream:
		x.Expect = "Record once more, from before the connection begins. For TLS 1.3 a key log with few connections may do too: its secrets are tried one by one."
	case tlswire.NoHello:
		x.Expect = "Record once more, from before the connection begins: in TLS up to 1.2 a random number in the ServerHello is part of the keys."
	case tlswire.Altered:
		x.Expect = "The receiver finds the same and ends the connection with the alert bad_record_mac, unless only the capture is damaged."
	case tlswire.PartKeys:
		x.Expect = "What other secrets are for is read. A program that was stopped early, or told to, may not have written all lines."
		x.Ref = spec.RFC(9850, "2")
	case tlswire.EarlyRefused:
		x.Expect = "The client sends the same again when the handshake is over."
	}
}

// visible is what the handshake told in the clear.
func visible(e *decode.Event) string {
	t := stateOf(e).TLS
	var seen []string
	if t.SNI != "" {
		seen = append(seen, "the domain "+value(t.SNI)+" (SNI)")
	}
	if t.ALPN != "" {
		seen = append(seen, "the protocol "+value(t.ALPN)+" (ALPN)")
	}
	if t.Version != 0 {
		seen = append(seen, tlswire.VersionName(t.Version)+" and its cipher suite")
	}
	if len(t.ServerNames) > 0 && t.Version < tlswire.TLS13 {
		seen = append(seen, "the server's certificate")
	}
	if len(seen) == 0 {
		return ""
	}
	return "Here the handshake has told " + and(seen) + "."
}
