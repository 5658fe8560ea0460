package im

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"hash"
	"slices"
	"strings"
)

// hashes are the functions by their names in XEP-0300.
var hashes = map[string]func() hash.Hash{
	"sha-1": sha1.New, "sha-256": sha256.New, "sha-384": sha512.New384, "sha-512": sha512.New,
	"sha3-256": func() hash.Hash { return sha3.New256() },
	"sha3-512": func() hash.Hash { return sha3.New512() },
}

func sum(h func() hash.Hash, input string) string {
	f := h()
	_, _ = f.Write([]byte(input)) // hashes never fail
	return base64.StdEncoding.EncodeToString(f.Sum(nil))
}

// What makes an answer ill-formed (XEP-0115 §5.4; XEP-0390 §4.1).
var (
	errTwice    = errors.New("an identity or a feature stands there twice")
	errFormType = errors.New("a form has several types, or two forms have the same")
	errForm     = errors.New("a form has no hidden FORM_TYPE, or is more than fields")
	errAlien    = errors.New("the answer holds other elements than identities, features and forms")
)

// Input is the text that XEP-0115 §5.1 hashes. The error says what must not be
// hashed.
func (i *Info) Input() (string, error) { return i.input(plain) }

func plain(s string) string { return s }

func (i *Info) input(escape func(string) string) (string, error) {
	ids := make([]string, 0, len(i.Identities))
	for _, d := range i.Identities {
		ids = append(ids, escape(d.Category)+"/"+escape(d.Type)+"/"+escape(d.Lang)+"/"+escape(d.Name))
	}
	features := make([]string, 0, len(i.Features))
	for _, f := range i.Features {
		features = append(features, escape(f))
	}
	slices.Sort(ids)
	slices.Sort(features)
	if twice(ids) || twice(features) {
		return "", errTwice
	}
	forms, err := i.forms(escape)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, list := range [][]string{ids, features, forms} {
		for _, s := range list {
			b.WriteString(s)
			b.WriteByte('<')
		}
	}
	return b.String(), nil
}

// forms are the extended parts, sorted; a form without a hidden type is left out
// (XEP-0115 §5.4).
func (i *Info) forms(escape func(string) string) ([]string, error) {
	var all, types []string
	for n := range i.Forms {
		f := &i.Forms[n]
		for _, t := range f.types {
			if t != f.Type {
				return nil, errFormType
			}
		}
		if f.Type == "" || !f.Hidden {
			continue
		}
		types = append(types, f.Type)
		all = append(all, f.input(escape))
	}
	slices.Sort(all)
	slices.Sort(types)
	if twice(types) {
		return nil, errFormType
	}
	return all, nil
}

// input is a form with its fields and their values in order.
func (f *Form) input(escape func(string) string) string {
	fields := slices.Clone(f.Fields)
	slices.SortStableFunc(fields, func(a, b Field) int { return strings.Compare(a.Var, b.Var) })
	parts := []string{escape(f.Type)}
	for _, d := range fields {
		values := make([]string, 0, len(d.Values))
		for _, v := range d.Values {
			values = append(values, escape(v))
		}
		slices.Sort(values)
		parts = append(append(parts, escape(d.Var)), values...)
	}
	return strings.Join(parts, "<")
}

func twice(sorted []string) bool { return len(slices.Compact(slices.Clone(sorted))) != len(sorted) }

// allText is whatever may hold a separator.
func (i *Info) allText() string {
	s, _ := i.Input2()
	return s
}

// Input2 is the text that XEP-0390 §4.1 hashes: every value ends with a control
// character, so that none can be taken for two.
func (i *Info) Input2() (string, error) {
	var features, ids, forms []string
	for _, f := range i.Features {
		features = append(features, f+"\x1f")
	}
	for _, d := range i.Identities {
		ids = append(ids, d.Category+"\x1f"+d.Type+"\x1f"+d.Lang+"\x1f"+d.Name+"\x1f\x1e")
	}
	err := error(nil)
	if i.alien {
		err = errAlien
	}
	for n := range i.Forms {
		f := &i.Forms[n]
		if f.Type == "" || !f.Hidden || f.shaped {
			err = errForm
		}
		fields := []string{field2("FORM_TYPE", f.types)}
		for _, d := range f.Fields {
			fields = append(fields, field2(d.Var, d.Values))
		}
		slices.Sort(fields)
		forms = append(forms, strings.Join(fields, "")+"\x1d")
	}
	slices.Sort(features)
	slices.Sort(ids)
	slices.Sort(forms)
	return strings.Join(features, "") + "\x1c" + strings.Join(ids, "") + "\x1c" + strings.Join(forms, "") + "\x1c", err
}

func field2(name string, values []string) string {
	all := make([]string, 0, len(values))
	for _, v := range values {
		all = append(all, v+"\x1f")
	}
	slices.Sort(all)
	return name + "\x1f" + strings.Join(all, "") + "\x1e"
}
