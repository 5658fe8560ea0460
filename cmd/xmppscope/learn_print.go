package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"

	"xmppscope/inspector"
	"xmppscope/lessons/course"
	"xmppscope/lessons/handout"
)

// This file prints lessons, and packs them for a class.

// cheatSheet writes the cheat sheet.
func (e *env) cheatSheet(format string) error {
	switch format {
	case "html":
		return handout.WriteCheatSheet(e.out)
	case "text":
		p := e.page(e.out)
		writeBlocks(p, course.Markdown(handout.CheatSheet), "")
		return p.Close()
	}
	return usage("--cheat-sheet", format+" is no format", "there are text and html")
}

// kit packs lessons into a new folder: the lessons with their captures, the
// program itself, what is handed out and what is not. Lessons that do not prove
// are not packed.
func (e *env) kit(ctx context.Context, to string, all []*course.Lesson, names []string) error {
	var chosen []*course.Lesson
	for _, name := range names {
		l, err := lessonNamed(all, name)
		if err != nil {
			return err
		}
		chosen = append(chosen, l)
	}
	if len(chosen) == 0 {
		chosen = all
	}
	if _, err := os.Stat(to); err == nil {
		return &failure{code: exitUsage, what: to, why: "is there already, and is left as it is", hint: "name a folder that is to be made"}
	}
	results, err := e.proveAll(ctx, chosen)
	if err != nil {
		return err
	}
	bad := 0
	for _, r := range results {
		for _, p := range r.problems {
			bad++
			e.tellProblem(false, path.Join(r.lesson.ID, course.FileName), r.lesson.ID, p)
		}
	}
	if bad > 0 {
		return &failure{code: exitFindings, what: to, why: fmt.Sprintf("is not made: %d problems in the lessons", bad), hint: "what is handed out has to be sound"}
	}
	if err := e.pack(to, chosen); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s\n", inspector.Disarm(to))
	fmt.Fprintf(e.err, "%s, all sound; %s says what is in the folder\n", some(len(chosen), "lesson"), filepath.Join(to, "README.txt"))
	return nil
}

// pack writes a kit.
func (e *env) pack(to string, all []*course.Lesson) error {
	if err := os.MkdirAll(filepath.Join(to, "lessons"), 0o755); err != nil {
		return cannot(to, err)
	}
	var printed []handout.Lesson
	for _, l := range all {
		x := handout.Lesson{Lesson: l, Stores: map[string]*inspector.Store{}}
		for i := range l.Captures {
			store, err := e.lessonCapture(l, &l.Captures[i])
			if err != nil {
				return err
			}
			defer store.Close()
			x.Stores[l.Captures[i].Name] = store
		}
		printed = append(printed, x)
		if err := os.CopyFS(filepath.Join(to, "lessons", l.ID), l.Folder); err != nil {
			return cannot(filepath.Join(to, "lessons", l.ID), err)
		}
	}
	program := "xmppscope"
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	self, err := os.Executable()
	if err == nil {
		err = copyProgram(self, filepath.Join(to, program))
	}
	if err != nil {
		return cannot(program, err)
	}
	var text bytes.Buffer
	p := e.page(&text)
	writeBlocks(p, course.Markdown(handout.CheatSheet), "")
	if err := p.Close(); err != nil {
		return err
	}
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"handout.html", func(w io.Writer) error { return handout.Write(w, "XMPP workshop", printed, false) }},
		{"answers.html", func(w io.Writer) error { return handout.Write(w, "XMPP workshop: answers", printed, true) }},
		{"cheat-sheet.html", handout.WriteCheatSheet},
		{"cheat-sheet.txt", func(w io.Writer) error { _, err := w.Write(text.Bytes()); return err }},
		{"README.txt", func(w io.Writer) error { return aboutKit(w, all) }},
	} {
		if err := writeNew(filepath.Join(to, f.name), f.write); err != nil {
			return cannot(filepath.Join(to, f.name), err)
		}
	}
	return nil
}

// aboutKit says what is in a kit and how to use it.
func aboutKit(w io.Writer, all []*course.Lesson) error {
	var b strings.Builder
	b.WriteString("A workshop on XMPP\n\n")
	minutes := 0
	for _, l := range all {
		fmt.Fprintf(&b, "  %-20s %3d min  %s\n", l.ID, l.Minutes, l.Title)
		minutes += l.Minutes
	}
	fmt.Fprintf(&b, "\nTogether about %d minutes. Nothing has to be installed; no network is needed.\n\n", minutes)
	for _, line := range [][2]string{
		{"./xmppscope learn", "take the lessons, each on one's own"},
		{"./xmppscope learn --host 127.0.0.1:8080", "hold a class: students join from a terminal or a browser"},
		{"./xmppscope learn --check lessons", "prove again that every lesson is sound"},
		{"handout.html", "print it for the class: tasks with blanks"},
		{"answers.html", "print it for yourself"},
		{"cheat-sheet.html, cheat-sheet.txt", "one page to keep"},
		{"lessons", "the lessons as they are written, with their recordings; change them, and prove them again"},
	} {
		fmt.Fprintf(&b, "  %-42s %s\n", line[0], line[1])
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeNew writes a file that is not there yet.
func writeNew(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	err = write(f)
	return errors.Join(err, f.Close())
}

// copyProgram copies a program so that it can be run.
func copyProgram(from, to string) error {
	if err := copyFile(from, to); err != nil {
		return err
	}
	return os.Chmod(to, fs.FileMode(0o755))
}
