package inspector

import "sync/atomic"

// published grows at its end by one writer while any number of readers look at
// what is there already, without locks: what has been published never moves
// under a reader and never changes.
type published[T any] struct {
	now atomic.Pointer[[]T]
	own []T // the writer's view; shares its array with now
}

// add publishes one more element. Only the writer may call it.
func (l *published[T]) add(v T) {
	l.own = append(l.own, v)
	all := l.own
	l.now.Store(&all)
}

// all are the elements published so far.
func (l *published[T]) all() []T {
	if p := l.now.Load(); p != nil {
		return *p
	}
	return nil
}
