package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A stanza is as wrong over WebSocket and BOSH as it is on TCP. So what is put
// in front of the goodbye of the TCP session is put into the others as well.
var carriers = []struct {
	session, jid string
	carry        func(lines []string) []string
}{
	{"sasl2", "juliet@capulet.example/Balcony/rQ7Lwut0CcxW6", func(lines []string) []string { return lines }},
	{"websocket", "juliet@capulet.example/xQ3kTr9uW", overWebSocket},
	{"bosh", "juliet@capulet.example/xQ3kTr9uW", overBOSH},
}

const goodbye = "type='unavailable'"

// inserted are the lines that a mutation of the TCP session puts in front of
// the goodbye; nil where it does anything else.
func (m *mutation) inserted() (lines []string) {
	for i, e := range m.edits {
		switch {
		case m.session != "tcp", i == 0 && (e.do != "at" || e.text != goodbye), i > 0 && e.do != "before":
			return nil
		case i > 0:
			lines = append(lines, e.text)
		}
	}
	return lines
}

var stanzaName = regexp.MustCompile(`^<(message|presence|iq)\b`)

// qualified gives a stanza the namespace that a stream header would give it.
func qualified(xml string) string {
	if strings.Contains(strings.SplitN(xml, ">", 2)[0], "xmlns=") {
		return xml
	}
	return stanzaName.ReplaceAllString(xml, "<$1 xmlns='jabber:client'")
}

func overWebSocket(lines []string) (all []string) {
	for _, l := range lines {
		side, xml, ok := strings.Cut(l, ": ")
		if ok && len(side) == 1 {
			if xml == `\n` { // a keepalive
				l = side + `: \x8a\x80\x00\x00\x00\x00`
			} else {
				l = side + " ws: " + qualified(xml)
			}
		}
		all = append(all, l)
	}
	return all
}

// overBOSH sends every line in a request or an answer of its own.
func overBOSH(lines []string) (all []string) {
	const body = "<body xmlns='http://jabber.org/protocol/httpbind'"
	rid, open := 1573741829, false
	ask := func(xml string) {
		all = append(all, fmt.Sprintf("C bosh: %s rid='%d' sid='c48fccd8-2b5f-40bc-a793-05f3f35a6c3b'>%s</body>", body, rid, xml))
		rid++
		open = true
	}
	answer := func(xml string) {
		all = append(all, "S bosh: "+body+">"+xml+"</body>")
		open = false
	}
	for _, l := range lines {
		side, xml, ok := strings.Cut(l, ": ")
		if xml = qualified(xml); xml == `\n` {
			xml = "" // a keepalive
		}
		switch {
		case !ok:
			if open {
				answer("")
			}
			all = append(all, l)
		case side == "S":
			if !open {
				ask("")
			}
			answer(xml)
		default:
			if open {
				answer("")
			}
			ask(xml)
		}
	}
	if open {
		answer("")
	}
	return append(all, "rid "+strconv.Itoa(rid))
}

func TestMutationsOnOtherCarriers(t *testing.T) {
	all, _ := mutations(t)
	tried := 0
	for _, c := range carriers {
		text := session(t, c.session)
		clean := unharmed(t, text)
		for _, m := range all {
			lines := m.inserted()
			if lines == nil || slices.Contains(m.not, c.session) {
				continue
			}
			tried++
			t.Run(c.session+"/"+m.rule, func(t *testing.T) {
				lines = c.carry(lines)
				change := *m
				change.edits = []edit{{"at", goodbye}}
				for _, l := range lines {
					l = strings.ReplaceAll(l, "juliet@capulet.example/balcony", c.jid)
					if rid, ok := strings.CutPrefix(l, "rid "); ok {
						change.edits = append(change.edits, edit{"swap", "1573741829 ==> " + rid})
						continue
					}
					change.edits = append(change.edits, edit{"before", l})
				}
				change.expect(t, text, clean)
			})
		}
	}
	if tried < 100 {
		t.Errorf("%d mutations were tried", tried)
	}
}
