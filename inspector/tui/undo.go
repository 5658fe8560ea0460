package tui

// undone is what was chosen on the screen and can be chosen otherwise again.
// Nothing of it went on the wire; what did cannot be undone.
type undone struct {
	what string
	back func()
}

// maxUndone bounds what is remembered.
const maxUndone = 50

// undoable remembers how to take something back. what is said when that is done:
// "the filter".
func (u *ui) undoable(what string, back func()) {
	if u.undos = append(u.undos, undone{what, back}); len(u.undos) > maxUndone {
		u.undos = u.undos[1:]
	}
}

// takeBack takes the last choice back. It tells whether there was one.
func (u *ui) takeBack() bool {
	n := len(u.undos)
	if n == 0 {
		return false
	}
	last := u.undos[n-1]
	u.undos = u.undos[:n-1]
	last.back()
	u.say(noteGood, last.what+" is taken back")
	if n > 1 {
		u.message.more = "; u once more takes back " + u.undos[n-2].what
	}
	return true
}
