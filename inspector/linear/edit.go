package linear

import (
	"encoding/base64"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/inspector/live"
)

// edit changes what is held and lets it go on.
func (t *talk) edit(arg string) error {
	at, rest := cutNumber(arg)
	h, err := t.toHeld(at, "edit")
	if err == nil {
		err = undecidedUnit(h)
	}
	if err != nil {
		return err
	}
	text := t.textOf(h)
	word, more := takeWord(rest)
	switch name, value, set := strings.Cut(rest, "="); {
	case rest == "":
		text, err = t.retype(h, text)
		if err == nil && text == "" {
			t.say("%s is still held%s.", number(h.Seq), pick(t.drafts[h.Seq] == "", ", as it came", ""))
			return nil
		}
	case strings.HasPrefix(rest, "<"):
		text = rest
	case word == "flip":
		text, err = t.flip(h, text, more)
	case set:
		text, err = t.setField(h, text, name, value)
	default:
		err = no("edit does not understand "+capped(rest, 60), "edit alone asks for XML; edit passwd=VALUE changes a field of the login data")
	}
	if err != nil {
		return err
	}
	return t.send(h, text)
}

// textOf is a held unit as it came, or as it was changed but not sent.
func (t *talk) textOf(h *live.Waiting) string {
	if draft, ok := t.drafts[h.Seq]; ok {
		return draft
	}
	return string(h.Event.Text())
}

// stop is the line that ends what is typed.
const stop = "."

// retype says what a unit is and asks for another one; empty where it is to stay.
func (t *talk) retype(h *live.Waiting, text string) (string, error) {
	t.say("%s says: %s", number(h.Seq), capped(text, 4*maxSaid))
	if l := live.NewLogin(h.Event, text); l != nil {
		t.say("Decoded it is a message of %s.", l.What)
		for i := range l.Fields {
			f := &l.Fields[i]
			t.say("Field sasl.%s is %s: %s.%s", f.Name, pick(f.Now == "", "empty", f.Now), capped(f.Meaning, 400), pick(f.Secret, " It is a secret.", ""))
		}
		t.say("To change a field, type for example sasl.%s=VALUE; or type new XML.", l.Fields[len(l.Fields)-1].Name)
	} else {
		t.say("Type new XML.")
	}
	t.say("A line with a full stop alone ends it and sends it. A full stop at once leaves it held as it is.")
	now, changed := text, false
	var lines []string
	for {
		line, ok := t.inside("xml> ")
		switch {
		case !ok:
			return "", nil
		case strings.TrimSpace(line) == stop:
			if len(lines) > 0 {
				return strings.Join(lines, "\n"), nil
			}
			if !changed {
				return "", nil
			}
			return now, nil
		case len(lines) == 0 && strings.HasPrefix(strings.TrimSpace(line), "sasl."):
			name, value, set := strings.Cut(strings.TrimLeft(line, " "), "=")
			if !set {
				t.say("A field is changed by its name, =, and the value.")
				continue
			}
			next, err := t.setField(h, now, name, value)
			if err != nil {
				t.say("%s", sentence(err.Error()))
				continue
			}
			now, changed = next, true
			t.say("The full stop sends it.")
		default:
			lines = append(lines, line)
		}
	}
}

// inside asks for a line that is no verb; false where Ctrl-C or the end came.
func (t *talk) inside(prompt string) (string, bool) {
	t.within = true
	defer func() { t.within = false }()
	return t.ask(prompt)
}

// fieldOf finds a field of the login data by its name, or the beginning of it.
func fieldOf(l *live.Login, name string) (*live.LoginField, error) {
	name = strings.TrimPrefix(strings.TrimSpace(name), "sasl.")
	var names []string
	var near []*live.LoginField
	for i := range l.Fields {
		f := &l.Fields[i]
		if f.Name == name {
			return f, nil
		}
		if name != "" && strings.HasPrefix(strings.ToLower(f.Name), strings.ToLower(name)) {
			near = append(near, f)
		}
		names = append(names, "sasl."+f.Name)
	}
	if len(near) == 1 {
		return near[0], nil
	}
	return nil, no(pick(name == "", "which field", capped(name, 60)+" is no field of it"), "there are "+strings.Join(names, ", "))
}

