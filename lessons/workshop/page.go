package workshop

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strings"
)

//go:embed page
var pageFiles embed.FS

// pages are what browsers get, by where it is.
func pages() map[string]string {
	return map[string]string{
		"GET /{$}":         "page/class.html",
		"GET /teacher":     "page/teacher.html",
		"GET /class.js":    "page/class.js",
		"GET /lesson.js":   "page/lesson.js",
		"GET /teacher.js":  "page/teacher.js",
		"GET /common.js":   "page/common.js",
		"GET /class.css":   "page/class.css",
		"GET /favicon.ico": "page/icon.svg",
	}
}

var pageTypes = map[string]string{"html": "text/html", "js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}

// page gives a file. Pages hold nothing of the class but its title; all else is
// fetched by who is in it.
func (c *Class) page(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := pageFiles.ReadFile(name)
		if err != nil {
			c.fail(w, refuse(http.StatusNotFound, "there is nothing here"))
			return
		}
		kind := name[strings.LastIndexByte(name, '.')+1:]
		if kind == "html" {
			var out bytes.Buffer
			t, err := template.New(name).Parse(string(text))
			if err == nil {
				err = t.Execute(&out, map[string]string{"Host": r.Host})
			}
			if err != nil {
				c.fail(w, refuse(http.StatusInternalServerError, "this page cannot be made"))
				return
			}
			text = out.Bytes()
		}
		w.Header().Set("Content-Type", pageTypes[kind]+"; charset=utf-8")
		_, _ = w.Write(text)
	})
}
