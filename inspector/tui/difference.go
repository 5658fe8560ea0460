package tui

import "unicode/utf8"

// maxCompared bounds the work of comparing two texts token by token: the
// product of their numbers of tokens, without what both begin and end with.
const maxCompared = 1 << 18

// differences are the stretches of b that a does not have, token by token: a
// word, a run of white space, or one sign is a token. They are never empty, so
// that it can be seen where something was only taken out.
func differences(a, b []byte) []stretch {
	whole := changed(a, b)
	if len(a) == 0 || len(b) == 0 || len(a)+len(b) > 2*maxXMLBytes {
		return []stretch{whole}
	}
	x, y := tokens(a), tokens(b)
	head := 0
	for head < min(len(x), len(y)) && same(a, b, x, y, head, head) {
		head++
	}
	n, m := len(x)-head, len(y)-head
	for n > 0 && m > 0 && same(a, b, x, y, head+n-1, head+m-1) {
		n, m = n-1, m-1
	}
	if n == 0 || m == 0 || n*m > maxCompared {
		return []stretch{whole}
	}
	// longest[i][j] is how many tokens the rests from i and j have in common.
	longest := make([][]uint16, n+1)
	for i := range longest {
		longest[i] = make([]uint16, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			if same(a, b, x, y, head+i, head+j) {
				longest[i][j] = longest[i+1][j+1] + 1
			}
		}
	}
	var all []stretch
	for i, j := 0, 0; j < m; {
		switch t := y[head+j]; {
		case i < n && same(a, b, x, y, head+i, head+j):
			i, j = i+1, j+1
		case i < n && longest[i+1][j] >= longest[i][j+1]:
			i++
		case len(all) > 0 && all[len(all)-1].end == t.start:
			all[len(all)-1].end = t.end
			j++
		default:
			all = append(all, t)
			j++
		}
	}
	if len(all) == 0 {
		return []stretch{whole}
	}
	return all
}

// same tells whether token i of a is token j of b.
func same(a, b []byte, x, y []stretch, i, j int) bool {
	return string(a[x[i].start:x[i].end]) == string(b[y[j].start:y[j].end])
}

// tokens cuts a text.
func tokens(p []byte) (all []stretch) {
	for at := 0; at < len(p); {
		end := at + 1
		if k := tokenKind(p[at]); k != 0 {
			for end < len(p) && tokenKind(p[end]) == k {
				end++
			}
		}
		all = append(all, stretch{start: at, end: end})
		at = end
	}
	return all
}

// tokenKind tells words and white space, whose bytes belong together, from
// signs.
func tokenKind(c byte) int {
	switch {
	case c == ' ' || c == '\t' || c == '\r' || c == '\n':
		return 1
	case isWord(c) || c >= utf8.RuneSelf:
		return 2
	}
	return 0
}
