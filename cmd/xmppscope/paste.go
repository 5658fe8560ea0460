package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/jid"
	"xmppscope/decode/sasl"
	"xmppscope/inspector/export"
)

// paste is what a pasted text turned out to be.
type paste struct {
	// steps are what was undone to read it, in words; empty for what is read as
	// it stands.
	steps []string
	// events are what it says, page what else there is to tell.
	events []decode.Event
	page   func(*export.Page)
	// judge is set where rules are asked about all, which holds more than is
	// shown.
	judge bool
	all   []decode.Event
}

// maxUnwraps is how many encodings may lie around each other.
const maxUnwraps = 4

// A reader tries to read a text: done with a paste, or with a text that lies
// inside and what was undone. It is neither where the text is nothing of its
// kind.
type reader func(text string, o *pasteOptions) (p *paste, inner, undone string, err error)

// readers are tried in this order: what can be told for certain comes first.
var readers = [...]reader{
	readBinary, readQuoted, readPEM, readMarkup, readEscaped, readLink, readPercent, readToken, readHex, readBase64, readBare, readAddress,
}

// readPaste finds out what a text is.
func readPaste(text string, o *pasteOptions) (*paste, error) {
	text = strings.TrimPrefix(text, "\uFEFF") // of the editor, not of the stream
	if strings.TrimSpace(text) == "" {
		return nil, usage("decode", "the text is empty", "")
	}
	var steps []string
unwrapping:
	for range maxUnwraps {
		text = strings.TrimSpace(text)
		for _, read := range readers {
			p, inner, undone, err := read(text, o)
			switch {
			case err != nil:
				return nil, err
			case p != nil:
				p.steps = append(steps, p.steps...)
				return p, nil
			case undone != "":
				steps, text = append(steps, undone), inner
				continue unwrapping
			}
		}
		break
	}
	return nil, nothing(text)
}

// nothing says of a text that it cannot be read, and how near it came.
func nothing(text string) error {
	const hint = "XML begins with <; a SASL payload is base64; an address has an @; xmppscope explain looks a term up"
	data, err := decodeAny(packed(text))
	if err != nil {
		return usage("decode", "neither XML nor base64: "+err.Error(), hint)
	}
	return usage("decode", fmt.Sprintf("no XML, and as base64 %d bytes of nothing that is known", len(data)), "if it belongs to a login, --mechanism NAME says to which")
}

// packed is a text without the white space of a paste.
func packed(text string) string { return strings.Join(strings.Fields(text), "") }

// readBinary reads TLS as it is, and says where whole files belong.
func readBinary(text string, o *pasteOptions) (p *paste, inner, undone string, err error) {
	for _, magic := range [...]string{"\xd4\xc3\xb2\xa1", "\xa1\xb2\xc3\xd4", "\x4d\x3c\xb2\xa1", "\xa1\xb2\x3c\x4d", "\n\r\r\n", "\x1f\x8b", "\x28\xb5\x2f\xfd"} {
		if strings.HasPrefix(text, magic) {
			return nil, "", "", usage("decode", "this is a capture, or compressed", "xmppscope dump reads captures, from standard input too: xmppscope dump -")
		}
	}
	if label, _, _ := strings.Cut(text, " "); strings.HasSuffix(label, "_SECRET_0") || label == "CLIENT_RANDOM" || strings.HasSuffix(label, "_TRAFFIC_SECRET") {
		return nil, "", "", usage("decode", "this is a line of a key log", "give the file to dump or open with --keylog, together with the capture")
	}
	if len(text) > 5 && text[0] >= 0x14 && text[0] <= 0x17 && text[1] == 3 {
		p = readTLS([]byte(text), o)
		p.steps = []string{"TLS records"}
	}
	return p, "", "", nil
}

// readQuoted undoes the quotes of JSON and of programs.
func readQuoted(text string, _ *pasteOptions) (p *paste, inner, undone string, err error) {
	if len(text) < 2 || text[0] != text[len(text)-1] || text[0] != '"' && text[0] != '\'' {
		return nil, "", "", nil
	}
	if text[0] == '"' && json.Unmarshal([]byte(text), &inner) == nil {
		return nil, inner, "a string of JSON", nil
	}
	return nil, text[1 : len(text)-1], "a text in quotes", nil
}

// readEscaped undoes the escapes of HTML and XML.
func readEscaped(text string, _ *pasteOptions) (p *paste, inner, undone string, err error) {
	low := strings.ToLower(text[:min(len(text), 6)])
	if strings.HasPrefix(low, "&lt;") || strings.HasPrefix(low, "&#60;") || strings.HasPrefix(low, "&#x3c;") {
		return nil, html.UnescapeString(text), "XML with its escapes undone", nil
	}
	return nil, "", "", nil
}

