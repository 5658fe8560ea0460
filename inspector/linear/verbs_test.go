package linear

import (
	"os"
	"strings"
	"testing"
	"time"
	"unicode"

	"xmppscope/decode"
	"xmppscope/inspector"
)

func TestVerbsAreTold(t *testing.T) {
	names, keys := map[string]bool{}, map[string]bool{}
	for _, v := range verbs() {
		for _, n := range append([]string{v.name}, v.also...) {
			if names[n] {
				t.Errorf("%s stands twice", n)
			}
			names[n] = true
		}
		if v.key != "" && keys[v.key] {
			t.Errorf("the letter %s stands twice", v.key)
		}
		keys[v.key] = true
		if v.doc == "" || strings.HasSuffix(v.doc, ".") || v.do == nil || v.group == "" {
			t.Errorf("%s is not told well", v.name)
		}
	}
	// The letters of the screen, but for what moves things on it.
	for _, key := range strings.Fields("s n c p b B e E d i r u x m ; w [ ] j k / N f l T t h o W ? q") {
		if !keys[key] {
			t.Errorf("the letter %s of the screen does nothing", key)
		}
	}
}

func TestVerbsAreFound(t *testing.T) {
	talk := &talk{verbs: verbs()}
	for line, want := range map[string]string{
		"s": "step", "S": "", "ste": "step", "st": "", "step 3": "step", "N": "hitback", "n": "next", "B": "breakpoints", "b x": "break", "goto 7": "goto", "7": "goto", "#7": "goto",
		"/mirror": "search", "continue": "continue", "cont": "continue", "co": "", "find x": "search", "exit": "quit", ":quit": "quit", "HELP": "help", "?": "help", "sta": "", "xyzzy": "", "]": "later",
	} {
		v, _, err := talk.verbOf(line)
		switch {
		case want == "" && err == nil:
			t.Errorf("%s is %s", line, v.name)
		case want != "" && (err != nil || v.name != want):
			t.Errorf("%s is not %s: %v", line, want, err)
		}
	}
	if _, rest, _ := talk.verbOf("/two words"); rest != "two words" {
		t.Errorf("searched for %q", rest)
	}
}

// clean fails where anything is said that a terminal obeys, or that is no line.
func clean(t testing.TB, text string) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029') {
			t.Fatalf("%U is said:\n%q", r, text)
		}
	}
}

// evil is text that wants to do something to a terminal.
const evil = "\u202ex\u2066\u009b31m&#x1b;[2J\u200b"

// hostile is a conversation that says it everywhere.
func hostile(t testing.TB) *inspector.Store {
	store := inspector.NewStore(inspector.StoreOptions{})
	c := decode.NewConn(1, decode.Options{})
	seq := decode.Seq(0)
	feed := func(dir decode.Dir, text string) {
		all, _ := c.Feed(dir, time.Time{}, []byte(text))
		for i := range all {
			seq++
			all[i].Seq, all[i].Conn = seq, 1
			store.Append(&all[i])
		}
	}
	feed(decode.FromInitiator, strings.Replace(openC, "h.example", evil, 1))
	feed(decode.FromReceiver, strings.Replace(openS, "s1", evil, 1)+strings.Replace(offered, "PLAIN", evil, 1))
	feed(decode.FromInitiator, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>ABtbMkobWzMxbQAb4oCu</auth>")
	feed(decode.FromReceiver, strings.Replace(refused, "<not-authorized/>", "<not-authorized/><text>"+evil+"</text>", 1))
	feed(decode.FromInitiator, "<iq type='get' id='"+evil+"' to='"+evil+"'><query xmlns='"+evil+"'>\x1b[2J</query></iq>")
	feed(decode.FromInitiator, "<message from='"+evil+"'><body>"+evil+strings.Repeat("<x/>", 200)+"</body></message>\x1b]0;t\x07<<")
	store.Over(decode.Conversation{Conn: 1, Initiator: evil, Receiver: evil, Domain: evil, JID: evil, Events: int(seq)})
	return store
}

// Whatever stands on the wire, only text is said.
func TestHostileTextIsDisarmed(t *testing.T) {
	store := hostile(t)
	defer store.Close()
	var script []string
	for _, at := range []string{"1", "2", "3", "4", "5", "6", "7", "8"} {
		script = append(script, "goto "+at)
		for _, v := range verbs() {
			if v.name != "quit" && v.name != "wait" {
				script = append(script, v.name)
			}
		}
		script = append(script, "why login", "compare 1", "note "+evil, "search "+evil, "filter "+evil, "filter off", evil, "break "+evil, "explain "+evil, "open "+evil, "conn "+evil, "list all")
	}
	o := Options{Source: &Source{Title: evil, Store: store}, Choices: []Choice{{evil, evil, evil}},
		Open: func(string) (*Source, error) { return nil, &os.PathError{Op: "open", Path: evil, Err: errWorld} }}
	clean(t, play(t, o, script...))
}

// FuzzVerbs: no line makes it fall, or say what a terminal obeys.
func FuzzVerbs(f *testing.F) {
	for _, v := range verbs() {
		f.Add(v.name + " 3")
		f.Add(v.key + "\n" + v.name + " " + v.args)
	}
	f.Add("list 9-\nlist -2\nlist 5-2\n#\n#x\n/\n:\nshow 99999999999 x\nbreak kind ==\nfilter has(")
	f.Fuzz(func(t *testing.T, script string) {
		if len(script) > 1000 {
			return
		}
		store := hostile(t)
		defer store.Close()
		clean(t, play(t, Options{Source: &Source{Title: "x", Store: store}}, script))
	})
}
