package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/spf13/pflag"

	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/lessons/course"
	"xmppscope/lessons/workshop"
)

// classPort is where a class is held unless the teacher says otherwise.
const classPort = "5290"

// classFlags are those of learn with a class.
type classFlags struct {
	host, join    string
	token, secret string
	name, code    string
	screen        bool
	fresh         bool
	showSecrets   bool // --show-secrets, without --from
}

func (cf *classFlags) addTo(f *pflag.FlagSet) {
	f.StringVar(&cf.host, "host", "", "hold a class at `ADDR` (HOST:PORT, an address of this computer; :PORT is for this computer alone), which students join from terminals and browsers")
	f.StringVar(&cf.join, "join", "", "join the class at `ADDR`")
	f.StringVar(&cf.token, "token", "", "the `TOKEN` that lets students into the class; with --host one is made where none is given")
	f.StringVar(&cf.secret, "teacher-secret", "", "with --host: the `SECRET` of the teacher's page; one is made where none is given")
	f.BoolVar(&cf.screen, "screen", false, "with --host: the whole screen, which students see read-only: where you are, and what you point at")
	f.BoolVar(&cf.fresh, "fresh", false, "with --host: begin anew, though a class of this lesson and address was cut short")
	f.StringVar(&cf.name, "name", "", "with --join: your `NAME` in the class")
	f.StringVar(&cf.code, "code", "", "with --join: the `CODE` that you got when you joined before")
}

// check tells what does not go together.
func (cf *classFlags) check() error {
	switch {
	case cf.host != "" && cf.join != "":
		return usage("--join", "one either holds a class or joins one", "")
	case cf.fresh && cf.host == "":
		return usage("--fresh", "there is no class", "--host ADDR holds one")
	case cf.screen && cf.host == "":
		return usage("--screen", "there is no class", "--host ADDR holds one")
	case cf.host == "" && cf.join == "" && (cf.token != "" || cf.secret != "" || cf.name != "" || cf.code != ""):
		return usage("--token", "there is no class", "--host ADDR holds one, --join ADDR joins one")
	case cf.join != "" && (cf.secret != "" || cf.showSecrets):
		return usage("--join", "--teacher-secret and --show-secrets are for the teacher", "")
	case cf.host != "" && (cf.name != "" || cf.code != ""):
		return usage("--host", "--name and --code are for students", "")
	}
	return nil
}

// hosting is a class and the prompt of its teacher.
type hosting struct {
	e     *env
	class *workshop.Class
	link  string
	back  int // students of a class that goes on

	mu    sync.Mutex
	known map[string]workshop.TableRow // as it was last told
}

// hostClass holds a class until the teacher quits.
func (e *env) hostClass(ctx context.Context, cf *classFlags, all []*course.Lesson, first string) error {
	if len(all) == 0 {
		return usage("learn", "there are no lessons", "--lessons DIR adds some")
	}
	if first != "" {
		l, err := lessonNamed(all, first)
		if err != nil {
			return err
		}
		first = l.ID
	}
	place, err := workshop.ParsePlace(cf.host, classPort)
	if err != nil {
		return usage("--host", err.Error(), "")
	}
	o := workshop.Options{Lessons: all, Open: e.lessonCapture, Token: cf.token, Teacher: cf.secret, ShowSecrets: cf.showSecrets, Anyone: place.Anyone}
	if name, err := os.Hostname(); err == nil {
		o.Names = append(o.Names, name)
	}
	o.Stages = func(ctx context.Context, c course.Scene) (course.Stage, error) {
		st, err := e.newStage(ctx, c)
		if err != nil {
			return nil, err
		}
		st.read(ctx)
		return &classStage{staged: st}, nil
	}
	class, err := workshop.New(o)
	if err != nil {
		return usage("--token", err.Error(), "")
	}
	defer class.Close()
	if first != "" {
		if err := class.SetLesson(first); err != nil {
			return cannot(first, err)
		}
	}
	ln, err := net.Listen("tcp", place.Addr)
	if err != nil {
		return &failure{code: exitInput, what: cf.host, why: plain(err), hint: "--host :0 takes a free port"}
	}
	l, _ := class.Lesson()
	k := &keeper{class: class, path: classFile(ln.Addr().String(), l.ID)}
	back := 0
	if cf.fresh {
		k.forget()
	} else {
		back = k.goOn()
	}
	h := &hosting{e: e, class: class, back: back, known: map[string]workshop.TableRow{}}
	for _, s := range class.Table().Students {
		h.known[s.Name] = s
	}
	keeping, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { k.keep(keeping) })
	defer wg.Wait()
	defer stop()
	if cf.screen {
		err = e.screenClass(ctx, h, ln, place, all)
	} else {
		err = e.holdClass(ctx, h, ln, place)
	}
	stop()
	wg.Wait()
	if ctx.Err() == nil && err == nil {
		k.forget() // the teacher has ended it
	}
	return err
}

