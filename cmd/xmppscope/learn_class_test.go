package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"xmppscope/lessons/workshop"
)

// typing is a command that runs and is typed to.
type typing struct {
	t    *testing.T
	in   *io.PipeWriter
	mu   sync.Mutex
	out  bytes.Buffer
	code chan int
}

func (s *typing) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.Write(p)
}

func begin(t *testing.T, args ...string) *typing {
	t.Helper()
	r, w := io.Pipe()
	s := &typing{t: t, in: w, code: make(chan int, 1)}
	ctx, stop := context.WithCancel(context.Background())
	go func() { s.code <- run(ctx, &streams{in: r, out: s, err: s}, args) }()
	t.Cleanup(func() {
		stop()
		_ = w.Close()
	})
	return s
}

// says waits for a text, and gives what of it is in brackets.
func (s *typing) says(pattern string) string {
	s.t.Helper()
	re := regexp.MustCompile(pattern)
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		s.mu.Lock()
		m := re.FindStringSubmatch(s.out.String())
		s.mu.Unlock()
		if m != nil {
			return m[len(m)-1]
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.t.Fatalf("%s is not said in:\n%s", pattern, s.out.String())
	return ""
}

func (s *typing) types(line string) {
	s.t.Helper()
	if _, err := io.WriteString(s.in, line+"\n"); err != nil {
		s.t.Fatal(line, err)
	}
}

func (s *typing) ends(want int) {
	s.t.Helper()
	select {
	case code := <-s.code:
		if code != want {
			s.t.Errorf("exit %d, want %d:\n%s", code, want, s.out.String())
		}
	case <-time.After(60 * time.Second):
		s.t.Fatal("it does not end")
	}
}

// A class from a terminal to its end: joined, answered, played live, taken along,
// left and come back to.
func TestAClass(t *testing.T) {
	teacher := begin(t, "learn", "--host", "127.0.0.1:0", "--lessons", "../../lessons/course/testdata", "00-test")
	addr := teacher.says(`--join (\S+)`)
	token := teacher.says(`--token (\S+)`)
	teacher.types("LESSON 7")
	teacher.says(`Everybody is at the lesson 07-plain`)
	teacher.types("lesson 00-test")
	teacher.says(`Everybody is at the lesson 00-test`)
	teacher.types("?")
	teacher.says(`everybody to another lesson, by its name or number`)
	if thief := begin(t, "learn", "--join", addr, "--token", "aaaa-bbbb-cccc", "--name", "Zed"); thief != nil {
		thief.says("not the token of this class")
		thief.ends(exitInput)
	}
	anna := begin(t, "learn", "--join", addr, "--token", token, "--name", "Anna")
	code := anna.says(`--code (\S+)`)
	anna.says("1 of 9: What the client sends")
	teacher.says("Anna has joined")
	teacher.types("step 2")
	anna.says("What does the server send")
	anna.types("answer 2")
	anna.says("That answers <starttls/>")
	anna.types("answer 1")
	anna.says("And so it was")
	teacher.types("show 5 65-80")
	anna.says("The teacher points at event 5")
	anna.types("look")
	anna.says(`\*{16}`)
	anna.says(`\^{16}`)
	teacher.types("everybody to step 6")
	anna.says("Where is the password")
	anna.types("answer 5 ****************")
	anna.says(`Right\.\n`)

	// A live step, on a stage of Anna's own.
	teacher.types("step 9")
	anna.says("Change the password while it is held")
	anna.types("begin")
	anna.says("1 held")
	anna.types("held")
	held := anna.says(`(<auth[^\n]*</auth>)`)
	anna.types("edit " + strings.Replace(held, "AG1iZWQAbWlycm9y", "AG1iZWQAd3Jvbmc=", 1))
	teacher.says("Anna") // and then the class sees it
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		teacher.types("table")
		time.Sleep(50 * time.Millisecond)
		teacher.mu.Lock()
		done := strings.Contains(teacher.out.String(), ".#...#..#")
		teacher.mu.Unlock()
		if done {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the live step is not done: ", teacher.out.String(), anna.out.String())
		}
	}
	anna.types("quit")
	anna.ends(exitDone)
	teacher.says("Anna is away")
	again := begin(t, "learn", "--join", addr, "--token", token, "--name", "anna", "--code", code)
	again.says("Change the password")
	teacher.says("Anna is back")
	if out := teacher.out.String(); strings.Contains(out, "AG1iZWQAbWlycm9y") {
		t.Error("the teacher's prompt tells a password: ", out)
	}
	teacher.types("kick ANNA")
	teacher.says("1 sent out")
	again.says("sent you out")
	again.ends(exitDone)
	teacher.types("quit")
	teacher.says("The class is over")
	teacher.ends(exitDone)
}

func TestClassFlags(t *testing.T) {
	for want, args := range map[string][]string{
		"one either holds":         {"--host", ":0", "--join", "x:1"},
		"there is no class":        {"--token", "abcdefgh"},
		"at least 8 letters":       {"--host", ":0", "--token", "abc"},
		"is an address of this":    {"--host", "example.org:1"},
		"is needed to join":        {"--join", "127.0.0.1:1"},
		"are for the teacher":      {"--join", "127.0.0.1:1", "--show-secrets"},
		"are for students":         {"--host", ":0", "--name", "Anna"},
		"the teacher chooses it":   {"--join", "127.0.0.1:1", "07-plain"},
		"the class does not answe": {"--join", "127.0.0.1:1", "--token", "abcdefgh", "--name", "Anna"},
	} {
		s := begin(t, append([]string{"learn"}, args...)...)
		s.says(want)
		if code := <-s.code; code == exitDone {
			t.Error(args, "succeeds")
		}
	}
}

// Every step of every lesson can be taken in a class: it is known what it asks
// for, and what it looks at can be seen.
func TestLessonsInAClass(t *testing.T) {
	all, err := allLessons("")
	if err != nil {
		t.Fatal(err)
	}
	e := &env{streams: &streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}}
	class, err := workshop.New(workshop.Options{Lessons: all, Open: e.lessonCapture})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- class.Serve(t.Context(), ln) }()
	for _, l := range all {
		if err := class.SetLesson(l.ID); err != nil {
			t.Error(l.ID, err)
		}
		yorick, err := workshop.Join(t.Context(), ln.Addr().String(), class.Token(), l.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		for i := range l.Steps {
			s := &l.Steps[i]
			if err := class.Everybody(i + 1); err != nil {
				t.Error(l.ID, s.Title, err)
			}
			v, err := yorick.Step(t.Context())
			if err != nil || v.Title != s.Title || v.Ask == workshop.AskUnknown || (v.Ask == workshop.AskNothing) != (s.Task == nil) || (v.Recording != "") != (s.Capture != "") {
				t.Errorf("%s, %s: %v %+v", l.ID, s.Title, err, v)
			}
			if v.Focus == nil {
				continue
			}
			if _, err := yorick.Event(t.Context(), "own", v.Focus.Row); err != nil {
				t.Error(l.ID, s.Title, err)
			}
		}
		yorick.Close()
	}
	class.Close()
	if err := <-served; err != nil {
		t.Error(err)
	}
}
