package workshop

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"xmppscope/lessons/course"
)

// overtaken keeps the next answer that is a step alone until arrive is called.
const overtaken = `(() => { const asks = window.fetch; window.fetch = async (path, o) => {
	const answer = await asks(path, o);
	if (!path.endsWith("/step") || window.arrive) return answer;
	const text = await answer.text();
	await new Promise(go => { window.arrive = go; });
	setTimeout(() => { window.arrived = true; }, 100);
	return new Response(text);
} })()`

// Two students with nothing but a browser, and the teacher with another one: they
// join, answer, are taken along, one loses the page and comes back; what is on
// the wire is text in the page and nothing else.
func TestTwoStudentsInABrowser(t *testing.T) {
	r := hold(t, func(o *Options) {
		o.Stages = func(context.Context, course.Scene) (course.Stage, error) { return newFakeStage(), nil }
	})
	b := browse(t)
	page := "http://" + r.addr
	anna, bert := b.person(page+"/#"+r.class.Token()), b.person(page+"/")
	anna.sees("Join the class")
	if got := anna.js("document.querySelector('#token').value + ' ' + location.hash"); got != r.class.Token()+" " {
		t.Error("the token in the link: ", got)
	}
	anna.picture("1-door")
	anna.types("#name", "Anna")
	anna.press("Join")
	bert.sees("Join the class")
	bert.types("#name", "<img src=x onerror=alert(1)>")
	bert.types("#token", "other-class-token")
	bert.press("Join")
	bert.sees("This is not the token of this class")
	bert.types("#token", strings.ToUpper(r.class.Token()))
	bert.press("Join")
	for _, p := range []*tab{anna, bert} {
		p.sees("What the client sends")
		p.sees("logs in with PLAIN")
	}
	anna.sees("Stars stand for what lets somebody in")
	anna.picture("2-read")
	if got := bert.js("document.querySelectorAll('#who img').length + document.querySelector('#who').textContent"); got != "0<img src=x onerror=alert(1)>" {
		t.Error(got)
	}

	// The teacher's page.
	teacher := b.person(page + "/teacher")
	teacher.sees("The teacher’s secret")
	teacher.types("#secret", r.class.Token())
	teacher.press("Enter")
	teacher.sees("not the secret of the teacher")
	teacher.types("#secret", r.class.Teacher())
	teacher.press("Enter")
	teacher.sees("2 in the class, 2 here now")
	teacher.js("document.querySelector('#step').value = 2")
	teacher.press("Everybody")
	teacher.sees("Everybody is at step 2")

	// They answer, one wrong and one right.
	for _, p := range []*tab{anna, bert} {
		p.sees("What does the server send?")
	}
	anna.js(overtaken)
	anna.js("document.querySelectorAll('input[name=choice]')[1].click()")
	focus := "document.activeElement.tagName + ' ' + document.activeElement.textContent"
	anna.js("document.querySelector('form.task button').focus()")
	anna.press("Check")
	anna.sees("That answers <starttls/>")
	if got := anna.js(focus); got != "BUTTON Check" { // with keys alone one goes on from here
		t.Errorf("after an answer the focus is at %q", got)
	}
	until(t, "the page asks for the step", func() bool { return anna.js("typeof arrive") == "function" })
	anna.press("Hint (3 left)")
	anna.sees("Hint (2 left)")
	anna.js("arrive()")
	until(t, "the answer has come", func() bool { return anna.js("String(window.arrived)") == "true" })
	if got := anna.js("document.querySelector('.footer').textContent"); !strings.Contains(got, "(2 left)") {
		t.Errorf("what was overtaken is shown: %q", got)
	}
	anna.picture("3-wrong")
	bert.js("document.querySelectorAll('input[name=choice]')[0].click()")
	bert.press("Check")
	bert.sees("And so it was.")
	bert.js("document.querySelector('.footer .go').focus()")
	bert.press("Next")
	bert.sees("Ask for a resource.")
	if got := bert.js(focus); !strings.HasPrefix(got, "H1 ") {
		t.Errorf("in a new step the focus is at %q", got)
	}
	bert.types("textarea", "<iq type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
	bert.press("Check")
	bert.sees("<resource/> is missing in <bind/>")
	if got := bert.js("document.querySelector('textarea').value"); !strings.HasPrefix(got, "<iq") {
		t.Error("what was typed is gone: ", got)
	}
	until(t, "the table has it", func() bool {
		a, b := r.row("Anna"), r.row("<img src=x onerror=alert(1)>")
		return a.Tries == 1 && a.Hints == 1 && a.Step == 2 && b.Step == 3 && b.Done == 1 && b.Tries == 1
	})
	teacher.sees("1 at your step")
	teacher.picture("4-teacher")

	// The page is loaded again, and everything is there.
	bert.call("Page.reload", nil, nil)
	bert.sees("Ask for a resource.")
	bert.sees("<resource/> is missing in <bind/>")

	// Everybody to the step that asks for bytes: chosen in the text with a mouse,
	// and by typing.
	if err := r.class.Everybody(r.step("find-it")); err != nil {
		t.Fatal(err)
	}
	r.class.SetSecrets(true)
	for _, p := range []*tab{anna, bert} {
		p.sees("Where is the password?")
		p.js("[...document.querySelectorAll('#rows li')].find(l => l.textContent.includes('logs in with PLAIN')).click()")
		p.sees("Chosen: event")
		p.sees("AG1iZWQAbWlycm9y")
	}
	anna.types("form.task input", "AG1iZWQAbWlycm9y")
	anna.sees(", bytes ")
	bert.js(`(() => { const n = document.querySelector('#detail pre').firstChild.firstChild; const i = n.data.indexOf('AG1i');
		const r = document.createRange(); r.setStart(n, i); r.setEnd(n, i + 16); getSelection().removeAllRanges(); getSelection().addRange(r);
		document.dispatchEvent(new MouseEvent('mouseup')); })()`)
	bert.sees(", bytes ")
	for _, p := range []*tab{anna, bert} {
		p.press("Check")
		p.sees("Right.")
	}
	anna.picture("5-find")

	// A word is looked up.
	anna.types("#word", "nonza")
	anna.js("document.querySelector('#look').requestSubmit()")
	anna.sees("goes no further than the other end of the connection")
	anna.picture("5-word")
	anna.press("Close")

	// The teacher points, and whoever follows sees it.
	anna.js("document.querySelector('#follow').click()")
	_, store, _ := r.class.Shown()
	e, err := store.Event(store.Len() - 1)
	if err != nil || !r.class.Point(e.Seq, 0, 4) {
		t.Fatal(err)
	}
	anna.sees("◀ teacher")
	until(t, "the event is shown", func() bool {
		return anna.js("document.querySelector('#rows .chosen .seq').textContent") == fmt.Sprint(e.Seq)
	})
	anna.picture("6-follow")

	for id, p := range map[string]*tab{"take-it-apart": anna, "put-in-order": bert} {
		if err := r.class.Everybody(r.step(id)); err != nil {
			t.Fatal(err)
		}
		if id == "take-it-apart" {
			p.sees("passwd")
			if got := p.js("[...document.querySelectorAll('.field')].find(f => f.textContent.includes('passwd')).querySelector('input').type"); got != "password" {
				t.Error(got)
			}
			p.js("[...document.querySelectorAll('.field')].forEach(f => f.querySelector('input').value = {authzid: '', authcid: 'mbed', passwd: 'mirror'}[f.querySelector('code').textContent])")
		} else {
			p.sees("How does it go?")
			p.js("(() => { const right = ['open', 'starttls', 'auth', 'bind']; document.querySelectorAll('label.choice').forEach(l => l.querySelector('input').value = right.indexOf(l.querySelector('span').textContent) + 1) })()")
		}
		p.press("Check")
		p.sees("Right.")
	}
	bert.picture("7-order")

	// A live step.
	if err := r.class.Everybody(r.step("do-it")); err != nil {
		t.Fatal(err)
	}
	anna.sees("played for you alone")
	anna.press("Begin")
	anna.sees("Held: decide what is to happen")
	until(t, "what is held is in the box", func() bool {
		return strings.Contains(anna.js("document.querySelector('.held textarea').value"), "AG1iZWQAbWlycm9y")
	})
	anna.picture("8-held")
	anna.js("(() => { const t = document.querySelectorAll('.held textarea')[1]; t.value = t.value.replace('mirror', 'wrong'); t.dispatchEvent(new Event('input')) })()")
	if got := anna.js("document.querySelector('.held textarea').value"); !strings.Contains(got, ">AG1iZWQAd3Jvbmc=<") {
		t.Error(got)
	}
	anna.press("Send as edited")
	anna.sees("Right.")
	anna.picture("9-done")

	// One is sent out, and for the others the class ends in its own time.
	teacher.js("window.confirm = () => true")
	if r.class.Kick("Anna") != 1 {
		t.Error("nobody sent out")
	}
	anna.sees("The teacher has sent you out of the class")
	r.class.Close()
	bert.sees("The class is over")
	for who, p := range map[string]*tab{"anna": anna, "bert": bert, "teacher": teacher} {
		p.mu.Lock()
		for _, bad := range p.bad {
			if strings.Contains(bad, `"level":"verbose"`) {
				continue
			}
			if !strings.Contains(bad, "40") && !strings.Contains(bad, "ERR_CONNECTION") && !strings.Contains(bad, "503") { // refusals are told so, too
				t.Error(who, bad)
			}
		}
		p.mu.Unlock()
	}
}
