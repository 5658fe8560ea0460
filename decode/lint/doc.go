// Package lint says what is wrong, or worth knowing, in a conversation. A rule
// is a value of the table in table.go: what it says, how grave it is, who is to
// blame, the section that says so, and what to do. Rules that look at the same
// things are a group, which is one file.
//
// It must not know where events come from, how findings are shown, or the time:
// it judges by what stands on the wire and by the times of the events. Where
// the wire does not show enough it is silent, and says so when asked.
package lint
