// Package handout prints lessons: a handout with blanks for a class, the sheet
// with the answers for who teaches it, and the cheat sheet. Each is one page of
// HTML that needs nothing else and is made to be printed.
//
// It knows lessons, events and HTML. It must not know files, sockets or screens.
package handout

import (
	"embed"
	"html/template"
	"io"

	"xmppscope/inspector"
	"xmppscope/lessons/course"
)

// CheatSheet is the cheat sheet in Markdown.
//
//go:embed cheatsheet.md
var CheatSheet []byte

//go:embed page.html sheet.html style.css
var files embed.FS

// Lesson is a lesson to be printed.
type Lesson struct {
	*course.Lesson
	// Stores has what its captures hold, by their names.
	Stores map[string]*inspector.Store
}

// Write writes lessons as a page: with blanks, or with the answers.
func Write(w io.Writer, title string, all []Lesson, answers bool) error {
	p := page{Title: title, Answers: answers}
	for _, l := range all {
		p.Lessons = append(p.Lessons, viewOf(l, answers))
	}
	return render(w, "page", p)
}

// WriteCheatSheet writes the cheat sheet as a page.
func WriteCheatSheet(w io.Writer) error {
	return render(w, "sheet", page{Title: "XMPP on one page", Blocks: course.Markdown(CheatSheet)})
}

func render(w io.Writer, name string, p page) error {
	style, err := files.ReadFile("style.css")
	if err != nil {
		return err
	}
	p.Style = template.CSS(style) // our own
	t, err := template.New(name).Funcs(template.FuncMap{
		"letter": func(i int) string { return string(rune('A' + i%26)) },
		"inc":    func(i int) int { return i + 1 },
		"lines":  func(n int) []struct{} { return make([]struct{}, n) },
		"safe":   inspector.DisarmLines,
		"link":   link,
	}).ParseFS(files, "page.html", "sheet.html")
	if err != nil {
		return err
	}
	return t.ExecuteTemplate(w, name, p)
}

// link is where a link of a text leads on paper: only pages have an address.
func link(to string) string {
	if len(to) > 8 && to[:8] == "https://" {
		return to
	}
	return ""
}
