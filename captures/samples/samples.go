// Package samples holds the recordings that are shipped inside the program: real servers, real clients, each made by
// the scripts in record/ to show one thing.
//
// It knows names, titles and bytes. It must not know how a capture is read or what the packets mean: that is the work
// of the rooms that open a Sample like any other file.
package samples

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

//go:embed *.pcap *.pcapng NOTES/*.md
var files embed.FS

// Sample describes one recording.
type Sample struct {
	Name   string // what stands after `sample:` on the command line; lower case, digits and hyphens
	File   string // the recording's file name; its ending tells pcap from pcapng
	Title  string // one line for a list
	Shows  string // one or two sentences: what there is to see
	Server string // program and version that answered
	Client string // program and version that called; several are separated by a comma and a blank

	// Passwords has the accounts as the --password flag takes them, JID=PASSWORD. They were made up for the
	// recording; with them every proof on the wire can be computed again.
	Passwords []string
}

// All returns every sample in teaching order. The slice is the caller's own.
func All() []Sample {
	all := slices.Clone(table[:])
	for i := range all {
		all[i].Passwords = slices.Clone(all[i].Passwords)
	}
	return all
}

// Open returns the named recording. An unknown name is an *UnknownError. The caller closes the file.
func Open(name string) (fs.File, Sample, error) {
	s, err := find(name)
	if err != nil {
		return nil, Sample{}, err
	}
	f, err := files.Open(s.File)
	if err != nil {
		return nil, Sample{}, fmt.Errorf("sample %s: %w", name, err)
	}
	return f, s, nil
}

// Note returns the named sample's page of explanation, as Markdown. An unknown name is an *UnknownError.
func Note(name string) (string, error) {
	s, err := find(name)
	if err != nil {
		return "", err
	}
	text, err := files.ReadFile("NOTES/" + s.Name + ".md")
	if err != nil {
		return "", fmt.Errorf("sample %s: %w", name, err)
	}
	return string(text), nil
}

func find(name string) (Sample, error) {
	for _, s := range table {
		if s.Name == name {
			return s, nil
		}
	}
	return Sample{}, &UnknownError{Name: name, Near: near(name)}
}

// UnknownError says that no sample has this name, and which names are like it; all of them if none is.
type UnknownError struct {
	Name string
	Near []string
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("no sample is named %q: try %s", e.Name, strings.Join(e.Near, ", "))
}
