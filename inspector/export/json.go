package export

import (
	"io"
	"strconv"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/lint"
	"xmppscope/decode/sasl"
	"xmppscope/decode/tlswire"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector"
)

// jsonWriter writes CONTRACT's JSON Lines. Members always stand in the order
// of the contract; what does not apply is left out.
type jsonWriter struct {
	sink
	o       Options
	secrets *inspector.Secrets
	l       line
	tree    xmlstream.Tree
}

func newJSON(w io.Writer, o Options) Writer {
	return &jsonWriter{sink: sink{w: w}, o: o, secrets: o.Secrets}
}

// Event writes one event record.
func (w *jsonWriter) Event(e *decode.Event) error {
	l := &w.l
	l.reset()
	l.open("", '{')
	record := "event"
	if e.Held {
		record = "held" // it comes again, with the same number, when it is let go
	}
	l.always("record", record)
	l.int("seq", int64(e.Seq))
	l.int("conn", int64(e.Conn))
	l.always("dir", e.Dir.String())
	l.always("kind", e.Kind.String())
	l.text("step", e.Step.String())
	l.text("phase", e.Phase.String())
	l.time("time", e.Time)
	eventNames(l, e)
	eventBytes(l, e)
	l.always("layer", e.Layer.String())
	x := w.o.explain(&w.tree, e)
	l.text("title", x.Title)
	l.text("what", x.What)
	l.text("why", x.Why)
	if !x.Ref.IsZero() {
		l.text("ref", x.Ref.String())
	}
	l.text("expect", x.Expect)
	eventNotes(l, &x)
	if e.Reply != 0 {
		l.int("reply_to", int64(e.Reply))
	}
	if e.Related != 0 {
		l.int("related", int64(e.Related))
	}
	eventLogin(l, readLogin(e, w.secrets))
	eventChanges(l, e)
	w.knowledge(e)
	l.always("origin", e.Origin.String())
	if e.Original != nil {
		l.exact("original", "original_base64", e.Original)
	}
	eventFindings(l, w.o.findings(e))
	l.close('}')
	return w.end()
}

// Begin writes nothing: the record of a conversation comes at its end.
func (w *jsonWriter) Begin(*decode.Conversation) error { return w.err }

// Conversation writes one conversation record.
func (w *jsonWriter) Conversation(c *decode.Conversation) error {
	l := &w.l
	l.reset()
	l.open("", '{')
	l.always("record", "conversation")
	l.int("conn", int64(c.Conn))
	l.text("initiator", c.Initiator)
	l.text("receiver", c.Receiver)
	l.text("profile", c.Profile.String())
	l.text("transport", c.Transport)
	l.text("domain", c.Domain)
	if c.Encrypted {
		conversationTLS(l, c)
	}
	l.time("start", c.Start)
	l.time("end", c.End)
	l.always("outcome", c.Outcome.String())
	l.text("phase", c.Phase.String())
	l.text("jid", c.JID)
	l.int("events", int64(c.Events))
	l.int("frames", int64(c.Frames))
	l.int("bytes", c.Bytes)
	l.int("lost", c.Lost)
	l.close('}')
	return w.end()
}

func conversationTLS(l *line, c *decode.Conversation) {
	t := &c.TLS
	l.open("tls", '{')
	if t.Version != 0 {
		l.always("version", tlswire.VersionName(t.Version))
		l.always("cipher", tlswire.CipherName(t.Cipher))
	}
	l.text("sni", t.SNI)
	l.text("alpn", t.ALPN)
	l.bool("decrypted", c.Decrypted)
	l.text("keys", t.Keys)
	if t.Resumed {
		l.bool("resumed", true)
	}
	l.close('}')
}

func (w *jsonWriter) end() error {
	w.putBytes(w.l.b)
	w.b = append(w.b, '\n')
	if cap(w.l.b) > 4<<20 {
		w.l.b = nil // one huge unit must not hold its memory for ever
	}
	return w.full()
}

// Close writes what is left.
func (w *jsonWriter) Close() error { return w.Flush() }

func eventNames(l *line, e *decode.Event) {
	l.text("name", e.Name.Local)
	l.text("ns", e.Name.Space)
	l.text("id", e.ID)
	l.text("type", e.Type)
	l.text("from", e.From)
	l.text("to", e.To)
	if e.Payload.Local != "" {
		l.open("payload", '{')
		l.always("name", e.Payload.Local)
		l.text("ns", e.Payload.Space)
		l.close('}')
	}
	l.text("condition", e.Condition)
}

// eventBytes writes what stood on the wire and where. A gap has a place and a
// number of lost bytes, but no bytes.
func eventBytes(l *line, e *decode.Event) {
	l.exact("wire", "wire_base64", e.Wire)
	if e.XML != nil {
		l.exact("xml", "xml_base64", e.XML)
	}
	if len(e.Wire) > 0 || e.Kind == decode.KindGap {
		l.int("offset", e.Off)
		l.int("length", int64(len(e.Wire)))
	}
	if e.Kind == decode.KindGap {
		l.int("lost", e.Lost)
	}
	if e.Carrier != 0 {
		l.int("carrier", int64(e.Carrier))
	}
	l.text("note", eventNote(e))
	eventFields(l, e)
	if len(e.Frames) > 0 {
		l.open("frames", '[')
		for _, n := range e.Frames {
			l.sep()
			l.b = strconv.AppendUint(l.b, uint64(n), 10)
		}
		l.close(']')
	}
}

