package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"xmppscope/captures"
	"xmppscope/decode"
	"xmppscope/inspector"
)

// saving writes what is looked at to a capture file, with the marks and notes
// that were made.
type saving struct {
	r     *reading
	store *inspector.Store
	// from is the input once more; begin it where it is to be read again.
	from    captures.Input
	journal *captures.Journal // nil where the input can be read twice
	file    *scratch          // of the journal
}

// saved makes what is needed to save a reading later. What can be read only once
// is kept in a file of the user's own from now on.
func (r *reading) saved(store *inspector.Store) (*saving, error) {
	s := &saving{r: r, store: store}
	if len(r.inputs) > 1 { // their frames get numbers that are unique
		r.inputs = []captures.Input{captures.Merged(r.inputs)}
	}
	r.options.Remark = s.found
	if r.kept != nil {
		s.from = *r.kept
		return s, nil
	}
	if s.from = r.inputs[0]; r.flags.iface == "" && !onlyOnce(r.args) {
		return s, nil
	}
	var err error
	if s.file, err = newScratch(); err != nil {
		return nil, err
	}
	s.journal = captures.NewJournal(s.file)
	r.inputs[0] = s.journal.Input(r.inputs[0])
	s.from = s.file.input()
	return s, nil
}

// onlyOnce tells whether an input is a pipe or the like.
func onlyOnce(args []string) bool {
	return slices.ContainsFunc(args, func(a string) bool {
		if strings.HasPrefix(a, samplePrefix) {
			return false
		}
		at, err := os.Stat(a)
		return a == "-" || strings.HasPrefix(a, "/dev/") || err == nil && !at.Mode().IsRegular()
	})
}

func (s *saving) close() {
	if s.file != nil {
		s.file.close()
	}
}

// found takes over a remark that stands in the input.
func (s *saving) found(m captures.Remark) {
	if m.Actor != "" {
		s.store.Actors().Restore(m.Actor, m.Name, m.Rank)
		return
	}
	s.store.Remarks().Await(m.Event, inspector.Remark{Marked: m.Marked, Note: m.Note})
}

// write saves to path. Where a file is there already and over is not set, the
// error is [fs.ErrExist]. It returns what it has written, in words.
func (s *saving) write(ctx context.Context, path string, over bool) (string, error) {
	if path == "" || path == "-" {
		return "", usage("a file", "no name given", "")
	}
	if _, err := os.Stat(path); err == nil && !over {
		return "", fmt.Errorf("%s: %w", path, fs.ErrExist)
	}
	if s.journal != nil {
		if err := s.journal.Flush(); err != nil {
			return "", cannot("what was kept of the input", err)
		}
	}
	selection, said, err := s.selection()
	if err != nil {
		return "", err
	}
	out, err := s.r.e.create(ctx, path)
	if err != nil {
		return "", err
	}
	defer out.discard()
	packets, err := selection.Copy(ctx, s.from, out)
	if err == nil || err == io.EOF {
		err = out.commit()
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s, %s", some(int(packets), "packet"), said), nil
}

func some(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// selection is everything, with the keys and the remarks.
func (s *saving) selection() (*captures.Selection, string, error) {
	selection := &captures.Selection{Everything: true}
	for _, c := range s.store.Conversations() {
		for i := range c.Randoms {
			selection.Secrets = append(selection.Secrets, s.r.options.Keys.Lines(&c.Randoms[i])...)
		}
	}
	marks, notes, lost := 0, 0, 0
	for _, seq := range s.store.Remarks().All() {
		m := s.store.Remarks().Of(seq)
		row, ok := s.store.Find(seq)
		if !ok {
			continue
		}
		e, err := s.store.Event(row)
		if err != nil {
			return nil, "", err
		}
		place, ok := decode.PlaceOf(e)
		if !ok { // no packet carried it
			lost++
			continue
		}
		if m.Marked {
			marks++
		}
		if m.Note != "" {
			notes++
		}
		selection.Remark(captures.Remark{Event: place, Marked: m.Marked, Note: m.Note})
	}
	for _, a := range s.store.Actors().All() {
		selection.Remark(captures.Remark{Actor: a.Address, Name: a.Name, Rank: a.Rank})
	}
	said := fmt.Sprintf("%s, %s", some(marks, "mark"), some(notes, "note"))
	if lost > 0 {
		said += fmt.Sprintf(" (%d on events without a packet are not in it)", lost)
	}
	return selection, said, nil
}