// readPercent undoes percent-encoding, which no other form here has.
func readPercent(text string, _ *pasteOptions) (p *paste, inner, undone string, err error) {
	if !strings.Contains(text, "%") || strings.Contains(text, "@") {
		return nil, "", "", nil
	}
	out, bad := jid.Unpercent(text)
	switch {
	case bad >= 0 && len(out) == len(text):
		return nil, "", "", nil
	case bad >= 0:
		return nil, "", "", usage("decode", fmt.Sprintf("the percent sign at byte %d stands before no two hexadecimal digits", bad), "")
	case !utf8.ValidString(out):
		return nil, "", "", usage("decode", "its percent-encoding stands for no valid UTF-8", "")
	}
	return nil, out, "percent-encoding", nil
}

// readHex undoes hexadecimal: with separators, or where base64 is not likely.
func readHex(text string, o *pasteOptions) (p *paste, inner, undone string, err error) {
	plain := strings.NewReplacer(" ", "", "\n", "", "\r", "", "\t", "", ":", "", "0x", "", "0X", "", `\x`, "", ",", "").Replace(text)
	data, bad := hex.DecodeString(plain)
	if bad != nil || len(data) < 4 || o.mechanism != "" && plain == text && len(data) < 16 {
		return nil, "", "", nil
	}
	switch {
	case legible(data):
		return nil, string(data), "hexadecimal", nil
	case len(data) > 5 && data[0] >= 0x14 && data[0] <= 0x17 && data[1] == 3:
		return readTLS(data, o), "", "", nil
	case isDER(data):
		return certificate([][]byte{data}, "hexadecimal, which is DER")
	}
	if mechanism, _ := sasl.Guess(data); mechanism != "" {
		return readPayload(base64.StdEncoding.EncodeToString(data), data, o, "hexadecimal"), "", "", nil
	}
	if p := readHash(data, hexHash); p != nil && plain == text || p != nil && strings.Contains(text, ":") {
		return p, "", "", nil
	}
	if plain == text { // it may still be base64
		return nil, "", "", nil
	}
	return nil, "", "", usage("decode", fmt.Sprintf("%d bytes in hexadecimal, which are no text, TLS, SASL message or hash", len(data)), "")
}

// readBase64 reads the data of a SASL message, or what else travels so.
func readBase64(text string, o *pasteOptions) (p *paste, inner, undone string, err error) {
	one := packed(text)
	data, bad := decodeAny(one)
	mechanism, _ := sasl.Guess(data)
	switch {
	case o.mechanism != "" && (bad == nil || len(data) > 0):
	case bad != nil && (mechanism == "" || len(data) < 12):
		return nil, "", "", nil
	case one == "=":
		return &paste{page: emptyData}, "", "", nil
	case isGS2Header(data):
		return &paste{page: func(p *export.Page) { gs2Header(p, data) }}, "", "", nil
	case mechanism != "":
	case len(data) > 0 && data[0] == '<' && legible(data):
		return nil, string(data), "base64", nil
	case isDER(data):
		return certificate([][]byte{data}, "base64, which is DER")
	default:
		if p := readHash(data, base64Hash); p != nil {
			return p, "", "", nil
		}
		if !legible(data) || len(one) < 8 && !strings.HasSuffix(one, "=") {
			return nil, "", "", nil // a word that happens to be made of its letters
		}
		return &paste{page: func(p *export.Page) { plainText(p, string(data)) }}, "", "", nil
	}
	return readPayload(one, data, o), "", "", nil
}

// decodeAny decodes base64 in its common alphabet, or in that of URLs.
func decodeAny(one string) ([]byte, error) {
	if one == "=" {
		return nil, nil
	}
	data, err := base64.StdEncoding.DecodeString(one)
	if err == nil {
		return data, nil
	}
	if u, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(one, "=")); err == nil && strings.ContainsAny(one, "-_") {
		return u, nil
	}
	return data, err
}

// readBare reads a SASL message from which the base64 was taken already.
func readBare(text string, o *pasteOptions) (p *paste, inner, undone string, err error) {
	data := []byte(text)
	mechanism, _ := sasl.Guess(data)
	if mechanism == "" && o.mechanism == "" || !strings.ContainsAny(text, ",=\x00\x01") {
		return nil, "", "", nil
	}
	return readPayload(base64.StdEncoding.EncodeToString(data), data, o, "a login message without its base64"), "", "", nil
}

func readLink(text string, _ *pasteOptions) (p *paste, inner, undone string, err error) {
	if !jid.IsURI(text) {
		return nil, "", "", nil
	}
	return &paste{page: func(p *export.Page) { anatomy(p, explain.Link(text)) }}, "", "", nil
}

func readAddress(text string, _ *pasteOptions) (p *paste, inner, undone string, err error) {
	if !strings.Contains(text, "@") || strings.ContainsAny(text, "\n") {
		return nil, "", "", nil
	}
	return &paste{page: func(p *export.Page) { anatomy(p, explain.Address(text)) }}, "", "", nil
}

// legible tells text from other bytes.
func legible(data []byte) bool {
	return utf8.Valid(data) && strings.IndexFunc(string(data), func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }) < 0
}
