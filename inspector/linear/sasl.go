package linear

import (
	"fmt"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
)

// saySASL says what one message of a login says: its fields, and where a password
// is known every value of the calculation.
func (t *talk) saySASL(s *shown) {
	x := s.e.SASL
	if x == nil || len(x.Messages) == 0 {
		t.say("%s carries no login data.", number(s.e.Seq))
		if row := t.nearestLogin(s); row >= 0 {
			t.say("The nearest that does is %s", t.brief(row))
		}
		return
	}
	i := len(x.Messages) - 1
	m, d := &x.Messages[i], sasl.Decode(x, i)
	name := x.Mechanism
	if name == "" {
		name = "a login whose beginning was not captured"
	}
	t.say("%s is message %d of a login with %s: %s. %s", number(s.e.Seq), i+1, capped(name, 80), m.Kind, sentence(sasl.Lookup(x.Mechanism).Doc))
	if d.Summary != "" {
		t.say("%s", sentence(upperFirst(capped(d.Summary, 400))))
	}
	if len(m.Base64) > 0 {
		t.say("In base64: %s", capped(string(m.Base64), maxSaid))
		t.say("Decoded: %s", capped(string(m.Data), maxSaid))
	}
	for _, f := range d.Fields {
		text := "Field " + capped(f.Name, 60) + " is " + pick(f.Value == "", "empty", capped(f.Value, maxSaid))
		if f.Meaning != "" {
			text += ": " + capped(f.Meaning, 400)
		}
		t.say("%s%s", sentence(text), pick(f.Secret, " It is a secret.", ""))
	}
	for _, f := range d.Faults {
		t.say("Wrong: %s (%s).", capped(f.Text, 400), f.Ref)
	}
	t.verdict(s.e)
}

// nearestLogin is the row of the next event of the conversation with login data,
// or the last one before; -1 for none.
func (t *talk) nearestLogin(s *shown) int {
	before := -1
	for row := range t.src.Store.Len() {
		r := t.src.Store.Row(row)
		if r.Conn() != s.e.Conn || r.Layer() != s.e.Layer && before >= 0 {
			continue
		}
		if e, err := t.src.Store.Event(row); err == nil && e.SASL != nil && len(e.SASL.Messages) > 0 {
			if row >= s.row {
				return row
			}
			before = row
		}
	}
	return before
}

// verdict says how a login compares with the password: each line of the
// calculation that was held against the wire says how that went.
func (t *talk) verdict(e *decode.Event) {
	v, known := sasl.Verdict{}, false
	if t.o.Verify != nil {
		v, known = t.o.Verify(e)
	}
	if !known {
		t.say("It is not checked against a password: --password JID=PASSWORD gives one.")
		v = sasl.Verify(e.SASL, nil) // what ties it to TLS needs none
	}
	t.outcome(&v, known)
	for i := range v.Chain {
		t.chain(i+1, len(v.Chain), &v.Chain[i])
	}
}

// outcome says what came of the check, and which lines of the calculation are to
// blame, before all of them are said.
func (t *talk) outcome(v *sasl.Verdict, known bool) {
	why := sentence(upperFirst(capped(v.Why, 400)))
	switch {
	case !known:
	case !v.Known:
		t.say("Not judged: %s", why)
	case v.Verified:
		t.say("Verified: the login fits the password. %s", why)
	default:
		t.say("Not verified: the login does not fit the password. %s", why)
		for _, s := range v.Differs {
			t.say("This may differ: %s", sentence(capped(s, 200)))
		}
	}
	for i := range v.Chain {
		if v.Chain[i].Result == sasl.Different {
			t.say("What does not agree: calculation %d of %d, %s.", i+1, len(v.Chain), capped(v.Chain[i].Name, 60))
		}
	}
}

// chain says one value of the calculation.
func (t *talk) chain(i, of int, s *sasl.Step) {
	text := fmt.Sprintf("Calculation %d of %d, %s", i, of, capped(s.Name, 60))
	if s.Formula != "" && s.Formula != s.Name {
		text += ", which is " + capped(s.Formula, 200)
	}
	text += ": " + capped(s.Value, 400)
	switch {
	case s.Result == sasl.Different && s.Wire != "":
		text += ". THIS DOES NOT AGREE: on the wire stands " + capped(s.Wire, 400)
	case s.Result == sasl.Different:
		text += ". THIS DOES NOT AGREE"
	case s.Result == sasl.Equal && s.Wire != "":
		text += ". It agrees with the wire"
	case s.Result == sasl.Equal:
		text += ". It agrees"
	case s.Result == sasl.Unknown:
		text += ". Whether it agrees is not known"
	}
	if s.Meaning != "" {
		text += ". " + upperFirst(capped(s.Meaning, 300))
	}
	t.say("%s%s", sentence(text), pick(s.Secret, " It is a secret.", ""))
}
