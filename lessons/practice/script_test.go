package practice

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	script, err := Parse(`
# how mbed logs in
open
login PLAIN mbed mirror

C: <presence/>
  S: message body=The lamp is on. type=chat
wait 1ms
`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range script {
		got = append(got, s.String())
	}
	want := "open|login PLAIN mbed|C: <presence/>|S: message body=The lamp is on. type=chat|wait 1ms"
	if strings.Join(got, "|") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
	}
	if script[0].Line != 3 || script[2].Line != 6 {
		t.Errorf("lines %d and %d", script[0].Line, script[2].Line)
	}
}

// TestParseFaults: every fault names its line.
func TestParseFaults(t *testing.T) {
	for text, want := range map[string]string{
		"open\nfly":                   `line 2: "fly"`,
		"login PLAIN mbed":            "line 1: login takes",
		"open now":                    "line 1: open takes",
		"\n\nS:":                      "line 3: there is no name",
		"S: iq result":                `line 1: "result"`,
		"open\nwait":                  "line 2: wait takes",
		"login PLAIN a secret secret": "line 1: login takes 3 to 3 words, not 4",
	} {
		_, err := Parse(text)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s…", text, err, want)
		}
	}
}
