package inspector

import (
	"slices"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
)

// FieldDoc describes a field of the filter language.
type FieldDoc struct {
	Name string
	// Type is text, number, yes or no, level, or time.
	Type string
	Doc  string
	// Values are all a field can have, where they are few.
	Values []string
	// Example is a filter that uses the field.
	Example string
}

// FunctionDoc describes a function of the filter language.
type FunctionDoc struct{ Name, Doc, Example string }

// Fields are all fields of the filter language, as CONTRACT lists them.
func Fields() []FieldDoc {
	docs := make([]FieldDoc, len(fields))
	for i, f := range fields {
		docs[i] = FieldDoc{Name: f.name, Type: typeNames[f.sort], Doc: f.doc, Values: f.valueNames(), Example: f.example}
	}
	return docs
}

// Functions are all functions of the filter language.
func Functions() []FunctionDoc { return functions[:] }

var functions = [...]FunctionDoc{
	{"xpath", "the XPath, seen from the first-level element, finds something; a name without a prefix stands for every namespace", `xpath("bind:bind/bind:resource")`},
	{"has", "an element of this name stands anywhere in the event; without {} in any namespace", `has("{urn:xmpp:carbons:2}enable")`},
	{"lower", "text in small letters", `lower(from) contains "juliet"`},
	{"upper", "text in capitals", `upper(id) == "A1"`},
	{"trim", "text without white space at its ends", `trim(text) == ""`},
	{"len", "length of a text in characters", `len(id) > 20`},
}

// fieldSort is the type of a field.
type fieldSort uint8

const (
	sortText fieldSort = iota
	sortNumber
	sortYes
	sortTexts // any of several
	sortLevel
	sortTime
)

var typeNames = [...]string{sortText: "text", sortNumber: "number", sortYes: "yes or no", sortTexts: "text", sortLevel: "level", sortTime: "time"}

// field is a row of the table of fields: exactly one of the getters is set.
type field struct {
	name    string
	sort    fieldSort
	uses    uses
	text    func(*subject) string
	number  func(*subject) int
	yes     func(*subject) bool
	texts   func(*subject) []string
	values  func() []string // nil: anything
	doc     string
	example string
}

func (f *field) valueNames() []string {
	if f.values == nil {
		return nil
	}
	return f.values()
}

// fieldNamed finds a field, or nil.
func fieldNamed(name string) *field {
	for i := range fields {
		if fields[i].name == name {
			return &fields[i]
		}
	}
	return nil
}

func namesOf[T interface{ String() string }](all []T) []string {
	names := make([]string, len(all))
	for i, v := range all {
		names[i] = v.String()
	}
	return names
}

func dirNames() []string { return namesOf([]decode.Dir{decode.FromInitiator, decode.FromReceiver}) }
func layerNames() []string {
	return namesOf([]decode.Layer{decode.LayerPlain, decode.LayerTLS, decode.LayerZlib, decode.LayerTLSZlib})
}
func originNames() []string {
	return namesOf([]decode.Origin{decode.OriginWire, decode.OriginEdited, decode.OriginDropped, decode.OriginInjected, decode.OriginSynthetic})
}
func kindNames() []string  { return namesOf(decode.Kinds()) }
func stepNames() []string  { return namesOf(decode.Steps()) }
func phaseNames() []string { return namesOf(decode.Phases()) }
func levelList() []string  { return namesOf(Levels()) }

func messageNames() []string {
	return namesOf([]sasl.Kind{sasl.InitialResponse, sasl.Challenge, sasl.Response, sasl.SuccessData, sasl.Failure})
}