// classStage gives what it kept back when the class is done with it.
type classStage struct{ *staged }

// Close implements [course.Stage].
func (st *classStage) Close() {
	st.staged.Close()
	if st.src.Close != nil {
		st.src.Close()
	}
}

func (e *env) holdClass(ctx context.Context, h *hosting, ln net.Listener, place workshop.Place) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	h.welcome(ln.Addr(), place)
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		h.news(ctx)
	})
	ended := make(chan error, 1)
	go func() { ended <- h.class.Serve(ctx, ln) }()
	lines := make(chan string)
	go func() { // ends with its input or with the program
		in := bufio.NewScanner(e.in)
		for in.Scan() {
			select {
			case lines <- in.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		select {
		case err := <-ended:
			return err
		case <-ctx.Done():
			stop()
			<-ended
			h.say("The class is over.")
			return nil
		case line := <-lines:
			if !h.do(line) {
				stop()
				<-ended
				h.say("The class is over.")
				return nil
			}
		}
	}
}

func (h *hosting) say(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	fmt.Fprintln(h.e.out, inspector.DisarmLines(fmt.Sprintf(format, args...)))
}

// welcome says how students come in. The token is told here, once.
func (h *hosting) welcome(at net.Addr, place workshop.Place) {
	links := workshop.Links(at)
	h.link = links[0]
	l, _ := h.class.Lesson()
	h.say("The class is open, with the lesson %s: %s.", l.ID, l.Title)
	for _, link := range links {
		h.say("  students open    %s/#%s", link, h.class.Token())
	}
	h.say("  or run           xmppscope learn --join %s --token %s", strings.TrimPrefix(h.link, "http://"), h.class.Token())
	h.say("  your own page    %s/teacher   secret %s", h.link, h.class.Teacher())
	if place.Anyone {
		h.say("WARNING: this is no address of your own network. Anybody who can reach it and has the token can join, and what is said is not encrypted.")
	} else if !strings.HasPrefix(h.link, "http://127.") {
		h.say("It is for your own network only. What is said there is not encrypted.")
	}
	if h.back > 0 {
		h.say("It goes on where it was cut short: those who were in it, %d, come back by themselves, with all they have done. Who comes new needs the token above. --fresh begins anew.", h.back)
	}
	h.say("help lists what you can do here.")
}

// do does what the teacher has typed. It is false where that was to quit.
func (h *hosting) do(line string) bool {
	said, goesOn := h.done(line)
	if said != "" {
		h.say("%s", said)
	}
	return goesOn
}

// done does what was typed, and gives what came of it.
func (h *hosting) done(line string) (said string, goesOn bool) {
	words := strings.Fields(line)
	if len(words) > 2 && strings.EqualFold(words[0]+" "+words[1], "everybody to") { // as one says it in class
		words = words[2:]
		line = strings.Join(words, " ")
	}
	if len(words) == 0 {
		return "", true
	}
	rest := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), words[0]))
	verb := strings.ToLower(words[0])
	if verb == "?" {
		verb = "help"
	}
	for _, v := range hostVerbs() {
		if v.name == verb {
			said, err := v.do(h, rest)
			if err != nil {
				said = err.Error()
			}
			return said, v.name != "quit"
		}
	}
	var names []string
	for _, v := range hostVerbs() {
		names = append(names, v.name)
	}
	if near := inspector.Nearest(verb, names); near != "" {
		return fmt.Sprintf("%q is nothing that can be done here; did you mean %s?", words[0], near), true
	}
	return fmt.Sprintf("%q is nothing that can be done here; help lists what is.", words[0]), true
}

// hostVerb is something that a teacher can do.
type hostVerb struct {
	name, with, doc string
	do              func(*hosting, string) (string, error)
}

// hostVerbs is the table; a verb is one line here.
func hostVerbs() []hostVerb {
	return []hostVerb{
		{"table", "", "who is where", func(h *hosting, _ string) (string, error) { return h.table(), nil }},
		{"step", "N", "everybody to step N", func(h *hosting, s string) (string, error) { return h.numbered("step", s) }},
		{"go", "N", "only you to step N; students see its recording", func(h *hosting, s string) (string, error) { return h.numbered("go", s) }},
		{"lesson", "[LESSON]", "everybody to another lesson, by its name or number; without, list them", (*hosting).lesson},
		{"show", "[EVENT [FROM-TO]]", "point at an event and at bytes of it; without EVENT, list the events", (*hosting).show},
		{"text", "", "what stands in your step", func(h *hosting, _ string) (string, error) { return h.text(), nil }},
		{"secrets", "on|off", "mirror passwords or hide them", func(h *hosting, s string) (string, error) { return h.switched("secrets", s) }},
		{"lock", "on|off", "let nobody in any more, or again", func(h *hosting, s string) (string, error) { return h.switched("lock", s) }},
		{"kick", "NAME", "send somebody out, or all from an address", func(h *hosting, s string) (string, error) {
			return h.class.Do(workshop.Verb{Do: "kick", Name: s})
		}},
		{"help", "", "this list", func(h *hosting, _ string) (string, error) { return hostHelp(), nil }},
		{"quit", "", "end the class", func(h *hosting, _ string) (string, error) { return "", nil }},
	}
}

