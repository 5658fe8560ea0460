package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"time"

	"xmppscope/lessons/course"
	"xmppscope/lessons/workshop"
)

// This file keeps a class in the folder of the program's state, so that it goes on
// when the program of the teacher has died and is started again with the same
// lesson and address. Where the class has ended as the teacher wanted, nothing is
// kept.

// How long a class can be gone on with, and how soon what has changed is kept.
const (
	classAge   = 24 * time.Hour
	classPause = time.Second
)

// keeper keeps a class in a file.
type keeper struct {
	class *workshop.Class
	path  string
	last  []byte
}

// classFile is where a class is kept. The file of another address or lesson has
// another name.
func classFile(addr, lesson string) string {
	sum := sha256.Sum256([]byte(addr + "\x00" + lesson))
	return filepath.Join(statePath(), "classes", hex.EncodeToString(sum[:8])+".json")
}

// goOn goes on with the class that was kept in the file, where there is one and it
// is not too old. It tells how many students can come back.
func (k *keeper) goOn() int {
	st, err := os.Stat(k.path)
	if err != nil || time.Since(st.ModTime()) > classAge {
		return 0
	}
	f, err := os.Open(k.path)
	if err != nil {
		return 0
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, workshop.MaxKept+1))
	if err != nil {
		return 0
	}
	n, err := k.class.GoOn(text)
	if err != nil {
		return 0
	}
	return n
}

// keep writes the class down whenever it has changed, until ctx ends.
func (k *keeper) keep(ctx context.Context) {
	k.tidy()
	changed, stop := k.class.Watch()
	defer stop()
	for {
		k.write()
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
		select {
		case <-ctx.Done():
		case <-time.After(classPause): // much changes at once
		}
	}
}

// write writes the class down, if it is otherwise than in the file. What cannot be
// kept is no reason to end the class.
func (k *keeper) write() {
	text, err := k.class.Keep()
	if err != nil || len(text) == 0 || bytes.Equal(text, k.last) || os.MkdirAll(filepath.Dir(k.path), 0o700) != nil {
		return
	}
	if course.WriteWhole(k.path, text) == nil {
		k.last = text
	}
}

// forget leaves nothing of the class: it is over.
func (k *keeper) forget() { _ = os.Remove(k.path) }

// tidy removes what is too old to be gone on with.
func (k *keeper) tidy() {
	all, _ := filepath.Glob(filepath.Join(filepath.Dir(k.path), "*.json"))
	for _, path := range all {
		if st, err := os.Stat(path); err == nil && time.Since(st.ModTime()) > classAge {
			_ = os.Remove(path)
		}
	}
}
