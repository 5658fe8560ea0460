package sasl

import (
	"encoding/base64"
	"strconv"
	"strings"
	"testing"
)

// play builds an exchange from a transcript. Each line is who, what and the
// base64 as on the wire:
//
//	C: biwsbj11c2Vy…     initial response, later responses
//	S: cj1meWtv…         challenge
//	S: success dj1ybUY…  S: failure not-authorized
//
// "-" is an empty element. A text in quotes is put into base64 first; the
// escapes \0 and ^A in it mean those bytes. Mechanism options follow the name:
// "PLAIN domain=localhost sasl2".
func play(t testing.TB, mechanism, transcript string) *Exchange {
	t.Helper()
	words := strings.Fields(mechanism)
	x := &Exchange{Mechanism: words[0]}
	for _, option := range words[1:] {
		name, value, _ := strings.Cut(option, "=")
		switch name {
		case "sasl2":
			x.SASL2 = true
		case "domain":
			x.Domain = value
		case "id":
			x.StreamID = value
		default:
			t.Fatalf("option %q", option)
		}
	}
	for line := range strings.Lines(transcript) {
		if line = strings.TrimSpace(line); line != "" {
			playLine(t, x, line)
		}
	}
	return x
}

func playLine(t testing.TB, x *Exchange, line string) {
	t.Helper()
	who, what, _ := strings.Cut(line, ": ")
	kind := Response
	switch {
	case who == "C" && len(x.Messages) == 0:
		kind = InitialResponse
	case who == "S" && strings.HasPrefix(what, "failure "):
		x.Fail(strings.TrimPrefix(what, "failure "), "")
		return
	case who == "S" && strings.HasPrefix(what, "success"):
		kind, what = SuccessData, strings.TrimSpace(strings.TrimPrefix(what, "success"))
	case who == "S":
		kind = Challenge
	case who != "C":
		t.Fatalf("line %q", line)
	}
	x.Add(kind, wireText(what))
}

func wireText(what string) []byte {
	switch {
	case what == "-" || what == "":
		return []byte{}
	case strings.HasPrefix(what, `"`):
		text := strings.TrimSuffix(what[1:], `"`)
		text = strings.NewReplacer(`\0`, "\x00", "^A", "\x01").Replace(text)
		return []byte(base64.StdEncoding.EncodeToString([]byte(text)))
	}
	return []byte(what)
}

// fields writes the fields of a message as "name=value", secrets with a star.
func fields(d Decoded) string {
	var out []string
	for _, f := range d.Fields {
		star := ""
		if f.Secret {
			star = "*"
		}
		out = append(out, star+f.Name+"="+f.Value)
	}
	return strings.Join(out, " | ")
}

// rules writes the faults of a message as "rule@byte".
func rules(d Decoded) string {
	var out []string
	for _, f := range d.Faults {
		at := "@"
		if f.InBase64 {
			at = "@base64:"
		}
		out = append(out, f.Rule+at+strconv.Itoa(f.Pos))
	}
	return strings.Join(out, " ")
}

func stepValue(v Verdict, name string) string {
	for _, s := range v.Chain {
		if s.Name == name {
			return s.Value
		}
	}
	return ""
}
