package sasl

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
)

func TestBase64(t *testing.T) {
	wrapped := strings.Repeat("QUFB", 19) + "\n" + strings.Repeat("QUFB", 19) + "\n" + "QUFB"
	for _, c := range []struct {
		name, in, out, rules string
	}{
		{"whole groups", "QUJD", "ABC", ""},
		{"one byte short", "QUI=", "AB", ""},
		{"two bytes short", "QQ==", "A", ""},
		{"all 64 characters", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "\x00\x10\x83\x10\x51\x87\x20\x92\x8b\x30\xd3\x8f\x41\x14\x93\x51\x55\x97\x61\x96\x9b\x71\xd7\x9f\x82\x18\xa3\x92\x59\xa7\xa2\x9a\xab\xb2\xdb\xaf\xc3\x1c\xb3\xd3\x5d\xb7\xe3\x9e\xbb\xf3\xdf\xbf", ""},
		{"wrapped at 76 columns", wrapped, strings.Repeat("AAA", 39), "sasl-base64-illegal@base64:76"},
		{"a line break at the end", "QUJD\n", "ABC", "sasl-base64-illegal@base64:4"},
		{"pretty-printed XML", "\n  QUJD\n", "ABC", "sasl-base64-illegal@base64:0"},
		{"a foreign character", "QU*JD", "ABC", "sasl-base64-illegal@base64:2"},
		{"the URL-safe alphabet", "-_-_", "\xfb\xff\xbf", "sasl-base64-illegal@base64:0"},
		{"padding missing", "QUI", "AB", "sasl-base64-padding@base64:3"},
		{"half of the padding missing", "QQ=", "A", "sasl-base64-padding@base64:3"},
		{"too much padding", "QUJD=", "ABC", "sasl-base64-padding@base64:4"},
		{"only padding", "====", "", "sasl-base64-padding@base64:0"},
		{"unused bits set", "QUJ=", "AB", "sasl-base64-padding@base64:2"},
		{"unused bits set, one byte", "QR==", "A", "sasl-base64-padding@base64:1"},
		{"one character too many", "QUJDQ", "ABC", "sasl-base64-padding@base64:4"},
		{"two messages in one", "QQ==QUI=", "AAB", "sasl-base64-padding@base64:4"},
		{"padding inside a group", "QQ=Q", "A", "sasl-base64-padding@base64:2 sasl-base64-padding@base64:3"},
		{"a byte over 127", "QUJD\xC3\xA9", "ABC", "sasl-base64-illegal@base64:4"},
	} {
		data, faults, _ := decodeBase64([]byte(c.in), refBase64)
		if string(data) != c.out {
			t.Errorf("%s: %q, want %q", c.name, data, c.out)
		}
		if got := rules(Decoded{Faults: faults}); got != c.rules {
			t.Errorf("%s: faults %q, want %q", c.name, got, c.rules)
		}
		for _, f := range faults {
			if f.Text == "" || !f.Ref.Known() {
				t.Errorf("%s: fault without words or reference: %+v", c.name, f)
			}
		}
	}
}

func TestBase64CountsRepeats(t *testing.T) {
	_, faults, _ := decodeBase64([]byte("QU\nJD\nQU\nJD"), refBase64)
	if len(faults) != 1 || !strings.Contains(faults[0].Text, "2 more") {
		t.Errorf("%+v", faults)
	}
}

// What is absent, what is empty and what is "=" differ by profile.
func TestEmptyData(t *testing.T) {
	for _, c := range []struct {
		name    string
		sasl2   bool
		content []byte
		present bool
		faults  int
	}{
		{"RFC 6120, empty element", false, []byte{}, false, 0},
		{"RFC 6120, =", false, []byte("="), true, 0},
		{"XEP-0388, no element", true, nil, false, 0},
		{"XEP-0388, empty element", true, []byte{}, true, 0},
		{"XEP-0388, =", true, []byte("="), true, 1},
	} {
		x := &Exchange{Mechanism: "EXTERNAL", SASL2: c.sasl2}
		m := x.Add(InitialResponse, c.content)
		if m.Present != c.present || len(m.Data) != 0 || len(m.Faults) != c.faults {
			t.Errorf("%s: %+v", c.name, m)
		}
	}
}

func FuzzBase64(f *testing.F) {
	for _, seed := range []string{"", "QUJD", "QUI=", "QQ==", "QQ=Q", "QU\nJD", "-_", "====", "QUJ=\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		data, faults, _ := decodeBase64(in, refBase64)
		for _, fault := range faults {
			if fault.Pos < 0 || fault.Pos > len(in) || !fault.InBase64 {
				t.Fatalf("%q: fault outside the text: %+v", in, fault)
			}
		}
		if len(faults) > int(classCount) {
			t.Fatalf("%q: %d faults", in, len(faults))
		}
		want, err := base64.StdEncoding.Strict().DecodeString(string(in))
		clean := err == nil && !bytes.ContainsAny(in, "\r\n")
		if clean != (len(faults) == 0) {
			t.Fatalf("%q: faults %+v, the standard decoder says %v", in, faults, err)
		}
		if clean && !bytes.Equal(data, want) {
			t.Fatalf("%q: %x, want %x", in, data, want)
		}
	})
}
