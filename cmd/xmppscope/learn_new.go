package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"xmppscope/lessons"
	"xmppscope/lessons/course"
)

// newLesson makes a folder with a lesson to begin from. What is there already is
// left as it is.
func (e *env) newLesson(path string) error { return e.newFile(path, lessons.Template) }

// newFile makes a folder with a lesson in it.
func (e *env) newFile(path, text string) error {
	file := filepath.Join(path, course.FileName)
	if err := os.MkdirAll(path, 0o755); err != nil {
		return cannot(path, err)
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	switch {
	case errors.Is(err, fs.ErrExist):
		return &failure{code: exitUsage, what: file, why: "is there already, and is left as it is", hint: "xmppscope learn --check " + path + " proves it"}
	case err != nil:
		return cannot(file, err)
	}
	_, err = f.WriteString(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return cannot(file, err)
	}
	fmt.Fprintf(e.out, "%s\n", file)
	fmt.Fprintf(e.err, "hint: xmppscope learn --check %s proves it; what can stand in it is told in lessons/README.md\n", path)
	return nil
}
