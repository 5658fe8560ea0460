package main

import (
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"xmppscope/inspector/live"
	"xmppscope/lessons"
	"xmppscope/lessons/course"
	"xmppscope/lessons/practice"
)

func quietEnv() *env {
	return &env{streams: &streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}}
}

// TestLessonsAreProven proves every lesson of the program, and the template: each
// check fails before its solution and passes after it, on real stages.
func TestLessonsAreProven(t *testing.T) {
	all, err := course.ParseAll(lessons.FS())
	if err != nil {
		t.Fatal(err)
	}
	template := t.TempDir()
	writeFile(t, filepath.Join(template, course.FileName), lessons.Template)
	own, err := course.Parse("template", os.DirFS(template))
	if err != nil {
		t.Fatal(err)
	}
	all = append(all, own)
	p, err := quietEnv().prover(all)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		t.Run(l.ID, func(t *testing.T) {
			t.Parallel()
			for _, problem := range p.Prove(t.Context(), l) {
				t.Errorf("line %d: %s", problem.Line, problem)
			}
		})
	}
}

// The example of the authors' page is a lesson, and sound.
func TestTheExampleForAuthorsIsProven(t *testing.T) {
	page := authorsPage(t)
	_, rest, ok := strings.Cut(page, "````markdown\n")
	example, _, ends := strings.Cut(rest, "````\n")
	if !ok || !ends {
		t.Fatal("the page has no example")
	}
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, course.FileName), example)
	l, err := course.Parse("example", os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	p, err := quietEnv().prover([]*course.Lesson{l})
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range p.Prove(t.Context(), l) {
		t.Errorf("line %d: %s", problem.Line, problem)
	}
}

// The authors' page names every kind of step, every setting of a scene and of a
// deed, every verb of the proxy and of scripts.
func TestThePageForAuthorsIsWhole(t *testing.T) {
	page := authorsPage(t)
	words := map[string]bool{}
	for _, code := range regexp.MustCompile("`[^`\n]+`").FindAllString(page, -1) {
		for _, w := range regexp.MustCompile(`[A-Za-z0-9]+`).FindAllString(code, -1) {
			words[strings.ToLower(w)] = true
		}
	}
	want, _ := course.Kinds()
	verbs, _ := live.Verbs()
	want = append(append(want, verbs...), practice.Verbs()...)
	for _, v := range []any{course.Scene{}, course.Client{}, course.Peer{}, course.Want{}, course.Deed{}} {
		for _, f := range reflect.VisibleFields(reflect.TypeOf(v)) {
			if f.IsExported() {
				want = append(want, strings.ToLower(f.Name))
			}
		}
	}
	for _, w := range want {
		if !words[strings.ToLower(w)] {
			t.Errorf("lessons/README.md does not speak of %s", w)
		}
	}
}

func authorsPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(moduleRoot, "lessons", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
