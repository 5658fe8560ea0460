package live

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	ofSASL "xmppscope/decode/sasl"
	"xmppscope/decode/xmlstream"
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
			if got := l.Text(); got != text {
				t.Errorf("unchanged it is %s", got)
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
			now := l.Text()
			if want := strings.Replace(text, test.data, test.want, 1); now != want {
				t.Errorf("changed it is %s, want %s", now, want)
			}
			// What was changed is taken apart again, and knows how it came.
			again := NewLogin(e, now)
			if again == nil {
				t.Fatal("what was changed is not taken apart again")
			}
			for i := range again.Fields {
				if f := &again.Fields[i]; f.Now != l.Fields[i].Now || f.Came != l.Fields[i].Came || f.Changed() != (f.Name == test.change) {
					t.Errorf("again it is %+v", f)
				}
			}
		})
	}
}

// Every message of a login is taken apart, and put together again byte for byte.
func TestMessagesOfLogins(t *testing.T) {
	enc := base64.StdEncoding.EncodeToString
	const sasl, sasl2 = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'", "xmlns='urn:xmpp:sasl:2'"
	for _, test := range []struct{ name, mechanism, text, fields string }{
		{"client first", "SCRAM-SHA-1", "<auth " + sasl + " mechanism='SCRAM-SHA-1'>" + enc([]byte("n,,n=juliet,r=abc")) + "</auth>", "gs2-cbind-flag=n n=juliet r=abc"},
		{"server first", "SCRAM-SHA-1", "<challenge " + sasl + ">" + enc([]byte("r=abcdef,s=QSXCR+Q6sek8bf92,i=4096")) + "</challenge>", "r=abcdef s=QSXCR+Q6sek8bf92(base64) i=4096"},
		{"client final", "SCRAM-SHA-1", "<response " + sasl + ">" + enc([]byte("c=biws,r=abcdef,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=")) + "</response>", "c=biws(base64) r=abcdef p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=(base64)"},
		{"server final", "SCRAM-SHA-1", "<success " + sasl + ">" + enc([]byte("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")) + "</success>", "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=(base64)"},
		{"external", "EXTERNAL", "<auth " + sasl + " mechanism='EXTERNAL'>" + enc([]byte("juliet@h")) + "</auth>", "authzid=juliet@h"},
		{"external, nothing", "EXTERNAL", "<auth " + sasl + " mechanism='EXTERNAL'>=</auth>", "decoded="},
		{"anonymous", "ANONYMOUS", "<auth " + sasl + " mechanism='ANONYMOUS'>" + enc([]byte("guest")) + "</auth>", "trace=guest"},
		{"nothing at all", "PLAIN", "<auth " + sasl + " mechanism='PLAIN'/>", "authzid= authcid= passwd="},
		{"oauthbearer", "OAUTHBEARER", "<auth " + sasl + " mechanism='OAUTHBEARER'>" + enc([]byte("n,a=u@h,\x01host=h\x01auth=Bearer tok\x01\x01")) + "</auth>", "gs2-cbind-flag=n a=u@h host=h auth=Bearer tok"},
		{"digest-md5", "DIGEST-MD5", "<response " + sasl + ">" + enc([]byte("username=\"juliet\",nonce=\"x\",response=d388dad90d4bbd760a152321f2143af7")) + "</response>", "username=juliet nonce=x response=d388dad90d4bbd760a152321f2143af7"},
		{"sasl2", "PLAIN", "<authenticate " + sasl2 + " mechanism='PLAIN'><initial-response>" + enc([]byte("\x00a\x00b")) + "</initial-response></authenticate>", "authzid= authcid=a passwd=b"},
		{"sasl2 success", "SCRAM-SHA-1", "<success " + sasl2 + "><additional-data>" + enc([]byte("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")) + "</additional-data></success>", "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=(base64)"},
		{"bytes", "GSSAPI", "<auth " + sasl + " mechanism='GSSAPI'>" + enc([]byte{0x60, 0x01, 0xff, 0}) + "</auth>", "*"},
		{"failure", "PLAIN", "<failure " + sasl + "><not-authorized/><text>no</text></failure>", "condition=not-authorized text=no"},
		{"iq-auth", "", "<iq type='set' id='1'><query xmlns='jabber:iq:auth'><username>a</username><password>b</password></query></iq>", "username=a password=b"},
		{"component", "", "<handshake xmlns='jabber:component:accept'>aa</handshake>", "handshake=aa"},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := &ofSASL.Exchange{Mechanism: test.mechanism}
			if p, ok := findPayload(test.text, xmlstream.MidStream("jabber:client")); ok && p.kind != ofSASL.Failure {
				x.Add(p.kind, []byte(p.data(test.text)))
			}
			l, why := TakeApart(test.text, test.text, x, xmlstream.MidStream("jabber:client"))
			if l == nil {
				t.Fatal(why)
			}
			if got, fault := l.Text(), l.Fault(); got != test.text || fault != "" {
				t.Errorf("unchanged it is %s %s", got, fault)
			}
			var all []string
			for i := range l.Fields {
				f := &l.Fields[i]
				text := f.Name + "=" + f.Came
				if f.Base64 {
					text += "(base64)"
				}
				all = append(all, text)
				if f.Changed() {
					t.Errorf("%s counts as changed", f.Name)
				}
				// Its bytes can be seen and turned, whatever they are.
				if f.Came == "" {
					continue
				}
				hexed := f.Hex
				if !f.TurnHex() && !hexed {
					t.Errorf("%s has no bytes", f.Name)
				}
				f.Hex = true
				if before := f.Now; !f.Flip(0) || f.Now == before || !f.Changed() || !f.Flip(0) || f.Now != before || f.Changed() {
					t.Errorf("a bit of %s cannot be turned: %s, %s", f.Name, before, f.Now)
				}
			}
			if got := strings.Join(all, " "); got != test.fields && test.fields != "*" {
				t.Errorf("fields %s, want %s", got, test.fields)
			}
			if got, fault := l.Text(), l.Fault(); got != test.text || fault != "" {
				t.Errorf("in hexadecimal it is %s %s", got, fault)
			}
			f := &l.Fields[0]
			f.Hex, f.Now = true, "6"
			if fault := l.Fault(); !strings.Contains(fault, f.Name) {
				t.Errorf("half a byte: %q", fault)
			}
		})
	}
}

func TestLoginThatCannotBeTakenApart(t *testing.T) {
	for name, data := range map[string]string{
		"no base64": "!!!!",
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
