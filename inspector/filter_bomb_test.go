package inspector

import (
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
)

// TestXPathEnds: no XPath keeps a connection waiting, whatever the peer sends.
// Without a bound on text the second takes minutes.
func TestXPathEnds(t *testing.T) {
	c := decode.NewConn(1, decode.Options{})
	c.Feed(decode.FromInitiator, time.Unix(0, 0), []byte("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"))
	e := c.Preview(decode.FromInitiator, time.Unix(0, 0), []byte("<message>"+strings.Repeat("<a>xxxxxxxx</a>", 100000)+"<b>zz</b></message>"))
	for path, want := range map[string]bool{
		"//*[contains(., 'zz')]":             true,
		"//*[contains(/, 'no')]":             false,
		"//*[contains(string(..), 'no')]":    false,
		"//*[count(//*[. = 'no']) = 1]":      false,
		"//*[preceding::*[. = 'no']]":        false,
		"//*[starts-with(ancestor::*, 'n')]": false,
	} {
		f, err := Compile(`xpath("` + path + `")`)
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan bool, 1)
		go func() { done <- f.Match(&e, Extra{}) }()
		select {
		case got := <-done:
			if got != want {
				t.Errorf("%s: %v", path, got)
			}
		case <-time.After(2 * time.Minute):
			t.Fatalf("%s does not end", path)
		}
	}
}
