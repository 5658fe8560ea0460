package main

import (
	"slices"

	"xmppscope/captures"
	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
)

// judging finds what is wrong while a reading goes on. What shows only later
// is known beforehand where the input was read once already.
type judging struct {
	engine *lint.Engine
	ahead  bool            // late holds what shows later
	late   inspector.Found // by event
	met    int             // how many showed later so far
	now    []lint.Finding  // about the event at hand
	// tell, where set, is told of what shows later and is not known beforehand.
	tell func(*lint.Finding) error
	// leave, where set, is told of what the first of two readings has found when
	// that is interrupted; early is what there is to tell.
	leave func(*lint.Finding) error
	early []lint.Finding
}

// maxEarly bounds what an interrupted first reading leaves.
const maxEarly = 10_000

// look is the first of two readings. now and late tell whether what is found
// about the event at hand, and about earlier ones, was asked for.
func (j *judging) look(i captures.Item, now, late func(*lint.Finding) bool) {
	found := j.judge(i)
	j.late.Add(found)
	j.ahead = true
	if j.leave == nil {
		return
	}
	j.keep(j.now, now)
	j.keep(found, late)
}

func (j *judging) keep(found []lint.Finding, wanted func(*lint.Finding) bool) {
	for k := range found {
		if len(j.early) < maxEarly && wanted(&found[k]) {
			j.early = append(j.early, found[k])
		}
	}
}

// left tells what an interrupted first reading has found, in the order of the
// events.
func (j *judging) left() error {
	slices.SortStableFunc(j.early, func(a, b lint.Finding) int { return int(a.Seq) - int(b.Seq) })
	for k := range j.early {
		if err := j.leave(&j.early[k]); err != nil {
			return err
		}
	}
	return nil
}

// judge looks at an item and returns what it shows about earlier events; what
// it shows about itself is j.now.
func (j *judging) judge(i captures.Item) (late []lint.Finding) {
	j.now = j.now[:0]
	var all []lint.Finding
	var seq decode.Seq
	if i.Event != nil {
		seq = i.Event.Seq
		all = j.engine.Event(i.Event)
	} else {
		all = j.engine.End(i.Conversation)
	}
	for _, f := range all {
		if f.Seq == seq {
			j.now = append(j.now, f)
		} else {
			late = append(late, f)
		}
	}
	return late
}

// item looks at the next item of the reading that counts.
func (j *judging) item(i captures.Item) error {
	late := j.judge(i)
	if i.Event != nil && j.ahead {
		j.now = append(j.now, j.late.Of(i.Event.Seq)...)
	}
	for k := range late {
		if j.met++; j.tell == nil || j.ahead && j.met <= j.late.Len() {
			continue // told at its event
		}
		if err := j.tell(&late[k]); err != nil {
			return err
		}
	}
	return nil
}

// session is what the session knows once the event at hand has happened.
func (j *judging) session(e *decode.Event) *im.Session { return j.engine.Session(e.Conn) }

// of are the findings about the event at hand; about one that waits, what its
// own bytes break.
func (j *judging) of(e *decode.Event) []lint.Finding {
	if e.Held {
		return lint.Faults(e)
	}
	return j.now
}
