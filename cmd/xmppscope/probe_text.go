package main

import (
	"crypto/tls"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/inspector/export"
	"xmppscope/proxy/dial"
	"xmppscope/proxy/probe"
)

// writeText writes a report for people.
func (p *probing) writeText(r *probe.Report) error {
	w := p.e.page(p.e.out)
	w.Head(fmt.Sprintf("%s · service for %ss", r.Domain, r.Service))
	p.whereText(w, r)
	for i := range r.Doors {
		w.Blank()
		doorText(w, &r.Doors[i])
	}
	if r.Passed > 0 {
		w.Faint(fmt.Sprintf("%d more addresses were passed over", r.Passed))
	}
	if len(r.Versions) > 0 {
		w.Blank()
		w.Head("Versions of TLS at " + r.VersionsAt)
		w.Table(versionRows(r))
	}
	w.Blank()
	w.Head("What is wrong, or worth knowing")
	if !r.Reached() {
		w.Text("nothing was reached, so nothing could be judged")
		return w.Close()
	}
	for _, text := range refused(r) {
		w.Text(text)
	}
	if err := w.Close(); err != nil {
		return err
	}
	return p.writeFindings(export.FindingFormats()[0])
}

// refused says whose certificate a client would not take. It is told once for
// all the addresses that show the same.
func refused(r *probe.Report) (all []string) {
	seen := map[string]bool{}
	for i := range r.Doors {
		d := &r.Doors[i]
		if d.Verdict == nil || d.Verdict.OK || seen[d.Verdict.Summary()] {
			continue
		}
		seen[d.Verdict.Summary()] = true
		all = append(all, "At "+d.Target.String()+" "+d.Verdict.Summary()+". Most clients stop there. If you know the authority, --ca-file FILE trusts it.")
	}
	return all
}

// whereText says where the domain is served.
func (p *probing) whereText(w *export.Page, r *probe.Report) {
	var rows [][]string
	for _, rec := range r.Records {
		why := "by " + rec.Wrapping.String()
		place := rec.Target
		if place != "." {
			place += ":" + strconv.Itoa(int(rec.Port))
		}
		if rec.Unusable != "" {
			why = rec.Unusable
		}
		rows = append(rows, []string{rec.Name, fmt.Sprintf("priority %d", rec.Priority), fmt.Sprintf("weight %d", rec.Weight),
			place, why})
	}
	if rows != nil {
		w.Text("DNS, in the order in which a client tries:")
		w.Table(rows)
	} else if why := decided(p.o.Trail); why != "" {
		w.Text("DNS: " + why)
	}
	rows = nil
	for _, d := range r.Documents {
		switch {
		case d.Err != nil:
			rows = append(rows, []string{path.Base(d.URL), d.Err.Error()})
		case len(d.Links) == 0:
			rows = append(rows, []string{path.Base(d.URL), "it names no way to connect"})
		}
		for _, l := range d.Links {
			rows = append(rows, []string{path.Base(d.URL), l.Rel + ": " + l.Href})
		}
	}
	if rows != nil {
		w.Text("On the web (XEP-0156):")
		w.Table(rows)
	}
}

// decided is the first decision of a trail: why there is no list of records.
func decided(t *dial.Trail) string {
	for _, e := range t.Entries() {
		if e.Act == dial.Decided {
			return e.Text
		}
	}
	return ""
}

func doorText(w *export.Page, d *probe.Door) {
	at := d.Target.String()
	if d.Addr.IsValid() && at != d.Addr.String() {
		at += " (" + d.Addr.String() + ")"
	}
	at += " by " + d.Target.Wrapping.String()
	if d.Conn > 0 {
		at += fmt.Sprintf(" · conversation %d", d.Conn)
	}
	w.Head(at)
	w.Faint(d.Target.Why)
	if d.Took > 0 {
		w.Text("TCP answered after " + d.Took.Round(10*time.Microsecond).String() + ".")
	}
	clear := 0
	for ; clear < len(d.Menus) && d.Menus[clear].Layer&decode.LayerTLS == 0; clear++ {
		menuText(w, "In clear text it offers:", &d.Menus[clear])
	}
	if d.TLS != nil {
		w.Text("TLS:")
		w.Table(tlsRows(d))
	}
	for ; clear < len(d.Menus); clear++ {
		menuText(w, "Inside TLS it offers:", &d.Menus[clear])
	}
	if n := len(d.Dropped); n > 0 {
		w.Text(fmt.Sprintf("Between <proceed/> and TLS came %d bytes of clear text: %q", n, d.Dropped[:min(n, 200)]))
	}
	if d.Err != nil {
		w.Text("It went no further: " + d.Err.Error())
	}
}

