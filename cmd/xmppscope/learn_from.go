package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"xmppscope/captures"
	"xmppscope/captures/samples"
	"xmppscope/inspector"
	"xmppscope/lessons/course"
	"xmppscope/lessons/exercise"
)

// This file makes exercises out of a capture.

// exercises are those of a capture: as a lesson, and as it is written.
func (e *env) exercises(from string, secrets bool) (*course.Lesson, string, error) {
	o := exercise.Options{Name: from, Sample: strings.TrimPrefix(from, samplePrefix), Secrets: secrets}
	c := course.Capture{Sample: o.Sample}
	folder := fs.FS(nil)
	if o.Sample == from {
		if st, err := os.Stat(from); err != nil {
			return nil, "", cannot(from, err)
		} else if !st.Mode().IsRegular() {
			return nil, "", &failure{code: exitInput, what: from, why: "is no file", hint: "exercises are made from a capture that can be read again"}
		}
		o.Name, o.Sample, o.File = filepath.Base(from), "", filepath.Base(from)
		c, folder = course.Capture{File: o.File}, os.DirFS(filepath.Dir(from))
	}
	l := &course.Lesson{ID: "from-" + strings.TrimSuffix(o.Name, filepath.Ext(o.Name)), Folder: folder}
	if o.Sample != "" {
		l.ID = "from-" + o.Sample
	}
	store, err := e.lessonCapture(l, &c)
	if err != nil {
		return nil, "", at(from, err)
	}
	defer store.Close()
	text, err := exercise.Lesson(store, o)
	if err != nil {
		return nil, "", at(from, err)
	}
	l, err = course.ParseText(l.ID, []byte(text), folder)
	return l, text, err
}

// at says in which capture something went wrong.
func at(from string, err error) error {
	var known *failure
	var unknown *samples.UnknownError
	var open *captures.OpenError
	if errors.As(err, &open) {
		open.Name = from // not by the place that it has in a lesson
		return err
	}
	if errors.As(err, &known) || errors.As(err, &unknown) {
		return err
	}
	return &failure{code: exitInput, what: from, why: err.Error()}
}

// newExercises makes a folder with the exercises of a capture, the capture and the
// keys beside it.
func (e *env) newExercises(from, path string, secrets bool) error {
	_, text, err := e.exercises(from, secrets)
	if err != nil {
		return err
	}
	if err := e.newFile(path, text); err != nil {
		return err
	}
	if strings.HasPrefix(from, samplePrefix) {
		return nil
	}
	for _, file := range append([]string{from}, captures.Siblings(from)...) {
		to := filepath.Join(path, filepath.Base(file))
		if err := copyFile(file, to); err != nil {
			return cannot(to, err)
		}
		fmt.Fprintf(e.out, "%s\n", inspector.Disarm(to))
	}
	return nil
}

// copyFile copies a file, for its owner alone: a capture may hold secrets.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if closed := out.Close(); err == nil {
		err = closed
	}
	return err
}
