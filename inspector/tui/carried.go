package tui

import (
	"bytes"
	"strconv"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/decode/tlswire"
)

// carriers says what carried the bytes, the lowest layer first: the frames of
// the capture, TCP, TLS, zlib, WebSocket or HTTP.
func (p *hexPage) carriers(in *tabInput) {
	e := in.event
	add := func(name, text string) {
		if text != "" {
			p.line(line{spans: []span{{pad(name, 10), p.th.key}, {text, p.th.base}}, hang: 10})
		}
	}
	if s := frames(e.Frames); s != "" {
		add("capture", s)
	}
	add("TCP", inTCP(e))
	add("TLS", inTLS(e))
	if e.Layer == decode.LayerZlib || e.Layer == decode.LayerTLSZlib {
		add("zlib", inZlib(e))
	}
	if n := len(in.links.runs); n > 0 {
		add("WebSocket", plural(n, "frame")+": "+socketWords(e.Wire, n))
	}
	if chunks := chunksOf(e); len(chunks) > 0 {
		add("HTTP", "a body in chunks: each begins with a line that holds its size in hexadecimal")
	}
}

// inTCP says where the bytes stood in TCP, if they stood there in another form.
func inTCP(e *decode.Event) string {
	n := e.Raw.End - e.Raw.Start
	if n <= 0 || e.Layer == decode.LayerPlain || e.Kind == decode.KindDNS || e.Kind == decode.KindTLS && n == int64(len(e.Wire)) {
		return ""
	}
	return extent(stretch{start: int(e.Raw.Start), end: int(e.Raw.End)}) + " of its direction, " + size(n)
}

// inTLS says what the records add. The ciphertext itself is not kept, so it is
// told from what stands in them and from the sizes.
func inTLS(e *decode.Event) string {
	if e.Layer != decode.LayerTLS && e.Layer != decode.LayerTLSZlib && e.Kind != decode.KindTLS {
		return ""
	}
	raw, inside := e.Raw.End-e.Raw.Start, int64(len(e.Wire))
	switch {
	case raw <= 0:
		return ""
	case e.Kind == decode.KindTLS && e.Name.Local == "":
		return "these bytes are the records themselves, each with a header of 5 bytes"
	case e.Kind == decode.KindTLS && raw == inside+recordHeader:
		return "one record in the clear: a header of 5 bytes (type, version, length), then the message"
	}
	version := uint16(0)
	if e.After != nil {
		version = e.After.TLS.Version
	}
	text := "each record has a header of 5 bytes (type, version, length), then ciphertext"
	tail := recordTail(e, version)
	if tail > 0 && e.Layer == decode.LayerTLS || tail > 0 && e.Kind == decode.KindTLS {
		if n := raw - inside; n > 0 && n%(recordHeader+tail) == 0 {
			k := n / (recordHeader + tail)
			return plural(int(k), "record") + " of its own: a header of 5 bytes, " + pick(k > 1, "ciphertext", "then "+size(inside)+" encrypted") + " and " + tailWords(version, tail)
		}
	}
	return text + "; together with what else stood in the same records " + size(raw)
}

// recordHeader is the length of a record's header (RFC 8446 §5.1).
const recordHeader = 5

// recordTail is how many bytes a record has besides header and content, 0 where
// that varies (RFC 8446 §5.2, RFC 5246 §6.2.3.3).
func recordTail(e *decode.Event, version uint16) int64 {
	if e.After == nil {
		return 0
	}
	cipher := tlswire.CipherName(e.After.TLS.Cipher)
	tag := int64(16)
	if strings.Contains(cipher, "CCM_8") {
		tag = 8
	}
	switch {
	case version >= tlswire.TLS13:
		return 1 + tag
	case strings.Contains(cipher, "POLY1305"):
		return tag
	case strings.Contains(cipher, "GCM"), strings.Contains(cipher, "CCM"):
		return 8 + tag
	}
	return 0
}

func tailWords(version uint16, n int64) string {
	switch {
	case version >= tlswire.TLS13:
		return "1 byte for what it is and a tag of " + size(n-1) + " that proves it unchanged"
	case n >= 16 && n != 16:
		return "8 bytes of nonce and a tag of " + size(n-8) + " that proves it unchanged"
	}
	return "a tag of " + size(n) + " that proves it unchanged"
}

func inZlib(e *decode.Event) string {
	if raw := e.Raw.End - e.Raw.Start; raw > 0 && e.Layer == decode.LayerZlib {
		return "compressed, one stream for the whole direction: " + size(raw) + " for what is " + size(int64(len(e.Wire))) + " here"
	}
	return "compressed before it was encrypted, one stream for the whole direction"
}

// layerWords names what the bytes of an event stood in.
func layerWords(l decode.Layer) string {
	switch l {
	case decode.LayerTLS:
		return "TLS"
	case decode.LayerZlib:
		return "zlib"
	case decode.LayerTLSZlib:
		return "zlib and TLS"
	}
	return l.String()
}

// socketWords says what frames add to the text.
func socketWords(wire []byte, n int) string {
	if len(wire) < 2 {
		return ""
	}
	head := 2
	switch wire[1] & 0x7f {
	case 126:
		head = 4
	case 127:
		head = 10
	}
	text := "a header of " + plural(head, "byte")
	if n > 1 {
		text = "each with a header"
	}
	if wire[1]&0x80 != 0 {
		text += ", a mask of 4 bytes, with which the text is combined by XOR"
	}
	if wire[0]&0x40 != 0 {
		text += "; the text is compressed"
	}
	return text
}

