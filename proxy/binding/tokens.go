package binding

import "sync"

// Bounds of what a store of tokens remembers.
const (
	maxAccounts   = 1024
	maxTokens     = 8 // of one account
	maxTokenBytes = 4096
)

// Tokens remembers the tokens that servers gave out for later logins (XEP-0484
// §3.3), so that those logins can be bound anew: the latest eight of an account,
// the latest 1024 accounts. One store is shared by the connections of a proxy; the
// zero Tokens is ready, a nil one remembers nothing. It never shows a token.
type Tokens struct {
	mu    sync.Mutex
	of    map[account][]string
	order []account
}

type account struct{ user, domain string }

func (t *Tokens) put(a account, token string) {
	if t == nil || a.user == "" || token == "" || len(token) > maxTokenBytes || len(a.user)+len(a.domain) > maxTokenBytes {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == nil {
		t.of = map[account][]string{}
	}
	old, known := t.of[a]
	if !known {
		if len(t.order) == maxAccounts {
			delete(t.of, t.order[0])
			t.order = t.order[1:]
		}
		t.order = append(t.order, a)
	}
	t.of[a] = append([]string{token}, old[:min(len(old), maxTokens-1)]...)
}

// get lists the tokens of an account, the latest first.
func (t *Tokens) get(a account) []string {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.of[a]
}