// login takes the login data of a held unit apart.
func (t *talk) login(h *live.Waiting, text string) (*live.Login, error) {
	l := live.NewLogin(h.Event, text)
	if l == nil {
		return nil, no(number(h.Seq)+" carries no login data that can be taken apart", "edit alone asks for other XML")
	}
	return l, nil
}

// setField changes one field of the decoded login data.
func (t *talk) setField(h *live.Waiting, text, name, value string) (string, error) {
	l, err := t.login(h, text)
	if err != nil {
		return "", err
	}
	f, err := fieldOf(l, name)
	if err != nil {
		return "", err
	}
	was := f.Now
	f.Now = value
	t.say("Field sasl.%s was %s, and is %s now.", f.Name, pick(was == "", "empty", capped(was, 400)), pick(value == "", "empty", capped(value, 400)))
	return l.Text(), nil
}

// flip changes one bit of a field: of what base64 stands for where the field is
// base64, else of its last letter. Without a name it is the proof of SCRAM, or
// the last field.
func (t *talk) flip(h *live.Waiting, text, name string) (string, error) {
	l, err := t.login(h, text)
	if err != nil {
		return "", err
	}
	f := &l.Fields[len(l.Fields)-1]
	if name != "" {
		if f, err = fieldOf(l, name); err != nil {
			return "", err
		}
	} else if i := slices.IndexFunc(l.Fields, func(f live.LoginField) bool { return f.Name == "proof" || f.Name == "p" }); i >= 0 {
		f = &l.Fields[i]
	}
	if f.Now == "" {
		return "", no("field sasl."+f.Name+" is empty: it has no bit", "")
	}
	if raw, err := base64.StdEncoding.DecodeString(f.Now); err == nil && len(raw) > 4 {
		raw[0] ^= 1
		return t.setField(h, text, f.Name, base64.StdEncoding.EncodeToString(raw))
	}
	raw := []byte(f.Now)
	raw[len(raw)-1] ^= 1
	return t.setField(h, text, f.Name, string(raw))
}

// send lets a held unit go on as a text, once the person knows what is wrong with
// that.
func (t *talk) send(h *live.Waiting, text string) error {
	if t.heldUnit(h.Seq) == nil {
		return no(number(h.Seq)+" is not held any more", "")
	}
	if text == string(h.Event.Text()) {
		return t.letGo(live.Act{Do: "forward", Seq: h.Seq}, number(h.Seq)+" goes on as it came.")
	}
	force, ok := t.judged(text, h.Event)
	if !ok {
		t.drafts[h.Seq] = text
		t.say("%s is still held. The change is not sent: edit goes on with it, undo forgets it.", number(h.Seq))
		return nil
	}
	return t.letGo(live.Act{Do: "edit", Seq: h.Seq, XML: &text, Force: force}, number(h.Seq)+" goes on, changed.")
}

// judged says what is wrong with a text, and asks where it is not well-formed.
func (t *talk) judged(text string, e *decode.Event) (force, ok bool) {
	fatal, found := live.Judge(text, e)
	if fatal != "" {
		t.say("This is %s", sentence(fatal))
		return true, t.yes("Send it all the same? Answer y or n.")
	}
	for i := range found {
		t.say("It breaks a rule. %s", findingLine(&found[i], false))
	}
	return false, true
}

// editor changes what is held in a program of the person's own.
func (t *talk) editor(arg string) error {
	h, err := t.toHeld(arg, "editor")
	if err == nil {
		err = undecidedUnit(h)
	}
	if err != nil {
		return err
	}
	if t.o.Editor == nil {
		return no("no editor can be run here", "edit changes it at the prompt")
	}
	text := t.textOf(h)
	t.flush()
	now, err := t.o.Editor(t.ctx, text)
	if err != nil {
		return err
	}
	if now == text {
		t.say("Nothing was changed; %s is still held.", number(h.Seq))
		return nil
	}
	return t.send(h, now)
}
