package workshop

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/inspector/live"
	"xmppscope/lessons/course"
)

// stageVerbs are what a student may do on a stage. It is theirs alone.
var stageVerbs = []string{"forward", "edit", "drop", "inject", "replay", "close", "step", "next", "continue", "pause"}

// maxStage is how long a stage may be played, watchStage how often it is looked at.
const (
	maxStage   = 20 * time.Minute
	watchStage = 150 * time.Millisecond
)

// What a student sends on a stage is kept in its recording, many times its size:
// maxSent bounds all of it, in bytes, and each costs at least leastSent.
const (
	maxSent   = 1 << 20
	leastSent = 512
)

// stage is a live step that is played for one student.
type stage struct {
	course.Stage
	rec     *recording
	task    course.Task
	stop    context.CancelFunc
	ended   chan struct{}
	mu      sync.Mutex
	sent    int // bytes, of maxSent
	held    int
	playing bool
	missing []string
	said    string
	told    []string
}

// Stage is how a stage stands.
type Stage struct {
	Recording string   `json:"recording"`
	Len       int      `json:"len"`
	Held      int      `json:"held"`
	Playing   bool     `json:"playing"`
	Said      string   `json:"said,omitempty"`
	Missing   []string `json:"missing,omitempty"`
	// Told is what the clients said went wrong.
	Told []string `json:"told,omitempty"`
}