// carriedFields are what the bytes of the wire say, field by field: messages
// below XMPP, the frames and chunks that carry it, records that are not read.
func carriedFields(e *decode.Event) []explain.Field {
	all := explain.Fields(e)
	if frames := explain.Frames(e); frames != nil {
		all = frames
	}
	all = append(all, chunksOf(e)...)
	return append(all, recordsOf(e)...)
}

// runs says which frame of the capture carried which run of bytes, where there
// are several: of the bytes shown, or where something wraps them, of TCP.
func (p *hexPage) runs(in *tabInput, part lint.Part) {
	e := in.event
	if len(e.Seams) == 0 || len(e.Seams) != len(e.Frames)-1 {
		return
	}
	plain := e.Raw.End-e.Raw.Start == int64(len(e.Wire)) && e.Layer == decode.LayerPlain
	p.line(line{})
	p.say("Which frame carried what"+pick(plain, "", ", in bytes of TCP"), p.th.title)
	from := e.Raw.Start
	for i, frame := range e.Frames[:min(len(e.Frames), maxListed)] {
		to := e.Raw.End
		if i < len(e.Seams) {
			to = min(e.Seams[i], to)
		}
		if to > from {
			s := stretch{start: int(from), end: int(to), in: part}
			if plain {
				s.start, s.end = int(from-e.Raw.Start), int(to-e.Raw.Start)
			}
			l := line{spans: []span{{"  frame " + strconv.FormatUint(uint64(frame), 10) + "  ", p.th.variable}, {extent(s) + ", " + size(to-from), p.th.base}}, hang: 4}
			if plain {
				l.start, l.end, l.in = s.start, s.end, part
			}
			p.line(l)
		}
		from = to
	}
	if len(e.Frames) > maxListed {
		p.say("  and "+plural(len(e.Frames)-maxListed, "frame")+" more", p.th.dim)
	}
}

// maxListed bounds the records and chunks that are listed.
const maxListed = 64

// recordsOf are the records of a run that could not be read (RFC 8446 §5.1).
func recordsOf(e *decode.Event) (all []explain.Field) {
	if e.Kind != decode.KindTLS || e.Name.Local != "" {
		return nil
	}
	for at := 0; len(e.Wire)-at >= recordHeader && len(all) < 2*maxListed; {
		p := e.Wire[at:]
		n := int(p[3])<<8 | int(p[4])
		name := "record " + strconv.Itoa(len(all)/2+1)
		all = append(all, explain.Field{Name: name + " header", Value: recordWord(p[0]) + ", version " + strconv.FormatUint(uint64(p[1]), 16) + "." + strconv.FormatUint(uint64(p[2]), 16) + ", length " + thousands(n),
			Start: at, End: at + recordHeader})
		end := min(at+recordHeader+n, len(e.Wire))
		all = append(all, explain.Field{Name: name + " content", Value: size(int64(end-at-recordHeader)) + " encrypted", Start: at + recordHeader, End: end})
		at = end
	}
	return all
}

func recordWord(typ byte) string {
	switch typ {
	case tlswire.RecordChangeCipherSpec:
		return "change of cipher"
	case tlswire.RecordAlert:
		return "alert"
	case tlswire.RecordHandshake:
		return "handshake"
	case tlswire.RecordData:
		return "application data"
	}
	return "type " + strconv.Itoa(int(typ))
}

// chunksOf are the chunks of an HTTP body (RFC 9112 §7.1).
func chunksOf(e *decode.Event) (all []explain.Field) {
	if e.Kind != decode.KindHTTP {
		return nil
	}
	head, _, ok := bytes.Cut(e.Wire, []byte("\r\n\r\n"))
	if !ok || !chunked(head) {
		return nil
	}
	for at, n := len(head)+4, 1; n <= maxListed; n++ {
		i := bytes.Index(e.Wire[at:], []byte("\r\n"))
		if i < 0 {
			break
		}
		word, _, _ := strings.Cut(string(e.Wire[at:at+i]), ";")
		length, err := strconv.ParseUint(strings.TrimSpace(word), 16, 31)
		if err != nil {
			break
		}
		name := "chunk " + strconv.Itoa(n)
		from := at + i + 2
		to := min(from+int(length), len(e.Wire))
		if length == 0 {
			all = append(all, explain.Field{Name: "last chunk", Value: "0: the body ends", Start: at, End: from})
			break
		}
		all = append(all, explain.Field{Name: name + " size", Value: strings.TrimSpace(word) + " in hexadecimal, " + plural(int(length), "byte"), Start: at, End: from},
			explain.Field{Name: name, Value: plural(to-from, "byte"), Start: from, End: to})
		if at = to + 2; at >= len(e.Wire) {
			break
		}
	}
	return all
}

// chunked tells whether a head announces chunks.
func chunked(head []byte) bool {
	for _, l := range bytes.Split(head, []byte("\r\n")) {
		name, value, _ := bytes.Cut(l, []byte(":"))
		if bytes.EqualFold(bytes.TrimSpace(name), []byte("transfer-encoding")) && bytes.Contains(bytes.ToLower(value), []byte("chunked")) {
			return true
		}
	}
	return false
}
