package export

import (
	"fmt"
	"io"
	"strings"

	"xmppscope/inspector"
)

// Stats writes the figures of an input for people; of the options, Color and
// Width count.
func Stats(w io.Writer, r *inspector.Report, o Options) error {
	p := NewPage(w, o)
	p.Head(fmt.Sprintf("%s, %s, %s", counted(int64(len(r.Conversations)), "conversation"), counted(r.Events, "event"), bytesWord(r.Bytes)))
	p.Table(totals(r))
	if len(r.Slowest) > 0 {
		p.Blank()
		p.Head("longest waits for an answer")
		p.Table(waits(r.Slowest))
	}
	if len(r.Conversations) > 0 {
		p.Blank()
		p.Head("conversations")
		p.Table(conversations(r.Conversations))
	}
	return p.Close()
}

// StatsJSON writes the figures as one line of JSON, a record of its own.
func StatsJSON(w io.Writer, r *inspector.Report) error {
	return WriteJSON(w, struct {
		Record string `json:"record"`
		*inspector.Report
	}{"stats", r})
}

func totals(r *inspector.Report) [][]string {
	var rows [][]string
	add := func(name, text string) {
		if text != "" {
			rows = append(rows, []string{name, text})
		}
	}
	if !r.Start.IsZero() {
		add("time", fmt.Sprintf("%s, %s", r.Start.Format("2006-01-02 15:04:05.000 UTC"), spoken(r.Seconds)))
	}
	d := r.Directions
	add("directions", fmt.Sprintf("initiator %s in %s, receiver %s in %s", bytesWord(d.Initiator.Bytes), counted(d.Initiator.Events, "event"), bytesWord(d.Receiver.Bytes), counted(d.Receiver.Events, "event")))
	if r.Lost > 0 {
		add("lost", bytesWord(r.Lost)+" that the capture lacks")
	}
	add("transports", list(r.Transports))
	if r.TLS != nil {
		add("TLS", tlsCounts(r.TLS))
	}
	add("not read", unreadWords(r.Unread))
	add("kinds", list(r.Kinds))
	add("phases", list(r.Phases))
	add("steps", list(r.Steps))
	add("stanzas", list(r.Stanzas))
	add("payloads", list(r.Payloads))
	findings := list(r.Findings)
	if findings == "" {
		findings = "none"
	} else {
		findings += " (" + list(r.Levels) + ")"
	}
	add("findings", findings)
	if r.Latency != nil {
		add("iq answers", answers(r.Latency))
	}
	if r.Negotiation != nil {
		add("other answers", answers(r.Negotiation))
	}
	if r.Rates != nil {
		text := rate(r.Rates.Events) + " events a second, " + rate(r.Rates.Bytes) + " bytes a second"
		if r.Rates.Peak > 0 {
			text += fmt.Sprintf("; busiest second %s", counted(r.Rates.Peak, "event"))
		}
		add("rates", text)
	}
	return rows
}

// rate writes how many came in a second: whole where there are many.
func rate(n float64) string {
	if n >= 1000 {
		return thousands(int64(n + 0.5))
	}
	return fmt.Sprintf("%.4g", n)
}

// list writes counts as "open 4, close 2".
func list(c inspector.Counts) string {
	var all []string
	for _, x := range c {
		all = append(all, x.Name+" "+thousands(x.N))
	}
	return strings.Join(all, ", ")
}

func answers(l *inspector.Latency) string {
	text := fmt.Sprintf("%s answered", thousands(l.Answered))
	if l.Unanswered > 0 {
		text += fmt.Sprintf(", %s unanswered", thousands(l.Unanswered))
	}
	if l.Answered > 0 {
		text += fmt.Sprintf("; median %s, 95 %% within %s, slowest %s", ms(l.Median), ms(l.P95), ms(l.Slowest))
	}
	return text
}

func waits(all []inspector.Wait) [][]string {
	var rows [][]string
	for _, w := range all {
		rows = append(rows, []string{ms(w.Milliseconds), fmt.Sprintf("event %d, answered by %d, conversation %d", w.Request, w.Answer, w.Conn)})
	}
	return rows
}

// conversations has two parts a row: who, and how much.
func conversations(all []inspector.ConnReport) [][]string {
	var rows [][]string
	for _, c := range all {
		who := c.Initiator + " → " + c.Receiver
		tls := ""
		if c.TLS != nil {
			tls = c.TLS.Short
		}
		for _, s := range []string{c.Profile, c.Transport, tls, c.Domain, c.JID, c.Outcome} {
			if s != "" {
				who += ", " + s
			}
		}
		rows = append(rows, []string{fmt.Sprint(c.Conn), who}, []string{"", figures(&c.Figures)})
	}
	return rows
}

func figures(f *inspector.Figures) string {
	text := fmt.Sprintf("%s, %s, %s", counted(f.Events, "event"), bytesWord(f.Bytes), spoken(f.Seconds))
	if f.Lost > 0 {
		text += ", " + bytesWord(f.Lost) + " lost"
	}
	if f.Latency != nil && f.Latency.Answered > 0 {
		text += fmt.Sprintf(", answers in %s (95 %% %s)", ms(f.Latency.Median), ms(f.Latency.P95))
	}
	if u := unreadWords(f.Unread); u != "" {
		text += ", not read: " + u
	}
	if len(f.Findings) > 0 {
		text += ", findings: " + list(f.Findings)
	}
	return text
}

// tlsCounts says how many conversations TLS carried, and how many were read.
func tlsCounts(t *inspector.TLSReport) string {
	text := counted(t.Conversations, "conversation") + " (" + list(t.Versions) + "), "
	switch t.Decrypted {
	case t.Conversations:
		text += "all read"
	case 0:
		text += "none read"
	default:
		text += thousands(t.Decrypted) + " read"
	}
	if len(t.Keys) > 0 {
		text += ", keys from " + list(t.Keys)
	}
	return text
}

// unreadWords lists what could not be read, and why.
func unreadWords(all []inspector.Unread) string {
	var words []string
	for _, u := range all {
		words = append(words, bytesWord(u.Bytes)+" in "+counted(u.Events, "run")+" of TLS records ("+strings.ReplaceAll(u.Why, "-", " ")+")")
	}
	return strings.Join(words, "; ")
}

func ms(v float64) string {
	if v >= 1000 {
		return fmt.Sprintf("%.2f s", v/1000)
	}
	return fmt.Sprintf("%.3g ms", v)
}

// spoken writes a length of time for people.
func spoken(s float64) string {
	switch {
	case s < 1:
		return ms(s * 1000)
	case s < 120:
		return fmt.Sprintf("%.1f s", s)
	case s < 2*3600:
		return fmt.Sprintf("%.1f min", s/60)
	}
	return fmt.Sprintf("%.1f h", s/3600)
}

// counted writes a number with its noun.
func counted(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}