func (st *stage) view() *Stage {
	if st == nil {
		return nil
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	return &Stage{Recording: st.rec.id, Len: st.rec.store.Len(), Held: st.held, Playing: st.playing, Said: st.said, Missing: st.missing, Told: st.told}
}

// Waiting is something that is held on a stage.
type Waiting struct {
	Detail
	Why  string `json:"heldWhy,omitempty"`
	XML  string `json:"xml"`
	Done string `json:"decided,omitempty"`
	// Since is when it came, Event what it would be if it went on now, for terminals.
	Since time.Time `json:"since,omitzero"`
	Event *Frame    `json:"frame,omitempty"`
}

// beginStage plays the scene of the step at hand.
func (c *Class) beginStage(s *student) error {
	s.endStage()
	s.mu.Lock()
	step := s.walk.Step()
	s.mu.Unlock()
	scene := step.Live()
	switch {
	case scene == nil:
		return errors.New("this step has nothing to play")
	case c.o.Stages == nil:
		return errors.New("live steps are not played in this class; look at the teacher's screen")
	}
	select {
	case c.stages <- struct{}{}:
	default:
		return refuse(http.StatusServiceUnavailable, "too many live steps are played at the moment; try again when others have done theirs")
	}
	ctx, stop := context.WithTimeout(c.ctx, maxStage)
	played, err := c.o.Stages(ctx, *scene)
	if err != nil {
		stop()
		<-c.stages
		return err
	}
	st := &stage{Stage: played, task: step.Task, stop: stop, ended: make(chan struct{}), playing: true,
		rec: &recording{id: "s" + secretOf(1), title: "your own stage", store: played.Store()}}
	s.mu.Lock()
	earlier := s.stage
	s.stage = st
	s.mu.Unlock()
	earlier.end()
	go func() { // the end of the class ends ctx; then there is nobody to look
		c.watch(ctx, s, st)
		st.Close()
		<-c.stages
		close(st.ended)
	}()
	return nil
}

// endStage ends what is played for a student.
func (s *student) endStage() {
	s.mu.Lock()
	st := s.stage
	s.stage = nil
	s.mu.Unlock()
	st.end()
}

func (st *stage) end() {
	if st != nil {
		st.stop()
		<-st.ended
	}
}

// watch looks at what passes until ctx ends.
func (c *Class) watch(ctx context.Context, s *student, st *stage) {
	tick := time.NewTicker(watchStage)
	defer tick.Stop()
	length, over := -1, st.Over()
	for {
		select {
		case <-ctx.Done():
			return
		case <-over:
			over = nil
		case <-tick.C:
		}
		held := 0
		for _, h := range st.Watch().Held() {
			if h.Decided == "" {
				held++
			}
		}
		n := st.rec.store.Len()
		st.mu.Lock()
		same := n == length && held == st.held && st.playing == (over != nil)
		st.held, st.playing, st.told = held, over != nil, lastOf(st.Told(), 5)
		st.mu.Unlock()
		if same {
			continue
		}
		length = n
		c.judge(s, st)
		s.wake()
	}
}

func lastOf(all []string, n int) []string { return all[max(0, len(all)-n):] }

// judge looks whether what has passed is what the step wants.
func (c *Class) judge(s *student, st *stage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stage != st || s.walk.Step().Task != st.task {
		return
	}
	v := verdictOf(s.walk.Watch(&course.Place{Store: st.rec.store, Row: -1}))
	if before := s.now.done; v.Done {
		if s.stand(); s.now.done != before {
			go c.wakeTeachers()
		}
	}
	st.mu.Lock()
	st.said, st.missing = v.Said, v.Missing
	st.mu.Unlock()
}

// stageRequest is what a student does with a stage.
type stageRequest struct {
	Do string `json:"do"` // begin, end, or act
	// Of act.
	Act live.Act `json:"act"`
}

func (c *Class) apiStage(s *student, r *http.Request) (any, error) {
	var q stageRequest
	if err := read(r, &q); err != nil {
		return nil, err
	}
	switch q.Do {
	case "begin":
		s.mu.Lock()
		ok := s.answers.take(answerRate(), time.Now())
		s.mu.Unlock()
		if !ok {
			return nil, errSlowly
		}
		err := c.beginStage(s)
		s.wake()
		return nil, err
	case "end":
		s.endStage()
		s.wake()
		return nil, nil
	case "act":
		return nil, c.act(s, q.Act)
	}
	return nil, refuse(http.StatusBadRequest, "a stage can begin, end, or be acted on")
}

func (c *Class) act(s *student, a live.Act) error {
	if !slices.Contains(stageVerbs, a.Do) {
		return refuse(http.StatusBadRequest, "on a stage you can: %s", strings.Join(stageVerbs, ", "))
	}
	s.mu.Lock()
	st := s.stage
	s.mu.Unlock()
	if st == nil {
		return refuse(http.StatusConflict, "nothing is played; begin first")
	}
	a.Expr, a.ID = "", 0
	if err := st.afford(a); err != nil {
		return err
	}
	if a.Do == "edit" || a.Do == "inject" {
		a.Force = true // what is wrong with it is what somebody wants to see
	}
	if err := st.Watch().Do(a); err != nil {
		return refuse(http.StatusConflict, "%s", inspector.Disarm(err.Error()))
	}
	return nil
}

// afford counts what is put on the wire of a stage.
func (st *stage) afford(a live.Act) error {
	size := 0
	switch a.Do {
	default:
		return nil
	case "edit", "inject":
		if a.XML != nil {
			size = len(*a.XML)
		}
	case "replay":
		if row, ok := st.rec.store.Find(a.Seq); ok {
			size = st.rec.store.Row(row).Len()
		}
		if a.XML != nil {
			size = max(size, len(*a.XML))
		}
	}
	if size > maxAnswer {
		return refuse(http.StatusRequestEntityTooLarge, "that was too long")
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.sent+max(size, leastSent) > maxSent {
		return refuse(http.StatusConflict, "so much has been sent on this stage that there is no room for more; begin again")
	}
	st.sent += max(size, leastSent)
	return nil
}

// apiHeld lists what is held. The secrets in it are those of made-up accounts, and
// of nobody but who plays.
func (c *Class) apiHeld(s *student, _ *http.Request) (any, error) {
	s.mu.Lock()
	st := s.stage
	s.mu.Unlock()
	all := []Waiting{}
	if st == nil {
		return all, nil
	}
	for _, h := range st.Watch().Held() {
		if len(all) == 20 {
			break
		}
		all = append(all, st.waiting(&h))
	}
	return all, nil
}

func (st *stage) waiting(h *live.Waiting) Waiting {
	e := h.Event
	if e == nil {
		e = &decode.Event{Seq: h.Seq, Dir: h.Dir}
	}
	v := seen{st.rec, -1, true}
	w := Waiting{Detail: detailOf(v, -1, e), Why: inspector.Disarm(h.Why), Done: h.Decided}
	f := frameOf(v, e)
	w.Seq, w.Since, w.Event = h.Seq, h.Since, &f
	if text := e.Text(); len(text) <= maxText {
		w.XML = inspector.DisarmLines(string(text))
	}
	return w
}