var fields = [...]field{
	{name: "kind", text: func(s *subject) string { return s.row.Kind().String() }, values: kindNames, doc: "the sort of event", example: `kind == "stanza"`},
	{name: "step", text: func(s *subject) string { return s.row.Step().String() }, values: stepNames, doc: "the step of the conversation", example: `step == "sasl-auth"`},
	{name: "phase", text: func(s *subject) string { return s.row.Phase().String() }, values: phaseNames, doc: "the phase of the conversation", example: `phase in ["auth", "bind"]`},
	{name: "dir", text: func(s *subject) string { return s.row.Dir().String() }, values: dirNames, doc: "who sent it", example: `dir == "receiver"`},
	{name: "name", text: func(s *subject) string { return s.name.Local }, doc: "local name of the element", example: `name == "message"`},
	{name: "ns", text: func(s *subject) string { return s.name.Space }, doc: "namespace of the element", example: `ns == "urn:xmpp:sm:3"`},
	{name: "id", text: func(s *subject) string { return s.whole().ID }, doc: "the attribute id", example: `id == "bind_1"`},
	{name: "type", text: func(s *subject) string { return s.whole().Type }, doc: "the attribute type", example: `type == "error"`},
	{name: "from", text: func(s *subject) string { return s.whole().From }, doc: "the attribute from", example: `from contains "juliet"`},
	{name: "to", text: func(s *subject) string { return s.whole().To }, doc: "the attribute to", example: `to matches "/balcony$"`},
	{name: "conn", sort: sortNumber, number: func(s *subject) int { return int(s.row.Conn()) }, doc: "number of the conversation", example: `conn == 2`},
	{name: "seq", sort: sortNumber, number: func(s *subject) int { return int(s.row.Seq()) }, doc: "number of the event", example: `seq >= 100 and seq < 200`},
	{name: "size", sort: sortNumber, number: (*subject).size, doc: "length of the wire bytes, or of the XML where another event carries it", example: `size > 10000`},
	{name: "time", sort: sortTime, text: timeText, doc: "when its last byte came, in UTC as in the JSON; compare with a time or its beginning", example: `time >= "2026-01-02T03:04"`},
	{name: "layer", text: func(s *subject) string { return s.row.Layer().String() }, values: layerNames, doc: "what carries it", example: `layer == "plain"`},
	{name: "origin", text: func(s *subject) string { return s.row.Origin().String() }, values: originNames, doc: "who put it on the wire", example: `origin != "wire"`},
	{name: "text", text: (*subject).charData, doc: "all character data in it; of TLS and DNS the values of its fields, of a note what it says", example: `text contains "wherefore"`},
	{name: "wire", text: func(s *subject) string { return string(s.whole().Wire) }, doc: "its exact bytes", example: `wire matches "<!\\[CDATA"`},
	{name: "xml", text: xmlText, doc: "its XML, whatever carries it: WebSocket frames, requests of BOSH", example: `xml contains "<body>"`},
	{name: "carrier", sort: sortNumber, number: func(s *subject) int { return int(s.whole().Carrier) }, doc: "number of the http event that brought it, on BOSH", example: `carrier > 0`},
	{name: "related", sort: sortNumber, number: func(s *subject) int { return int(s.whole().Related) }, doc: "number of an event of another conversation that it is about", example: `related > 0`},
	{name: "payload.name", text: func(s *subject) string { return s.payload.Local }, doc: "local name of the first child element", example: `payload.name == "query"`},
	{name: "payload.ns", text: func(s *subject) string { return s.payload.Space }, doc: "namespace of the first child element", example: `payload.ns == "jabber:iq:roster"`},
	{name: "sasl.mechanism", text: mechanismText, doc: "SASL mechanism of the login data in it", example: `sasl.mechanism matches "^SCRAM-"`},
	{name: "sasl.message", text: messageText, values: messageNames, doc: "what part the login data play", example: `sasl.message == "challenge"`},
	{name: "error", sort: sortTexts, texts: conditions, doc: "the error condition that it reports", example: `error == "not-authorized"`},
	{name: "finding", uses: usesFindings, sort: sortTexts, texts: findingRules, doc: "rules that it breaks: holds if any does", example: `finding == "xml-comment"`},
	{name: "level", uses: usesFindings, sort: sortLevel, values: levelList, doc: "how grave its findings are: holds if any is; note < warning < error", example: `level >= "warning"`},
	{name: "reply", sort: sortYes, uses: usesReply, yes: func(s *subject) bool { return s.row.flags&Answered != 0 }, doc: "an answer to it was seen", example: `name == "iq" and type in ["get", "set"] and not reply`},
	{name: "hits", sort: sortNumber, uses: usesHits, number: func(s *subject) int { return s.extra.Hits }, doc: "how often a breakpoint held before", example: `hits >= 3`},
}

func timeText(s *subject) string {
	if t := s.row.Time(); !t.IsZero() {
		return t.Format(time.RFC3339Nano)
	}
	return ""
}

func xmlText(s *subject) string {
	switch s.row.Kind() {
	case decode.KindTLS, decode.KindHTTP, decode.KindDNS, decode.KindHeld:
		return ""
	}
	return string(s.whole().Text())
}

func mechanismText(s *subject) string {
	if s.row.flags&HasSASL == 0 {
		return ""
	}
	if x := s.withLogin().SASL; x != nil {
		return x.Mechanism
	}
	return ""
}

func messageText(s *subject) string {
	if s.row.flags&HasSASL == 0 {
		return ""
	}
	if x := s.withLogin().SASL; x != nil && len(x.Messages) > 0 {
		return x.Messages[len(x.Messages)-1].Kind.String()
	}
	return ""
}

func conditions(s *subject) []string {
	if s.row.flags&HasCondition == 0 {
		return nil
	}
	return []string{s.whole().Condition}
}

func findingRules(s *subject) []string {
	var rules []string
	for _, f := range s.judge() {
		if !slices.Contains(rules, f.Rule) {
			rules = append(rules, f.Rule)
		}
	}
	return rules
}

// levels of the findings, in the numbers that the expression compares.
func levels(s *subject) []int {
	var all []int
	for _, f := range s.judge() {
		all = append(all, int(f.Level))
	}
	return all
}