func hostHelp() string {
	var b strings.Builder
	for _, v := range hostVerbs() {
		fmt.Fprintf(&b, "  %-26s %s\n", strings.TrimSpace(v.name+" "+v.with), v.doc)
	}
	return strings.TrimRight(b.String(), "\n")
}

func (h *hosting) numbered(verb, text string) (string, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return "", fmt.Errorf("%s needs the number of a step", verb)
	}
	return h.class.Do(workshop.Verb{Do: verb, N: n})
}

func (h *hosting) switched(verb, text string) (string, error) {
	if text != "on" && text != "off" {
		return "", fmt.Errorf("%s on, or %s off", verb, verb)
	}
	return h.class.Do(workshop.Verb{Do: verb, On: text == "on"})
}

func (h *hosting) lesson(id string) (string, error) {
	if id != "" {
		if l, err := lessonNamed(h.class.Lessons(), id); err == nil {
			id = l.ID // a number will do, too
		}
		return h.class.Do(workshop.Verb{Do: "lesson", Name: id})
	}
	at, _ := h.class.Lesson()
	var b strings.Builder
	for _, l := range h.class.Lessons() {
		fmt.Fprintf(&b, "%s %-20s %s\n", map[bool]string{true: "▸", false: " "}[l == at], l.ID, l.Title)
	}
	return strings.TrimRight(b.String(), "\n"), nil
}

func (h *hosting) table() string {
	t := h.class.Table()
	said := fmt.Sprintf("%s: %s, you are at step %d of %d.", t.Lesson, t.Title, t.Step, len(t.Titles))
	if len(t.Students) == 0 {
		return said + "\nNobody has joined yet."
	}
	return said + "\n" + strings.TrimRight(t.Text(), "\n")
}

func (h *hosting) text() string {
	l, at := h.class.Lesson()
	s := &l.Steps[at]
	said := fmt.Sprintf("%d of %d: %s (%s)\n%s", at+1, len(l.Steps), s.Title, s.Kind, course.PlainText(s.Text))
	if s.Question != "" {
		said += s.Question
	}
	return strings.TrimRight(said, "\n")
}

// show points at an event, or lists them.
func (h *hosting) show(text string) (string, error) {
	title, store, cursor := h.class.Shown()
	if store == nil {
		return "", errors.New("nothing is shown: this step has no recording")
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		return h.events(title, store, cursor.Row), nil
	}
	seq, err := strconv.ParseUint(strings.TrimPrefix(words[0], "#"), 10, 32)
	if err != nil {
		return "", errors.New("show needs the number of an event")
	}
	v := workshop.Verb{Do: "show", Seq: decode.Seq(seq)}
	if len(words) > 1 {
		from, to, ok := strings.Cut(words[1], "-")
		start, err1 := strconv.Atoi(from)
		end, err2 := strconv.Atoi(to)
		if !ok || err1 != nil || err2 != nil || end < start {
			return "", errors.New("bytes are FROM-TO, as in 5-20, counted from 0")
		}
		v.Start, v.End = start, end+1
	}
	return h.class.Do(v)
}

// maxListed is how many events are listed at once.
const maxListed = 200

func (h *hosting) events(title string, store *inspector.Store, at int) string {
	said := fmt.Sprintf("Everybody sees %s, %d events.", title, store.Len())
	from := max(0, min(at-maxListed/2, store.Len()-maxListed))
	for i := from; i < min(store.Len(), from+maxListed); i++ {
		e, err := store.Event(i)
		if err != nil {
			continue
		}
		said += fmt.Sprintf("\n%s %4d  %s", map[bool]string{true: "▸", false: " "}[i == at], e.Seq, headlineOf(e))
	}
	return said
}

// news says who has come, gone, and finished.
func (h *hosting) news(ctx context.Context) {
	changed, stop := h.class.Watch()
	defer stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
		t := h.class.Table()
		now := map[string]workshop.TableRow{}
		var lines []string
		for _, s := range t.Students {
			now[s.Name] = s
			before, known := h.known[s.Name]
			switch {
			case !known:
				lines = append(lines, s.Name+" has joined.")
			case before.Here && !s.Here:
				lines = append(lines, s.Name+" is away.")
			case !before.Here && s.Here && before.AllTries+before.Done > 0:
				lines = append(lines, s.Name+" is back.")
			}
			if s.Finished && !before.Finished {
				lines = append(lines, s.Name+" has finished the lesson.")
			}
		}
		for name := range h.known {
			if _, is := now[name]; !is {
				lines = append(lines, name+" is out of the class.")
			}
		}
		slices.Sort(lines)
		h.known = now
		for _, l := range lines {
			h.say("%s", l)
		}
	}
}
