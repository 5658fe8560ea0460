package live

import (
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
)

// held is the last event of what a client says.
func held(t *testing.T, text string) *decode.Event {
	t.Helper()
	c := decode.NewConn(1, decode.Options{})
	all, _ := c.Feed(decode.FromInitiator, time.Time{}, []byte("<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"+text))
	if len(all) < 2 {
		t.Fatalf("%d events of %s", len(all), text)
	}
	return &all[len(all)-1]
}

const auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='%'>$</auth>"

func TestLoginIsPutTogetherAgain(t *testing.T) {
	for _, test := range []struct {
		name, mechanism, data string
		fields                string // name=value, as they came
		change, to, want      string
	}{
		{"plain", "PLAIN", "AG1iZWQAbWlycm9y", "authzid= authcid=mbed passwd=mirror", "passwd", "wrong", "AG1iZWQAd3Jvbmc="},
		{"plain with whom to act as", "PLAIN", "YUBiAG1iZWQAbWlycm9y", "authzid=a@b authcid=mbed passwd=mirror", "authzid", "", "AG1iZWQAbWlycm9y"},
		{"scram", "SCRAM-SHA-1", "biwsbj1qdWxpZXQscj1hYmM=", "gs2-cbind-flag=n n=juliet r=abc", "r", "xyz", "biwsbj1qdWxpZXQscj14eXo="},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := strings.NewReplacer("%", test.mechanism, "$", test.data).Replace(auth)
			e := held(t, text)
			l := NewLogin(e, text)
			if l == nil {
				t.Fatal("not taken apart")
			}
			if l.Text() != text {
				t.Errorf("unchanged it is %s", l.Text())
			}
			var names []string
			for i := range l.Fields {
				f := &l.Fields[i]
				names = append(names, f.Name+"="+f.Came)
				if f.Name == test.change {
					f.Now = test.to
				}
			}
			if got := strings.Join(names, " "); got != test.fields {
				t.Errorf("fields %s, want %s", got, test.fields)
			}
			if want := strings.Replace(text, test.data, test.want, 1); l.Text() != want {
				t.Errorf("changed it is %s, want %s", l.Text(), want)
			}
			// What was changed is taken apart again.
			if again := NewLogin(e, l.Text()); again == nil || again.Decoded() != l.Decoded() {
				t.Errorf("what was changed is not taken apart again: %+v", again)
			}
		})
	}
}

func TestLoginThatCannotBeTakenApart(t *testing.T) {
	for name, data := range map[string]string{
		"no base64": "!!!!", "two parts": "AG1iZWQ=", "bytes that are no text": "AP//AP8=", "nothing": "=", "what acts on a terminal": "AG1iG1szMW0AeA==",
	} {
		text := strings.NewReplacer("%", "PLAIN", "$", data).Replace(auth)
		if l := NewLogin(held(t, text), text); l != nil {
			t.Errorf("%s: %+v", name, l)
		}
	}
	e := held(t, "<presence/>")
	if NewLogin(e, "<presence/>") != nil {
		t.Error("a presence has login data")
	}
	text := strings.NewReplacer("%", "PLAIN", "$", "AG1iZWQAbWlycm9y").Replace(auth)
	if NewLogin(held(t, text), "<other/>") != nil {
		t.Error("what has other surroundings is taken apart")
	}
}