func tlsRows(d *probe.Door) [][]string {
	t := d.TLS
	alpn := t.NegotiatedProtocol
	if alpn == "" {
		alpn = "none"
	}
	rows := [][]string{
		{"version", tls.VersionName(t.Version)},
		{"cipher suite", tls.CipherSuiteName(t.CipherSuite)},
		{"ALPN", alpn},
	}
	if t.CurveID != 0 {
		rows = append(rows, []string{"key exchange", t.CurveID.String()})
	}
	v := d.Verdict
	rows = append(rows, []string{"certificate for", strings.Join(v.Names, ", ")})
	if len(v.Chain) > 0 {
		c := v.Chain[0]
		rows = append(rows, []string{"issued by", c.Issuer},
			[]string{"valid", c.From.UTC().Format(time.DateOnly) + " to " + c.Until.UTC().Format(time.DateOnly)},
			[]string{"its key", c.Key + ", signed with " + c.Signature}, []string{"SHA-256", c.Fingerprint})
	}
	rows = append(rows, []string{"verdict", v.Summary()})
	for _, problem := range v.Problems {
		if !strings.Contains(v.Summary(), problem.Text) {
			rows = append(rows, []string{"", problem.String()})
		}
	}
	return rows
}

// menuText writes a list of features, each with its meaning.
func menuText(w *export.Page, title string, m *probe.Menu) {
	w.Text(title)
	rows := featureRows(m.Features, "")
	for _, row := range rows {
		if words := limitWords(m); row[0] == "limits" && words != nil {
			row[1] += " Here " + strings.Join(words, ", and ") + "."
		}
	}
	if rows == nil {
		w.Text("nothing: the list is empty")
		return
	}
	w.Table(rows)
}

func limitWords(m *probe.Menu) (words []string) {
	if m.MaxBytes != "" {
		words = append(words, "a stanza may have "+m.MaxBytes+" bytes")
	}
	if m.IdleSeconds != "" {
		words = append(words, "the line may be silent for "+m.IdleSeconds+" seconds")
	}
	return words
}

func featureRows(all []decode.Feature, indent string) (rows [][]string) {
	for i := range all {
		f := &all[i]
		text := meaningOf(f)
		switch {
		case f.Required:
			text = "required. " + text
		case f.Optional:
			text = "optional. " + text
		}
		rows = append(rows, []string{indent + f.Local, text})
		for _, v := range f.Values {
			rows = append(rows, []string{indent + "  " + v, meaningOfValue(v)})
		}
		rows = append(rows, featureRows(f.Inline, indent+"  ")...)
	}
	return rows
}

// meaningOf says what a feature means: the word of the dictionary with its
// namespace, or that of the namespace alone.
func meaningOf(f *decode.Feature) string {
	senses, _ := explain.Term(f.Local)
	for _, s := range senses {
		if s.Sort == explain.SortFeature && strings.Contains(s.Why, f.Space+".") {
			return s.Text
		}
	}
	if text := meaning(explain.SortNamespace, f.Space); text != "" {
		return text
	}
	return "something that this program does not know: " + f.Space
}

// bindings are the types of channel binding, which the dictionary of the wire
// does not have.
var bindings = map[string]string{
	"tls-unique":           "The first Finished message of the TLS handshake; not in TLS 1.3 (RFC 5929 §3).",
	"tls-server-end-point": "A hash of the server's certificate (RFC 5929 §4).",
	"tls-exporter":         "A secret that only the two ends of this TLS connection can compute (RFC 9266).",
}

// meaningOfValue is what a feature lists: a mechanism, a type of channel
// binding, or an extension, which is a namespace.
func meaningOfValue(v string) string {
	for _, sort := range []string{explain.SortMechanism, explain.SortNamespace} {
		if text := meaning(sort, v); text != "" {
			return text
		}
	}
	if strings.HasPrefix(v, "HT-") {
		return "A token from an earlier login proves who comes back, in one message (XEP-0484)."
	}
	return bindings[v]
}

// meaning is the dictionary's text of one sort; empty where it has none.
func meaning(sort, term string) string {
	senses, _ := explain.Term(term)
	for _, s := range senses {
		if s.Sort == sort {
			return s.Text
		}
	}
	return ""
}

func versionRows(r *probe.Report) (rows [][]string) {
	for _, v := range r.Versions {
		text := "taken, with " + tls.CipherSuiteName(v.Cipher)
		if v.Err != nil {
			text = "not taken: " + v.Why()
		} else if v.Version < tls.VersionTLS12 {
			text += "; this version is obsolete (RFC 8996)"
		}
		rows = append(rows, []string{tls.VersionName(v.Version), text})
	}
	return rows
}
