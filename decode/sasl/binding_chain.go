package sasl

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// What ties a login to its TLS connection can be recomputed without any secret
// of the account. Each line of the chain says what the wire has, what follows
// from the connection, and whether the two are equal.

// BindingType is the type of channel binding that an exchange uses: the one in
// the GS2 header of SCRAM (RFC 5802 §6), or the one in the mechanism's name of
// the HT family. Empty where there is none.
func BindingType(x *Exchange) string {
	if isHT(x.Mechanism) {
		if t := htBinding[parseHT(x.Mechanism).binding]; t != "none" {
			return t
		}
		return ""
	}
	if scramHash(x.Mechanism).new == nil {
		return ""
	}
	if first := readScram(x).first; first != nil {
		return first.gs2.bindingType()
	}
	return ""
}

// compared says in words how channel-binding data fit this TLS connection.
func (x *Exchange) compared(data []byte) string {
	switch {
	case len(x.Binding) == 0:
		return "cannot be compared: " + x.bindingWhy()
	case bytes.Equal(data, x.Binding):
		return "the same as those of this TLS connection; the server compares them with those of its own end"
	}
	return "not the same as those of this TLS connection: they were made on another one, so somebody stands between, or the client takes them wrong"
}

func (x *Exchange) bindingWhy() string {
	if x.BindingWhy != "" {
		return x.BindingWhy
	}
	return "the data of the TLS connection are not known"
}

// typeStep says which type is used, and whether the server lists it (XEP-0440
// §3).
func (x *Exchange) typeStep(kind, formula string) Step {
	s := Step{Name: "channel-binding-type", Value: kind, Formula: formula}
	list := printable([]byte(strings.Join(x.OfferedBindings, ", ")))
	switch {
	case x.OfferedBindings == nil:
		s.Result, s.Meaning = Unknown, "the server has sent no list of types"
	case slices.Contains(x.OfferedBindings, kind):
		s.Result, s.Meaning = Equal, "one of those that the server lists: "+short(list)
	default:
		s.Result, s.Meaning = Different, "none of those that the server lists: "+short(list)
	}
	if kind == "tls-unique" && x.TLSVersion >= 0x0304 {
		s.Result = Different
		s.Meaning += "; it is not defined for TLS 1.3"
	}
	return s
}

// bindingChain writes down, as far as the messages are here, what ties the
// login to its TLS connection: the flag and its type, the header and the data
// in c= (RFC 5802 §6), the hash over the lists in h= (XEP-0474 §6) and the
// version in t= (XEP-0515 §4).
func (c *scramCheck) bindingChain() {
	if c.first != nil && !c.first.gs2.flag.empty() {
		c.flagStep()
		if c.final != nil {
			c.headerStep()
		}
	}
	if h := c.serv.value('h'); h != nil {
		c.listStep(string(h))
	}
	if t := c.serv.value('t'); t != nil {
		c.versionStep(string(t))
	}
}

func (c *scramCheck) flagStep() {
	if kind := c.first.gs2.bindingType(); kind != "" {
		c.v.step(c.x.typeStep(kind, "p= of the first message"))
		return
	}
	s := Step{Name: "channel-binding-type", Value: "none", Formula: "flag " + short(printable([]byte(c.first.gs2.flagText()))) + " of the first message"}
	switch c.first.gs2.flagText() {
	case "n":
		s.Meaning = "the client does not bind the login to the TLS connection: somebody between the two would go unseen"
	case "y":
		s.Meaning = "the client could bind the login, but believes that the server cannot"
		if slices.ContainsFunc(c.x.Offered, func(m string) bool { return strings.HasSuffix(m, "-PLUS") }) {
			s.Meaning += "; yet the list seen here has a -PLUS mechanism, so the server must refuse"
		}
	}
	c.v.step(s)
}

// headerStep compares the two parts of c=: the GS2 header of the first message,
// and the data of the TLS connection.
func (c *scramCheck) headerStep() {
	header := c.first.gs2.text()
	input, _, _ := decodeBase64(c.final.value('c'), refScram)
	data, same := bytes.CutPrefix(input, header)
	s := Step{Name: "gs2-header", Value: string(header), Wire: string(header), Formula: "the header of the first message",
		Meaning: "c= repeats it, so that the proof covers it: the same"}
	if !same {
		s.Wire = shownInput(input)
		s.Meaning = "c= must repeat it, so that the proof covers it: not the same"
	}
	c.v.step(s)
	kind := c.first.gs2.bindingType()
	if kind == "" || !same {
		return
	}
	s = Step{Name: "ChannelBinding", Value: hex.EncodeToString(data), Formula: kind + " of the TLS connection", Meaning: "the data in c=, " + c.x.compared(data)}
	if s.Result = Unknown; len(c.x.Binding) > 0 {
		s.Value, s.Wire, s.Result = hex.EncodeToString(c.x.Binding), s.Value, NotCompared
	}
	c.v.step(s)
}

func (c *scramCheck) listStep(wire string) {
	s := Step{Name: "ListHash", Value: wire, Formula: c.hash.name + "(mechanisms 1F channel bindings), each list sorted and joined with 1E"}
	switch want := ListHash(c.x.Mechanism, c.x.Offered, c.x.OfferedBindings); {
	case len(c.x.Offered) == 0:
		s.Result, s.Meaning = Unknown, "h=, the server's hash over its lists, cannot be recomputed: the lists were not seen"
	case want == wire:
		s.Wire, s.Meaning = wire, "h=, the server's hash over its lists, is the same as over the lists seen here: nobody has edited them on their way to this place"
	default:
		s.Value, s.Wire = want, wire
		s.Meaning = "h=, the server's hash over its lists, is not the same as over the lists seen here: they were edited on their way"
	}
	if s.Result != Unknown {
		s.Command = base64Of(c.hash.digestExpr(bytesLiteral(listText(c.x.Offered, c.x.OfferedBindings))))
	}
	c.v.step(s)
}

func (c *scramCheck) versionStep(wire string) {
	s := Step{Name: "TLSVersion", Value: wire, Formula: "the version of the TLS connection"}
	switch want := fmt.Sprintf("%04x", c.x.TLSVersion); {
	case c.x.TLSVersion == 0:
		s.Result, s.Meaning = Unknown, "t=, the version on the server's side, cannot be compared: that of this TLS connection is not known"
	case want == wire:
		s.Wire, s.Meaning = wire, "t=, the version on the server's side, is the same here"
	default:
		s.Value, s.Wire = want, wire
		s.Meaning = "t=, the version on the server's side, is not the same here: there are two TLS connections"
	}
	c.v.step(s)
}

// bindingChain writes down what ties the login to its TLS connection. The data
// themselves do not travel: both sides mix them into their proofs.
func (n htName) bindingChain(x *Exchange, v *Verdict) {
	kind := htBinding[n.binding]
	if kind == "none" {
		v.step(Step{Name: "channel-binding-type", Value: kind, Formula: "the end of the mechanism's name",
			Meaning: "the login is not bound to the TLS connection: somebody between the two would go unseen"})
		return
	}
	v.step(x.typeStep(kind, "the end of the mechanism's name"))
	s := Step{Name: "cb-data", Value: hex.EncodeToString(x.Binding), Formula: kind + " of the TLS connection", Meaning: "mixed into both proofs"}
	if len(x.Binding) == 0 {
		s.Result, s.Meaning = Unknown, "mixed into both proofs; cannot be computed: "+x.bindingWhy()
	}
	v.step(s)
}
