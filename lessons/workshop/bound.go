package workshop

// Bounds of a step as it is shown on a screen: a class that tells more is no
// class, and must not keep the screen busy.
const (
	maxTexts = 200      // things of one sort
	maxRun   = 8 << 10  // bytes of one
	maxStep  = 96 << 10 // bytes of all blocks
)

// bound cuts what is too much of a step.
func (v *StepView) bound() {
	for _, s := range []*string{&v.Lesson, &v.LessonTitle, &v.Goal, &v.Title, &v.Question, &v.Given, &v.Recording} {
		*s = cut(*s, maxRun)
	}
	for _, all := range []*[]string{&v.Choices, &v.Wants, &v.Hints} {
		*all = boundTexts(*all)
	}
	v.Fields = v.Fields[:min(len(v.Fields), maxTexts)]
	for i := range v.Fields {
		v.Fields[i].Name = cut(v.Fields[i].Name, maxRun)
	}
	if v.Last != nil {
		v.Last.Said, v.Last.Missing = cut(v.Last.Said, maxRun), boundTexts(v.Last.Missing)
	}
	room := maxStep
	for _, all := range []*[]Block{&v.Intro, &v.Text, &v.After} {
		*all = boundBlocks(*all, &room)
	}
}

func boundTexts(all []string) []string {
	all = all[:min(len(all), maxTexts)]
	for i := range all {
		all[i] = cut(all[i], maxRun)
	}
	return all
}

// boundBlocks cuts blocks where there is no room for more.
func boundBlocks(all []Block, room *int) []Block {
	for i := range all {
		b := &all[i]
		b.Text, b.Lang = boundRuns(b.Text, room), cut(b.Lang, 40)
		for k := range b.Cells {
			b.Cells[k] = boundRuns(b.Cells[k], room)
		}
		b.Inside = boundBlocks(b.Inside, room)
		if *room -= 16; *room <= 0 {
			return all[:i+1]
		}
	}
	return all
}

func boundRuns(all []Run, room *int) []Run {
	for i := range all {
		all[i].Text = cut(all[i].Text, max(0, *room))
		if *room -= len(all[i].Text) + len(all[i].Link) + len(all[i].Term) + 16; *room <= 0 {
			return all[:i+1]
		}
	}
	return all
}

// cut is the beginning of a text, whole characters of it.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n]
}
