package workshop

import (
	"context"
	"encoding/json"
	"net"
	"strings"
	"testing"

	"xmppscope/lessons/course"
)

// A class that died goes on where it was: students are let in by their codes,
// with what they have done, and who was sent out stays out. What is kept lets
// nobody in.
func TestGoOn(t *testing.T) {
	r := hold(t)
	anna, bert := r.sit("Anna"), r.join("Bert")
	if err := r.class.Everybody(2); err != nil {
		t.Fatal(err)
	}
	if err := anna.Answer(t.Context(), course.Answer{Choice: 1}); err != nil {
		t.Fatal(err)
	}
	if r.class.Kick("Bert") != 1 {
		t.Fatal("Bert stays")
	}
	text, err := r.class.Keep()
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{r.class.Token(), r.class.Teacher(), anna.c.Code, bert.Code, plainToken(anna.c.Code)} {
		if strings.Contains(string(text), secret) {
			t.Errorf("%q is kept in %s", secret, text)
		}
	}
	// The program dies: nobody is told anything.
	o := r.class.o
	o.Token, o.Teacher = "", ""
	next, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	if n, err := next.GoOn(text); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if next.Token() == r.class.Token() {
		t.Error("the token was kept")
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- next.Serve(ctx, ln) }()
	defer func() { stop(); <-served }()
	again := *anna.c
	again.base = "http://" + ln.Addr().String() + "/api/"
	v, err := again.Step(t.Context())
	if err != nil || v.Step != 2 || !v.Done || v.Tries != 1 {
		t.Errorf("%v %+v", err, v)
	}
	again.Code = bert.Code
	if _, err := again.Step(t.Context()); err == nil || !strings.Contains(err.Error(), "sent you out") {
		t.Error(err)
	}
	if _, err := Join(t.Context(), ln.Addr().String(), r.class.Token(), "Cora", ""); err == nil {
		t.Error("the token of the class that died lets somebody in")
	}
	if c, err := Join(t.Context(), ln.Addr().String(), next.Token(), "anna", anna.c.Code); err != nil || c.Name != "Anna" {
		t.Error(err)
	}
	if row := next.Table().Students[0]; row.Marks != ".#......." || row.Addr != "127.0.0.1" {
		t.Errorf("%+v", row)
	}
}

// What was kept may be anything by now.
func TestGoOnWithRubbish(t *testing.T) {
	r := hold(t)
	for _, text := range []string{"", "null", "[]", "{", `{"version":2}`, `{"version":1,"id":"a b","lesson":"00-test"}`, `{"version":1,"id":"abc","lesson":"no"}`} {
		if n, err := r.class.GoOn([]byte(text)); err == nil || n != 0 {
			t.Errorf("%s: %d", text, n)
		}
	}
	hash := strings.Repeat("ab", 32)
	odd, _ := json.Marshal(map[string]any{"version": 1, "id": "abc", "lesson": "00-test", "at": 9999, "kicked": []string{"zz", hash}, "students": []map[string]any{
		{"name": "\x1b[31m", "hash": hash}, {"name": "Anna", "hash": "00"}, {"name": "Bert", "hash": hash, "lessons": map[string]any{"00-test": map[string]any{"at": "nowhere", "steps": map[string]any{"do-it": nil, "find-it": map[string]any{"done": true}, "x": nil}}}},
		{"name": "BERT", "hash": hash}}})
	n, err := r.class.GoOn(odd)
	if err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if row := r.row("Bert"); row.Done != 1 || row.Step != 1 || row.Addr != "" {
		t.Errorf("%+v", row)
	}
}
