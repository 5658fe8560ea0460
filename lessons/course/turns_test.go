package course

import (
	"strings"
	"testing"
)

// A written number of round trips is held against the recording, one answer or
// one for each field.
func TestTurns(t *testing.T) {
	const head = `+++
title = "t"
[[capture]]
name = "scram"
sample = "scram-sha-256"
+++
## Count
How many?
`
	const all, auth = `conn == 1 and phase in ["open", "auth", "bind"]`, `conn == 1 and phase == "auth"`
	for task, want := range map[string]string{
		"answer = '5'\nturns = { answer = '" + all + "' }":                                 "",
		"answer = '4'\nturns = { answer = '" + all + "' }":                                 "answer is 4, but the recording has 5 round trips",
		"answer = '0'\nturns = { answer = 'conn == 1 and dir == \"receiver\"' }":           "",
		"fields = { a = '5', b = '2' }\nturns = { a = '" + all + "', b = '" + auth + "' }": "",
		"fields = { a = '5', b = '3' }\nturns = { a = '" + all + "', b = '" + auth + "' }": "b is 3, but the recording has 2 round trips",
		"fields = { a = '5', b = '3' }\nturns = { a = '" + all + "' }":                     "",
		"fields = { a = '5' }\nturns = { c = '" + all + "' }":                              `turns: "c" is no field, nor answer`,
		"fields = { a = '5' }\nturns = { answer = '" + all + "' }":                         `turns: "answer" is no field, nor answer`,
		"answer = '5'\nturns = { answer = 'conn ==' }":                                     "turns: ",
	} {
		l, err := ParseText("t", []byte(head+"```step\nkind = 'decode'\nhints = ['a', 'b', 'c']\n"+task+"\n```\n"), nil)
		if err != nil {
			if want == "" || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", task, err)
			}
			continue
		}
		store, err := recorded(l, &l.Captures[0])
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(l.Steps[0].Task.Problems(&Place{Store: store, Row: -1}), "; "); got != want {
			t.Errorf("%s: %q", task, got)
		}
		store.Close()
	}
}
