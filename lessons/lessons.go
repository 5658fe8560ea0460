// Package lessons holds the lessons that come with the program, each in a folder
// with a number before its name, and the page for authors. What a lesson is,
// package lessons/course knows; here are only files.
package lessons

import (
	"embed"
	"io/fs"
)

// folders are the lessons, and README.md.
//
//go:embed [0-9R]*
var folders embed.FS

// FS has the folders of the lessons, in the order in which they are to be taken.
func FS() fs.FS { return folders }

// Template is a lesson to begin from.
//
//go:embed template/lesson.md
var Template string
