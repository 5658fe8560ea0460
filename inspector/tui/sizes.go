package tui

// sizes are the shares of the panes that a person has chosen. Shares and not
// cells are kept, so that they fit the next terminal too.
type sizes struct {
	// Split is the list's share of the width beside the details, Third its share
	// where there are two panes of details; Fold the details' share of the height
	// below the list; Pair the second details' share of the width of both.
	Split, Third, Fold, Pair share
	// Convs and Held are the shares of the height of the left side.
	Convs, Held share
	// Lesson is the share of the width of the pane of a lesson, LessonFold that of
	// the height where it lies below the others.
	Lesson, LessonFold share
}

// parted is how the screen is parted into panes.
type parted struct {
	pair  bool // two panes of details are wanted, where there is room
	sizes sizes
	// dragged is the border that the mouse holds while drags, moved whether it
	// has been moved since.
	dragged      borderName
	drags, moved bool
	noKeeping    bool        // the folder for what is remembered cannot be written
	places       []hintPlace // of the hints in the last line
	monochrome   bool        // the environment asks for no colours
	skin         string      // as chosen on the screen; empty for that of the options
}

// share is a part of a length in thousandths; 0 where none was chosen.
type share int

// of is how much of a length that is: without a choice the usual amount. A
// choice leaves at least so much of it, and at least so much of the rest, where
// there is enough for both.
func (s share) of(length, usual, least, rest int) int {
	if s <= 0 {
		return usual
	}
	n := (length*int(s) + 500) / 1000
	return max(min(n, length-rest), min(least, length/2), 0)
}

// shareOf is the share that makes n of a length. n may lie outside.
func shareOf(n, length int) share {
	if length <= 0 {
		return 0
	}
	return share(max(1, min((max(n, 0)*1000+length/2)/length, 1000)))
}
