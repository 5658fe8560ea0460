package linear

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/why"
	"xmppscope/inspector"
	"xmppscope/inspector/gate"
)

// talk is one conversation between a person and the debugger. It belongs to one
// goroutine.
type talk struct {
	*voice
	o      Options
	ctx    context.Context
	verbs  []verb
	typing <-chan string
	ahead  []string // lines that were typed while something else was waited for
	over   bool
	sure   bool // it was said what leaving loses
	warned,
	hinted bool // Ctrl-C was pressed once; it was said what can be done about what is held
	repeat string  // what an empty line does
	taken  *lesson // the lesson that is being taken; nil for none
	// hurried: nobody is to wait for what happens first on what is opened.
	hurried bool
	within  bool // what is typed is no verb: Ctrl-C gives it up

	scene
}

// scene is what is known of the source that is looked at.
type scene struct {
	src     *Source
	load    *loading
	session *inspector.Session
	told    int  // rows that were told of
	ended   bool // it was said that all connections have ended
	memory  memory
	asking  *why.Collector
	asked   int // rows that asking has seen

	breaks []gate.Break // of what is not open any more
	search string
	times  timeMode

	// Of what is open: the held unit that is looked at, 0 for none; those that were
	// announced; changes that were not sent.
	on        decode.Seq
	announced map[decode.Seq]bool
	unsaid    []string // what the source had to say, and nobody heard
	// binds is set where it was told what is done about channel binding.
	binds  bool
	drafts map[decode.Seq]string
}

// patience is how long leaving waits for a source that does not end.
const patience = time.Second

// Run talks until the person leaves, the verbs end, or ctx does. The error is
// that of Out.
func Run(ctx context.Context, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	t := &talk{voice: newVoice(o.Out, o.Interrupts), o: o, ctx: ctx, verbs: verbs()}
	t.typing = readLines(o.In, ctx.Done())
	if o.First != "" {
		t.say("%s", o.First)
	}
	switch {
	case o.Source != nil:
		t.look(o.Source)
	case o.Learn:
		t.beginLearning()
	default:
		t.offer()
	}
	for !t.over && ctx.Err() == nil && t.failed == nil {
		line, ok := t.ask(prompt)
		if !ok {
			break
		}
		t.warned = false
		t.meanwhile()
		t.obey(line)
		t.lessonOn()
	}
	t.lost()
	t.shut()
	t.flush()
	return t.failed
}

const prompt = "(xmppscope) "

// ask gives the next line; false where there is none any more.
func (t *talk) ask(prompt string) (string, bool) {
	for {
		t.broken = false
		if t.o.Typed {
			t.put(prompt)
		}
		t.flush()
		line, ok, again := t.nextLine()
		if again {
			continue
		}
		if !ok && t.o.Typed {
			t.put("\n")
		}
		if ok && !t.o.Typed {
			t.put(strings.TrimRight(prompt+inspector.Disarm(line), " ") + "\n")
		}
		return line, ok
	}
}

// nextLine waits for a line; again tells that Ctrl-C came and the prompt is gone.
func (t *talk) nextLine() (line string, ok, again bool) {
	if len(t.ahead) > 0 {
		line, t.ahead = t.ahead[0], t.ahead[1:]
		return line, true, false
	}
	select {
	case line, ok = <-t.typing:
		return line, ok, false
	case <-t.ctx.Done():
		return "", false, false
	case <-t.o.Interrupts:
		t.put("\n")
		if t.within {
			return "", false, false
		}
		if t.warned {
			t.over = true
			return "", false, false
		}
		t.warned = true
		t.put("Ctrl-C once more leaves; quit leaves and asks before anything is lost.\n")
		return "", false, true
	}
}

// obey does what a line says.
func (t *talk) obey(line string) {
	line = strings.TrimSpace(line)
	if line == "" {
		if line = t.repeat; line == "" {
			t.say("Type a verb, such as step, show or help.")
			return
		}
	}
	if strings.HasPrefix(line, "#") && !isNumber(line[1:]) {
		return // a remark in a script
	}
	v, rest, err := t.verbOf(line)
	if err == nil {
		if v.again {
			t.repeat = line
		}
		err = v.do(t, rest)
	}
	var f *fault
	switch {
	case err == nil:
	case errors.As(err, &f):
		t.say("%s", upperFirst(sentence(f.text)))
		if f.hint != "" {
			t.say("Hint: %s", sentence(f.hint))
		}
	default:
		t.say("It did not work: %s", sentence(err.Error()))
	}
}

// fault is what a person did that does not work.
type fault struct{ text, hint string }

func (f *fault) Error() string { return f.text }

// no refuses; the hint says what to do instead.
func no(text, hint string) error { return &fault{text, hint} }

// look changes to another source. The old one is given up.
func (t *talk) look(src *Source) {
	t.shut()
	t.scene = scene{src: src, load: new(loading), session: inspector.NewSession(src.Store), announced: map[decode.Seq]bool{}, drafts: map[decode.Seq]string{}}
	t.load.start(t.ctx, src.Load)
	if src.Filter != "" {
		if f, err := inspector.Compile(src.Filter); err == nil {
			t.session.SetFilter(f)
		}
	}
	if src.Live != nil {
		t.beginLive()
		return
	}
	t.read()
	t.session.Update(0)
	t.told = src.Store.Len()
	t.summary()
}

// shut gives the source up.
func (t *talk) shut() {
	if t.src == nil {
		return
	}
	if t.load.stop(patience) && t.src.Close != nil {
		t.src.Close()
	}
	t.src = nil
}

// needSource refuses verbs that are about events where there are none.
func (t *talk) needSource() error {
	if t.src == nil {
		return no("nothing is open", "open NAME opens a recording, open lists those that come with the program")
	}
	return nil
}

// row is the row of the event that is looked at.
func (t *talk) row() (int, error) {
	if err := t.needSource(); err != nil {
		return -1, err
	}
	t.session.Update(0)
	if row := t.session.Row(); row >= 0 {
		return row, nil
	}
	switch {
	case t.src.Store.Len() == 0 && t.load.running():
		return -1, no("nothing has happened yet", "wait tells what happens")
	case t.src.Store.Len() == 0:
		return -1, no("there are no events here", "")
	}
	return -1, no("the filter lets no event through", "filter off shows all of them")
}

// fields cuts an argument into words.
func fields(arg string) []string { return strings.Fields(arg) }

// takeWord cuts the first word off.
func takeWord(arg string) (word, rest string) {
	word, rest, _ = strings.Cut(strings.TrimSpace(arg), " ")
	return word, strings.TrimSpace(rest)
}

func isNumber(s string) bool {
	return s != "" && !slices.ContainsFunc([]byte(s), func(c byte) bool { return c < '0' || c > '9' })
}
