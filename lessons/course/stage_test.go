package course

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// Who looks runs and does not count; whoever else runs or could run does. Of those
// outside of Go, the fewest there ever were are taken for waiting.
func TestCrowd(t *testing.T) {
	var c crowd
	for i, look := range []struct {
		running, runnable, outside uint64
		calm                       bool
	}{
		{1, 0, 2, true}, // who was there from the beginning may wait for a signal
		{1, 0, 3, false},
		{2, 0, 2, false},
		{1, 1, 2, false},
		{0, 1, 2, true},
		{0, 0, 2, true},
		{3, 0, 1, false}, // the fewest are learnt from a busy look, too
		{1, 0, 2, false},
		{1, 0, 1, true},
		{1, 0, 0, true},
		{1, 0, 1, false},
	} {
		if got := c.judge(look.running, look.runnable, look.outside); got != look.calm {
			t.Errorf("look %d, %v: calm is %t", i+1, look, got)
		}
	}
}

// Somebody who computes is seen at each look, and is not seen afterwards.
func TestCrowdSeesWhoComputes(t *testing.T) {
	var c crowd
	var stop atomic.Bool
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for !stop.Load() {
			runtime.Gosched()
		}
	}()
	for range 20 {
		if c.calm() {
			t.Error("calm while somebody computes")
		}
	}
	stop.Store(true)
	<-ended
	for end := time.Now().Add(10 * time.Second); !c.calm(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("never calm again")
		}
	}
}

// What a solution comes back to stays held while it waits for something to pass,
// and nothing else does.
func TestLater(t *testing.T) {
	held := &decode.Event{Kind: decode.KindStanza, Name: xmlstream.Name{Space: "jabber:client", Local: "iq"}, ID: "a"}
	const fits, other = `name == "iq"`, `name == "message"`
	for name, c := range map[string]struct {
		deeds []Deed
		next  int
		want  bool
	}{
		"nothing is left to do":             {[]Deed{{Wait: fits, Do: "drop"}}, 1, false},
		"it is due after what must pass":    {[]Deed{{Wait: other, Passed: true, Do: justWait}, {Wait: fits, Do: "drop"}}, 0, true},
		"it is due, but not the next":       {[]Deed{{Wait: other, Passed: true, Do: justWait}, {Do: "continue"}, {Wait: other, Do: "drop"}, {Wait: fits, Do: "drop"}}, 0, true},
		"it was due before":                 {[]Deed{{Wait: fits, Do: "drop"}, {Wait: other, Passed: true, Do: justWait}}, 1, false},
		"the next deed waits for one held":  {[]Deed{{Wait: other, Do: "drop"}, {Wait: fits, Do: "drop"}}, 0, false},
		"it is to pass itself":              {[]Deed{{Wait: fits, Passed: true, Do: justWait}, {Wait: other, Do: "drop"}}, 0, false},
		"afterwards it is to have passed":   {[]Deed{{Wait: other, Passed: true, Do: justWait}, {Wait: fits, Passed: true, Do: "replay"}}, 0, false},
		"afterwards another one is due":     {[]Deed{{Wait: other, Passed: true, Do: justWait}, {Wait: other, Do: "drop"}}, 0, false},
		"afterwards something is due alone": {[]Deed{{Wait: other, Passed: true, Do: justWait}, {Do: "continue"}}, 0, false},
	} {
		for i := range c.deeds {
			if err := c.deeds[i].read(); err != nil {
				t.Fatal(name, err)
			}
		}
		if got := later(c.deeds, c.next, held); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// What the solutions of live steps change inside base64, and nowhere else.
func TestSetFields(t *testing.T) {
	const auth = "<auth xmlns='x' mechanism='PLAIN'>AG1iZWQAbWlycm9y</auth>"
	for _, c := range []struct {
		set        [][]string
		flip       string
		text, want string
	}{
		{nil, "", auth, auth},
		{[][]string{{`\0mbed\0`, `\0romeo\0`}, {"mirror", "glass"}}, "", auth, "<auth xmlns='x' mechanism='PLAIN'>AHJvbWVvAGdsYXNz</auth>"},
		{nil, "v=", "<success>dj1BYmM=</success>", "<success>dj1CYmM=</success>"}, // v=Abc, v=Bbc
		{nil, "v=", "<success>dj14YmM=</success>", "<success>dj1BYmM=</success>"}, // v=xbc, v=Abc
		{nil, "p=", "<success>dj14YmM=</success>", "<success>dj14YmM=</success>"}, // nothing to flip
		{nil, "bc", "<success>dj14YmM=</success>", "<success>dj14YmM=</success>"}, // nothing behind it
		{[][]string{{"a", "b"}}, "", "<success/>", "<success/>"},
		{[][]string{{"a", "b"}}, "", "<x>no base64!</x>", "<x>no base64!</x>"},
	} {
		if got := setFields(c.text, c.set, c.flip); got != c.want {
			t.Errorf("%s with %v and %q is %s, want %s", c.text, c.set, c.flip, got, c.want)
		}
	}
}

// The proof is that of RFC 7677 §3.
func TestScramProof(t *testing.T) {
	const first, server = "n=user,r=rOprNGfwEbeRWgbNEkqO", "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
	got, err := scramProof("pencil", server, first+","+server+",c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
	if err != nil || got != "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=" {
		t.Error(got, err)
	}
	for _, server := range []string{"", "r=x,s=!,i=4096", "r=x,s=QQ==,i=0", "r=x,s=QQ==,i=99999999"} {
		if got, err := scramProof("pencil", server, ""); err == nil {
			t.Errorf("%q gives %s", server, got)
		}
	}
}

// Whoever does a solution by hand is told all of it.
func TestDeedInWords(t *testing.T) {
	for want, d := range map[string]Deed{
		`when name == "iq" is held: edit, “a” becomes nothing`:                                  {Wait: `name == "iq"`, Do: "edit", Replace: [][]string{{"a", ""}}},
		`edit, in its place stands what fits conn == 1`:                                         {Do: "edit", From: "conn == 1"},
		`edit, in its base64 another letter stands behind “v=”`:                                 {Do: "edit", Flip: "v="},
		`edit, its c and p are made for the server's own TLS connection, with the password “x”`: {Do: "edit", Password: "x"},
	} {
		if got := d.Words(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
