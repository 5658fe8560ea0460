package ca

import (
	"container/list"
	"crypto/tls"
	"sync"
	"time"
)

// maxLeaves is how many certificates are kept; a client may name any domain.
const maxLeaves = 256

// leaves keeps certificates, the latest used ones. The zero value is empty.
type leaves struct {
	mu    sync.Mutex
	byKey map[string]*list.Element // of *entry
	order list.List                // the latest used first
}

// entry is a certificate that is made once, whoever waits for it.
type entry struct {
	key  string
	once sync.Once
	cert *tls.Certificate
	err  error
	// until is when another is made; guarded by leaves.mu, zero while it is made.
	until time.Time
}

// get finds the certificate of a key, or makes it. Those who want the same one
// meanwhile wait, those who want others do not.
func (l *leaves) get(key string, now time.Time, mint func() (*tls.Certificate, error)) (*tls.Certificate, error) {
	e := l.place(key, now)
	e.once.Do(func() {
		e.cert, e.err = mint()
		l.settle(e)
	})
	return e.cert, e.err
}

// place finds or makes the entry of a key.
func (l *leaves) place(key string, now time.Time) *entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	if at, ok := l.byKey[key]; ok {
		e := at.Value.(*entry)
		if e.until.IsZero() || now.Before(e.until) {
			l.order.MoveToFront(at)
			return e
		}
		l.remove(at)
	}
	if l.byKey == nil {
		l.byKey = map[string]*list.Element{}
	}
	e := &entry{key: key}
	l.byKey[key] = l.order.PushFront(e)
	for l.order.Len() > maxLeaves {
		l.remove(l.order.Back())
	}
	return e
}

func (l *leaves) remove(at *list.Element) {
	l.order.Remove(at)
	delete(l.byKey, at.Value.(*entry).key)
}

// settle notes how long an entry is good; what failed is tried again by the
// next.
func (l *leaves) settle(e *entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.err == nil {
		e.until = e.cert.Leaf.NotAfter.Add(-renewal)
		return
	}
	if at, ok := l.byKey[e.key]; ok && at.Value.(*entry) == e {
		l.remove(at)
	}
}
