package workshop

import (
	"bytes"
	"net/http"
	"strings"
	"unicode/utf8"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector"
)

// Bounds of what is told of a recording at once.
const (
	maxRows = 200      // rows in an answer
	maxText = 64 << 10 // bytes of an event
	maxRuns = 4096     // pieces that a text is told in
)

// Line is an event in a list.
type Line struct {
	Row   int           `json:"row"` // from 0
	Seq   decode.Seq    `json:"seq"`
	Conn  decode.ConnID `json:"conn"`
	From  string        `json:"from"` // initiator or receiver
	Phase string        `json:"phase"`
	Title string        `json:"title"`
	// Origin is who put it on the wire, where that was not its sender.
	Origin string `json:"origin,omitempty"`
	Bad    bool   `json:"bad,omitempty"`
	Held   bool   `json:"held,omitempty"`
}

// Lines is a part of a recording.
type Lines struct {
	Recording string `json:"recording"`
	Title     string `json:"title"`
	// Len is how many rows there are to be seen.
	Len   int    `json:"len"`
	Lines []Line `json:"lines"`
}

// Piece is a stretch of the text of an event, as it may be shown. Where a byte
// has no shape of its own, a stand-in stands for it.
type Piece struct {
	// At is where it begins in the wire of the event, N how many bytes it is.
	At int    `json:"at"`
	N  int    `json:"n"`
	S  string `json:"s"`
}

// Detail is an event as a student may see it.
type Detail struct {
	Line
	Recording string  `json:"recording"`
	Text      []Piece `json:"text,omitempty"`
	// Hidden is set where stars stand for what lets somebody in; Cut where the
	// text is longer than what is shown.
	Hidden bool   `json:"hidden,omitempty"`
	Cut    bool   `json:"cut,omitempty"`
	Size   int    `json:"size"`
	Why    string `json:"why,omitempty"`
	What   string `json:"what,omitempty"`
	Expect string `json:"expect,omitempty"`
	// Findings are what was found wrong with it, a line each.
	Findings []string `json:"findings,omitempty"`
	Ref      string   `json:"ref,omitempty"`
	URL      string   `json:"url,omitempty"`
}

// recording is something to look at.
type recording struct {
	id, title string
	store     *inspector.Store
}

// seen is how somebody may look at a recording: only its first rows, and with or
// without what is secret.
type seen struct {
	*recording
	rows    int // -1 for all
	secrets bool
}

func (v seen) len() int {
	if n := v.store.Len(); v.rows < 0 || n < v.rows {
		return n
	}
	return v.rows
}

// lines are n rows from one on.
func (v seen) lines(from, n int) Lines {
	all := Lines{Recording: v.id, Title: inspector.Disarm(v.title), Len: v.len(), Lines: []Line{}}
	from = max(0, min(from, all.Len-1))
	for i := from; i < min(all.Len, from+max(1, min(n, maxRows))); i++ {
		e, err := v.store.Event(i)
		if err != nil {
			continue
		}
		if !v.secrets {
			e, _ = veil(e)
		}
		all.Lines = append(all.Lines, lineOf(i, e))
	}
	return all
}

func lineOf(row int, e *decode.Event) Line {
	l := Line{Row: row, Seq: e.Seq, Conn: e.Conn, From: e.Dir.String(), Phase: e.Phase.String(), Title: inspector.Disarm(explain.Headline(e)), Bad: len(e.Errs) > 0, Held: e.Held}
	if e.Origin != decode.OriginWire {
		l.Origin = e.Origin.String()
	}
	return l
}

// detail is one event.
func (v seen) detail(row int) (Detail, bool) {
	if row < 0 || row >= v.len() {
		return Detail{}, false
	}
	e, err := v.store.Event(row)
	if err != nil {
		return Detail{}, false
	}
	return detailOf(v, row, e), true
}

