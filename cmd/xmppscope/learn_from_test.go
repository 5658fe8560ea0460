package main

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/captures"
	"xmppscope/captures/samples"
	"xmppscope/lessons"
	"xmppscope/lessons/course"
)

// What is made of every recording is sound: each answer is the right one, and no
// other. Passwords are asked for only where they may be.
func TestExercisesAreSound(t *testing.T) {
	e := &env{streams: &streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}}
	p, err := e.prover(nil)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, s := range samples.All() {
		for _, secrets := range []bool{false, true} {
			l, text, err := e.exercises(samplePrefix+s.Name, secrets)
			if err != nil {
				t.Errorf("%s: %v", s.Name, err)
				continue
			}
			for i := range l.Steps {
				kinds[l.Steps[i].Kind]++
				if names := course.FieldNames(l.Steps[i].Task); !secrets && strings.Contains(strings.Join(names, " "), "passwd") {
					t.Errorf("%s asks for %s", s.Name, names)
				}
			}
			for _, problem := range p.Prove(t.Context(), l) {
				t.Errorf("%s: %s\n%s", s.Name, problem, text)
			}
		}
	}
	for _, kind := range []string{"order", "predict", "decode", "find"} {
		if kinds[kind] == 0 {
			t.Errorf("no %s", kind)
		}
	}
}

// A wrong answer is told what it would have been the answer to, and a choice does
// not call the end of a stream by the name of its beginning.
func TestExercisesSayWhyNot(t *testing.T) {
	e := quietEnv()
	refusals, question := 0, ""
	for _, name := range []string{"wrong-password", "unknown-host", "iq-errors", "zlib", "keepalive"} {
		_, text, err := e.exercises(samplePrefix+name, false)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(text) {
			switch {
			case strings.HasPrefix(line, "choices = ") && strings.Contains(line, "<stream/>"):
				t.Errorf("%s offers %s", name, line)
			case strings.HasPrefix(line, "because = ") && strings.Contains(question, "Which condition"):
				refusals++
				if strings.Count(line, "It would have meant: ") < 2 {
					t.Errorf("%s: %s", name, line)
				}
			case strings.HasPrefix(line, "question = "):
				if question = line; strings.Contains(line, "Where does this happen") {
					t.Errorf("%s asks where something happens that must not: %s", name, line)
				}
			}
		}
	}
	if refusals < 3 {
		t.Errorf("%d refusals are asked about", refusals)
	}
}

// What a capture says inside TLS is asked about where its keys lie beside it, and
// they come along into a folder that is made of it.
func TestExercisesUseTheKeysBesideACapture(t *testing.T) {
	e, dir := quietEnv(), t.TempDir()
	put := func(name string, raw []byte, err error) string {
		path := filepath.Join(dir, name)
		if err == nil {
			err = os.WriteFile(path, raw, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	sample, _, err := samples.Open("tls12")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(sample)
	secrets, failed := captures.ScanSecrets(t.Context(), put("whole.pcapng", raw, err))
	if failed != nil || len(secrets) == 0 {
		t.Fatal(secrets, failed)
	}
	raw, err = fs.ReadFile(lessons.FS(), "06-what-tls-hides/tls12-dark.pcapng")
	dark := put("dark.pcapng", raw, err)
	steps := func() int {
		l, _, err := e.exercises(dark, false)
		if err != nil {
			t.Fatal(err)
		}
		return len(l.Steps)
	}
	without := steps()
	put("dark.keys", secrets[0].Data, nil)
	if with := steps(); with <= without {
		t.Errorf("%d steps without keys and %d with them", without, with)
	}
	to := filepath.Join(dir, "made")
	if err := e.newExercises(dark, to, false); err != nil {
		t.Fatal(err)
	}
	l, err := course.Parse("made", os.DirFS(to))
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.prover(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range p.Prove(t.Context(), l) {
		t.Error(problem)
	}
}
