package inspector

import "testing"

func TestFoundKeepsFindingsByEvent(t *testing.T) {
	var f Found
	f.Add([]Finding{{Rule: "a", Seq: 2, Level: LevelNote}, {Rule: "b", Seq: 1, Level: LevelError}})
	f.Add([]Finding{{Rule: "c", Seq: 2, Level: LevelWarning}})
	if of := f.Of(2); len(of) != 2 || of[0].Rule != "a" || of[1].Rule != "c" {
		t.Errorf("about event 2: %+v", of)
	}
	if f.Level(2) != LevelWarning || f.Level(1) != LevelError || f.Level(3) != LevelNone {
		t.Errorf("levels are %v %v %v", f.Level(1), f.Level(2), f.Level(3))
	}
	if rest := f.From(2); len(rest) != 1 || rest[0].Rule != "c" || f.From(3) != nil {
		t.Errorf("the third and later are %+v", rest)
	}
	f.Add(make([]Finding, maxFound))
	if f.Len() != maxFound || f.Count(LevelNone) != maxFound || f.Count(LevelError) != 1 {
		t.Errorf("%d kept, %d counted", f.Len(), f.Count(LevelNone))
	}
}
