package samples

import "strings"

// near returns the sample names that someone who typed name may have meant, in teaching order: those that contain it
// or a word of it, and those a few typing errors away, fewer for a short name. It returns all names if none is near.
func near(name string) []string {
	name = strings.ToLower(name)
	errors := min(3, (len(name)+1)/2)
	var like, all []string
	for _, s := range table {
		all = append(all, s.Name)
		if sharesWord(name, s.Name) || distance(name, s.Name) <= errors {
			like = append(like, s.Name)
		}
	}
	if like == nil {
		return all
	}
	return like
}

// sharesWord reports whether a word of the typed name (three letters or more) stands in the sample's name.
func sharesWord(typed, name string) bool {
	words := strings.FieldsFunc(typed, func(r rune) bool { return r == '-' || r == '_' || r == ' ' || r == '.' })
	for _, w := range words {
		if len(w) >= 3 && strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// distance is the number of bytes to insert, remove or change to make a into b. Names longer than any sample's are
// not measured: the work grows with the product of the lengths, and the name comes from outside.
func distance(a, b string) int {
	const longest = 64
	if len(a) > longest || len(b) > longest {
		return longest
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
