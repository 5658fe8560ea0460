package sasl

import (
	"bytes"
	"net/url"
	"strings"
)

// X-FACEBOOK-PLATFORM was a private mechanism, gone since 2015: both sides
// send pairs as in a web form. Old captures have it.
func decodeFacebook(x *Exchange, i int) Decoded {
	p := newPage(x, i)
	if p.empty() {
		return p.d
	}
	start := 0
	for start <= len(p.data) && len(p.d.Fields) <= maxFields {
		end := len(p.data)
		if at := bytes.IndexByte(p.data[start:], '&'); at >= 0 {
			end = start + at
		}
		formPair(p, Span{start, end})
		start = end + 1
	}
	p.summary("%s as in a web form", plural(len(p.d.Fields), "value"))
	return p.d
}

func formPair(p *page, span Span) {
	pair := string(span.of(p.data))
	name, value, found := strings.Cut(pair, "=")
	if !found {
		p.secret("data", span, "should be name=value")
		return
	}
	value = unescapeForm(value)
	f := Field{Name: printable([]byte(unescapeForm(name))), Value: printable([]byte(value)), Meaning: "not specified in public",
		Span: Span{span.Start + len(name) + 1, span.End}}
	if f.Name == "access_token" || f.Name == "session_key" || f.Name == "sig" {
		f.Secret, f.Meaning = true, "lets its holder act for the user"
	}
	p.add(f)
}

func unescapeForm(s string) string {
	if out, err := url.QueryUnescape(s); err == nil {
		return out
	}
	return s
}
