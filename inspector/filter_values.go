package inspector

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"
)

// ValuesOf lists what a field of the filter language has in the newest events of
// a store, what is most frequent first, as it is written in an expression: text
// in quotes, numbers bare. It gives up after budget, and lists at most most
// values; none is longer than 80 bytes. An unknown field has none.
func ValuesOf(s *Store, name string, most int, budget time.Duration) []string {
	f := fieldNamed(name)
	if f == nil || f.sort == sortYes || f.sort == sortTime {
		return nil
	}
	deadline := time.Now().Add(budget)
	counts := map[string]int{}
	v := &evaluation{}
	v.s.eval, v.s.filter = v, &Filter{}
	for i := s.Len() - 1; i >= 0; i-- {
		v.s.reset()
		v.s.row, v.s.store, v.s.index = s.Row(i), s, i
		v.s.name, v.s.payload = s.NameOf(v.s.row), s.PayloadOf(v.s.row)
		for _, text := range f.valuesIn(&v.s) {
			if text != "" && len(text) <= 80 && (counts[text] > 0 || len(counts) < 1000) {
				counts[text]++
			}
		}
		if i%16 == 0 && time.Now().After(deadline) {
			break
		}
	}
	all := make([]string, 0, len(counts))
	for text := range counts {
		all = append(all, text)
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	all = all[:min(len(all), most)]
	if f.sort != sortNumber {
		for i := range all {
			all[i] = strconv.Quote(all[i])
		}
	}
	return all
}

// valuesIn are the values of the field in one event.
func (f *field) valuesIn(s *subject) []string {
	switch {
	case f.text != nil:
		return []string{f.text(s)}
	case f.number != nil:
		return []string{strconv.Itoa(f.number(s))}
	case f.texts != nil:
		return f.texts(s)
	}
	return nil
}

// MatchRowCounted is MatchRow for a condition that may ask how often it held
// before, as [Filter.MatchCounted] is for Match.
func (f *Filter) MatchRowCounted(s *Store, i, hits int) (now, counts bool) {
	if now = f.matchRow(s, i, hits); now || !f.UsesHits() {
		return now, now
	}
	try := []int{0, math.MaxInt32}
	for _, digits := range numbers.FindAllString(f.text, 64) {
		if n, err := strconv.Atoi(digits); err == nil && n < math.MaxInt32 {
			try = append(try, n-1, n, n+1)
		}
	}
	return false, slices.ContainsFunc(try, func(n int) bool { return f.matchRow(s, i, n) })
}

// Operators are those that a field of the filter language can be compared with;
// none for an unknown field.
func Operators(name string) []string {
	f := fieldNamed(name)
	switch {
	case f == nil || f.sort == sortYes:
		return nil
	case f.sort == sortNumber || f.sort == sortTime || f.sort == sortLevel:
		return []string{"==", "!=", "<", "<=", ">", ">=", "in"}
	}
	return []string{"==", "!=", "contains", "matches", "in"}
}
