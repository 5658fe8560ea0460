package im

import (
	"fmt"
	"slices"
	"testing"
)

func keys(t *table[string, int]) (all []string) {
	for k := range t.all() {
		all = append(all, k)
	}
	return all
}

// The oldest goes first, by number and by size; what is at hand stays.
func TestTableForgetsTheOldest(t *testing.T) {
	tab := newTable[string, int](3, 100)
	for i := range 5 {
		tab.put(fmt.Sprint(i), i, 10)
	}
	if got := keys(&tab); !slices.Equal(got, []string{"2", "3", "4"}) || tab.forgotten != 2 {
		t.Errorf("left are %v, forgotten %d", got, tab.forgotten)
	}
	tab.put("3", 33, 85) // now 105 bytes
	if got := keys(&tab); !slices.Equal(got, []string{"3", "4"}) || *tab.get("3") != 33 || tab.bytes != 95 {
		t.Errorf("left are %v in %d bytes", got, tab.bytes)
	}
	tab.put("x", 1, 1000) // larger than all: it stays alone
	if got := keys(&tab); !slices.Equal(got, []string{"x"}) {
		t.Errorf("left are %v", got)
	}
	tab.remove("x")
	tab.remove("x")
	if tab.len() != 0 || tab.bytes != 0 || tab.first != nil || tab.last != nil {
		t.Errorf("%d entries, %d bytes left", tab.len(), tab.bytes)
	}
}

// Entries may go while they are walked over.
func TestTableRemoveWhileWalking(t *testing.T) {
	tab := newTable[string, int](10, 100)
	for i := range 6 {
		tab.put(fmt.Sprint(i), i, 1)
	}
	for k, v := range tab.all() {
		if *v%2 == 0 {
			tab.remove(k)
		}
	}
	if got := keys(&tab); !slices.Equal(got, []string{"1", "3", "5"}) || *find(&tab, []byte("5")) != 5 || find(&tab, []byte("4")) != nil {
		t.Errorf("left are %v", got)
	}
}

func TestClip(t *testing.T) {
	long := ""
	for len(long) < maxText+10 {
		long += "é€"
	}
	if c := clip(long); len(c) > maxText || len(c) < maxText-3 || long[:len(c)] != c || !slices.Contains([]rune{'é', '€'}, []rune(c)[len([]rune(c))-1]) {
		t.Errorf("%d bytes are left", len(c))
	}
}
