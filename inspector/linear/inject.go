package linear

import (
	"fmt"
	"strings"

	"xmppscope/decode"
	"xmppscope/inspector/live"
)

// inject sends something of the person's own: a template, or XML.
func (t *talk) inject(arg string) error {
	if err := t.needLive(); err != nil {
		return err
	}
	if arg == "" {
		t.templates()
		return nil
	}
	head, xml := arg, ""
	if i := strings.IndexByte(arg, '<'); i >= 0 {
		head, xml = arg[:i], arg[i:]
	}
	words, to, dir := sideWord(fields(head))
	name := strings.Join(words, " ")
	if name == "" && xml == "" {
		return no("inject what?", "inject alone says the templates")
	}
	if to == "" {
		if to, dir = t.onlySide(name); to == "" {
			return no("to which side", "inject "+pick(name == "", "client "+capped(xml, 60), name+" client")+" sends it to the client, server to the server")
		}
	}
	if xml == "" {
		var err error
		if xml, err = t.template(name, to, dir); err != nil || xml == "" {
			return err
		}
	}
	return t.sendOwn(live.Act{Do: "inject", Conn: t.connHere(), Dir: dir.String(), XML: &xml, Fresh: true, Swallow: true}, to)
}

// sendOwn sends what no peer sent, once the person knows what is wrong with it.
func (t *talk) sendOwn(a live.Act, to string) error {
	if a.XML != nil {
		force, ok := t.judged(*a.XML, nil)
		if !ok {
			t.say("Nothing was sent.")
			return nil
		}
		a.Force = force
	}
	if err := t.act(a); err != nil {
		return err
	}
	t.say("Sent to the %s, with an id of its own. An answer is only said here.", to)
	t.follow(0, shortly)
	return nil
}

// templates says what there is to begin with.
func (t *talk) templates() {
	for _, s := range [...]struct {
		to  string
		dir decode.Dir
	}{{"server", decode.FromInitiator}, {"client", decode.FromReceiver}} {
		for _, m := range live.Templates(s.dir) {
			t.say("inject %s %s: %s.", m.Name, s.to, m.About)
		}
	}
	t.say("inject server or inject client and XML sends that.")
}

// fitting are the templates of a direction with a name, or a beginning of one.
func fitting(name string, dir decode.Dir) (all []live.Template) {
	for _, m := range live.Templates(dir) {
		if m.Name == name {
			return []live.Template{m}
		}
		if name != "" && strings.HasPrefix(m.Name, name) {
			all = append(all, m)
		}
	}
	return all
}

// onlySide is the side that a template makes sense for, empty where it is both.
func (t *talk) onlySide(name string) (to string, dir decode.Dir) {
	server, client := fitting(name, decode.FromInitiator), fitting(name, decode.FromReceiver)
	if exact := func(all []live.Template) bool { return len(all) == 1 && all[0].Name == name }; exact(server) != exact(client) {
		if exact(server) {
			client = nil
		} else {
			server = nil
		}
	}
	switch {
	case len(server) > 0 && len(client) == 0:
		return "server", decode.FromInitiator
	case len(client) > 0 && len(server) == 0:
		return "client", decode.FromReceiver
	}
	return "", 0
}

// template says a template and lets the person change it; empty where nothing is
// to be sent.
func (t *talk) template(name, to string, dir decode.Dir) (string, error) {
	all := fitting(name, dir)
	if len(all) != 1 {
		var names []string
		for _, m := range all {
			names = append(names, m.Name)
		}
		return "", no(pick(len(all) == 0, capped(name, 60)+" is no template for the "+to, fmt.Sprintf("%s may be %s", capped(name, 60), strings.Join(names, " or "))), "inject alone says the templates")
	}
	text := all[0].Fill(t.stateHere())
	if text != "" {
		t.say("It is: %s", text)
		t.say("A line with a full stop alone sends it. Other XML may be typed before that; the line cancel sends nothing.")
	} else {
		t.say("Type XML, then a line with a full stop alone. The line cancel sends nothing.")
	}
	var lines []string
	for {
		line, ok := t.inside("xml> ")
		switch {
		case !ok, strings.TrimSpace(line) == "cancel":
			t.say("Nothing was sent.")
			return "", nil
		case strings.TrimSpace(line) == stop:
			if len(lines) > 0 {
				text = strings.Join(lines, "\n")
			}
			if text == "" {
				t.say("Nothing was sent.")
			}
			return text, nil
		}
		lines = append(lines, line)
	}
}

// stateHere is what is true where the person is.
func (t *talk) stateHere() *decode.State {
	if h := t.heldUnit(t.on); h != nil {
		return h.Event.State
	}
	if row := t.session.Row(); row >= 0 {
		return t.src.Store.StateAt(row)
	}
	return nil
}

// replay sends what an event said once more.
func (t *talk) replay(arg string) error {
	if err := t.needLive(); err != nil {
		return err
	}
	at, rest := cutNumber(arg)
	if at == "" && t.heldUnit(t.on) != nil {
		return no(number(t.on)+" is held: nothing of it was sent yet", "replay N sends what event N said once more")
	}
	seq, err := t.seqHere(at)
	if err != nil {
		return err
	}
	row, _ := t.src.Store.Find(seq)
	e, err := t.event(row)
	if err != nil {
		return err
	}
	a := live.Act{Do: "replay", Seq: seq, Dir: e.Dir.String(), Fresh: true, Swallow: true}
	if rest != "" {
		if !strings.HasPrefix(rest, "<") {
			return no("replay takes the number of an event and XML", "for example replay "+number(seq))
		}
		a.XML = &rest
	}
	return t.sendOwn(a, otherSide(e))
}