// eventFields writes what a message below XMPP says, field by field.
func eventFields(l *line, e *decode.Event) {
	fields := explain.Fields(e)
	if len(fields) == 0 {
		return
	}
	l.open("fields", '[')
	for _, f := range fields {
		l.open("", '{')
		l.always("name", f.Name)
		l.always("value", f.Value)
		l.text("meaning", f.Meaning)
		l.close('}')
	}
	l.close(']')
}

// eventNote is what the tool itself has to say: the event's own note, or why
// its bytes are incomplete where that breaks no rule.
func eventNote(e *decode.Event) string {
	if e.Note != "" {
		return e.Note
	}
	for i := range e.Errs {
		if e.Errs[i].Rule == "" {
			return e.Errs[i].Text
		}
	}
	return ""
}

func eventLogin(l *line, g *login) {
	if g == nil {
		return
	}
	l.open("sasl", '{')
	l.text("mechanism", g.mechanism)
	l.text("message", g.message.Kind.String())
	if len(g.Fields) > 0 {
		l.open("fields", '[')
		for _, f := range g.Fields {
			l.open("", '{')
			l.always("name", f.Name)
			l.always("value", f.Value)
			l.text("meaning", f.Meaning)
			l.bool("secret", f.Secret)
			l.close('}')
		}
		l.close(']')
	}
	if g.judged {
		loginVerdict(l, g)
	}
	loginChain(l, g.verdict.Chain)
	l.close('}')
}

func loginVerdict(l *line, g *login) {
	l.bool("verified", g.verdict.Verified)
	l.text("verdict", g.verdict.Why)
	if len(g.verdict.Differs) > 0 {
		l.open("differs", '[')
		for _, d := range g.verdict.Differs {
			l.sep()
			l.b = appendString(l.b, d)
		}
		l.close(']')
	}
}

func loginChain(l *line, chain []sasl.Step) {
	if len(chain) == 0 {
		return
	}
	l.open("chain", '[')
	for _, s := range chain {
		l.open("", '{')
		l.always("name", s.Name)
		l.always("value", s.Value)
		l.text("meaning", s.Meaning)
		l.text("formula", s.Formula)
		l.text("wire", s.Wire)
		l.text("compared", s.Result.String())
		l.bool("secret", s.Secret)
		l.close('}')
	}
	l.close(']')
}

// eventChanges writes what became different. A variable that is no longer set
// has the empty text.
func eventChanges(l *line, e *decode.Event) {
	changes := decode.Changes(e.State, e.After)
	if len(changes) == 0 {
		return
	}
	l.open("state_change", '{')
	for _, c := range changes {
		l.always(c.Name, c.To)
	}
	l.close('}')
}

// knowledge writes what the event changed in what the session knows: whom or
// what it is about, which value, and the event that had set the old one.
func (w *jsonWriter) knowledge(e *decode.Event) {
	if w.o.Session == nil || e.Held { // what waits has changed nothing
		return
	}
	s := w.o.Session(e)
	if s == nil {
		return
	}
	changes, more := s.Changes()
	if len(changes) == 0 {
		return
	}
	l := &w.l
	l.open("session_change", '[')
	for _, c := range changes {
		l.open("", '{')
		l.always("group", c.Group)
		l.always("name", c.Name)
		l.text("field", c.Field)
		l.text("was", c.Was)
		l.text("now", c.Now)
		if c.Since > 0 {
			l.int("since", int64(c.Since))
		}
		l.close('}')
	}
	l.close(']')
	if more > 0 {
		l.int("session_changes_more", int64(more))
	}
}

// eventNotes writes what is said about parts of an event, and where in its XML
// they stand.
func eventNotes(l *line, x *explain.Explanation) {
	if len(x.More) > 0 {
		l.open("more", '[')
		for _, text := range x.More {
			l.sep()
			l.b = appendString(l.b, text)
		}
		l.close(']')
	}
	if len(x.Notes) > 0 {
		l.open("notes", '[')
		for _, n := range x.Notes {
			l.open("", '{')
			l.int("start", int64(n.Span.Start))
			l.int("end", int64(n.Span.End))
			l.always("text", n.Text)
			l.close('}')
		}
		l.close(']')
	}
}

// eventFindings writes what is wrong with an event; as members of it they need
// no record of their own.
func eventFindings(l *line, found []lint.Finding) {
	some := false
	for i := range found {
		if found[i].Rule == "" {
			continue // what the capture lacks breaks no rule; see eventNote
		}
		if !some {
			l.open("findings", '[')
			some = true
		}
		l.open("", '{')
		findingFields(l, &found[i])
		l.close('}')
	}
	if some {
		l.close(']')
	}
}

// Late writes a finding about an event that was written before as a record of
// its own.
func (w *jsonWriter) Late(f *lint.Finding) error {
	l := &w.l
	l.reset()
	l.open("", '{')
	l.always("record", "finding")
	findingFields(l, f)
	l.close('}')
	return w.end()
}