func detailOf(v seen, row int, e *decode.Event) Detail {
	shift, size := textAt(e), len(e.Wire)
	hidden, login := false, e.SASL != nil
	if !v.secrets {
		e, hidden = veil(e)
	}
	x := explain.EventIn(new(xmlstream.Tree), e)
	d := Detail{Line: lineOf(row, e), Recording: v.id, Hidden: hidden, Size: size,
		What: inspector.Disarm(x.What), Why: inspector.Disarm(x.Why), Expect: inspector.Disarm(x.Expect)}
	if v.rows >= 0 && row == v.rows-1 {
		d.Expect = "" // what comes next is the question
	}
	if hidden && login {
		d.What = "" // it would speak of a login without data
	}
	if !hidden {
		d.Findings = findings(v.store, e.Seq)
	}
	if !x.Ref.IsZero() {
		d.Ref, d.URL = x.Ref.String(), x.Ref.URL()
	}
	if shown(e.Kind) {
		d.Text, d.Cut = pieces(e.Text(), shift)
	}
	return d
}

// maxFindings bounds what is told of one event.
const maxFindings = 12

func findings(store *inspector.Store, seq decode.Seq) (all []string) {
	for i, f := range store.Found().Of(seq) {
		if i == maxFindings {
			break
		}
		all = append(all, inspector.Disarm(f.Level.String()+" "+f.Rule+": "+f.Text))
	}
	return all
}

// shown tells whether events of a kind have a text that people read.
func shown(k decode.Kind) bool {
	switch k {
	case decode.KindTLS, decode.KindDNS, decode.KindTCP, decode.KindGap, decode.KindNote:
		return false
	}
	return true
}

// textAt is where the text of an event stands in its wire; -1 where it does not
// stand there as it is, as in a masked frame (RFC 6455 §5.3).
func textAt(e *decode.Event) int {
	if e.XML == nil {
		return 0
	}
	return bytes.Index(e.Wire, e.XML)
}

// pieces cuts a text where what is shown is another than what is there. A piece
// of which every byte is shown as itself may be long; any other is one character.
func pieces(text []byte, shift int) (all []Piece, cut bool) {
	if cut = len(text) > maxText; cut {
		text = text[:maxText]
	}
	at := func(i int) int {
		if shift < 0 {
			return -1
		}
		return shift + i
	}
	for i := 0; i < len(text); {
		if len(all) == maxRuns {
			return all, true
		}
		k := i
		for k < len(text) && (text[k] >= ' ' && text[k] < 0x7f || text[k] == '\n') {
			k++
		}
		if k > i {
			all = append(all, Piece{at(i), k - i, string(text[i:k])})
			i = k
			continue
		}
		_, n := utf8.DecodeRune(text[i:])
		all = append(all, Piece{at(i), n, inspector.Disarm(string(text[i : i+n]))})
		i += n
	}
	return all, cut
}

// Term is a word of the glossary.
type Term struct {
	Word string `json:"word"`
	Text string `json:"text"`
	Why  string `json:"why,omitempty"`
	Ref  string `json:"ref,omitempty"`
	URL  string `json:"url,omitempty"`
}

// maxWord bounds a word that is asked for, in bytes.
const maxWord = 200

func (c *Class) apiTerm(_ *student, r *http.Request) (any, error) {
	word := r.URL.Query().Get("word")
	if len(word) > maxWord {
		return nil, refuse(http.StatusBadRequest, "no word is so long")
	}
	senses, near := explain.Term(word)
	if len(senses) == 0 {
		text := "the glossary does not know " + inspector.Disarm(word)
		if len(near) > 0 {
			text += "; near are " + strings.Join(near, ", ")
		}
		return nil, refuse(http.StatusNotFound, "%s", text)
	}
	all := []Term{}
	for _, e := range senses {
		t := Term{Word: e.Name, Text: e.Text, Why: e.Why}
		if !e.Ref.IsZero() {
			t.Ref, t.URL = e.Ref.String(), e.Ref.URL()
		}
		all = append(all, t)
	}
	return all, nil
}
