package inspector

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/decode/xmlstream"
)

// DefaultMemLimit is how many bytes of events a Store keeps in memory before
// it uses a temporary file.
const DefaultMemLimit = 64 << 20

// StoreOptions of a Store. Zero values mean the defaults.
type StoreOptions struct {
	// MemLimit is how many bytes of records stay in memory. Rows (48 bytes an
	// event) come on top, up to an eighth of it and 3 MiB that are read back, and
	// what events share.
	MemLimit int64
	// CacheLimit is how many bytes read back from the file are kept; an eighth
	// of MemLimit by default.
	CacheLimit int64
	// Dir is where the temporary file is made; os.TempDir by default.
	Dir string
	// Lint are the options of the rules that every event is judged by.
	Lint lint.Options
	// Judged is set where whoever appends has the findings from elsewhere: no rule
	// is asked.
	Judged bool
}

// Store keeps all events of an input: a small row of each, the rest in a log.
// Of both the oldest spill to a file without a name. One goroutine may append
// while any number read. What the decoder made comes back equal (law 7).
type Store struct {
	spill   spillFile
	rows    rows
	first   uint32 // seq of row 0
	count   atomic.Int64
	log     pages
	words   words
	names   names
	found   Found
	remarks Remarks
	actors  Actors

	mu    sync.RWMutex // guards what follows
	byID  map[decode.ConnID]*conversation
	order []*conversation

	// Of the writer alone.
	top            decode.Seq
	lastConv       *conversation
	engine         *lint.Engine
	head           recorder
	part           []byte
	states, scopes int
}

// NewStore makes an empty store. Close releases its file.
func NewStore(o StoreOptions) *Store {
	if o.MemLimit <= 0 {
		o.MemLimit = DefaultMemLimit
	}
	if o.CacheLimit <= 0 {
		o.CacheLimit = max(o.MemLimit/8, 4*pageSize)
	}
	s := &Store{byID: make(map[decode.ConnID]*conversation)}
	if !o.Judged {
		s.engine = lint.New(o.Lint)
	}
	s.spill.dir = o.Dir
	s.rows.file, s.rows.keep = &s.spill, max(1, int(o.MemLimit/8/int64(unsafe.Sizeof(chunkOf{}))))
	s.log.limit, s.log.file = o.MemLimit, &s.spill
	s.log.cache.limit = o.CacheLimit
	s.head.words = &s.words
	return s
}

// Append keeps an event. It copies what it needs, so e and all it points to
// may be used again, but State, After and Scope, which are immutable. Events
// come in the order of their Seq, but for those that were held.
func (s *Store) Append(e *decode.Event) {
	row := int(s.count.Load())
	low := s.top
	s.top = max(s.top, e.Seq)
	c := s.lastConv
	if c == nil || c.id != e.Conn {
		c = s.convFor(e.Conn)
		s.lastConv = c
	}
	s.noteState(c, row, e)
	s.noteScope(c, row, e)
	r := rowOf(e)
	if e.Seq <= low {
		r.flags |= late
	}
	r.name, r.payload = s.names.id(e.Name), s.names.id(e.Payload)
	s.part = s.encodeLogin(c, s.part, row, e.SASL)
	r.at = s.log.write(s.head.encode(e, &r, s.part), e.Wire)
	if row == 0 {
		s.first = r.seq
	}
	s.rows.add(row, &r, low)
	c.now.Store(e.After)
	c.last.Store(int64(row))
	if c.count.Add(1) == 1 {
		c.first.Store(int64(row))
	}
	c.bytes.Add(int64(len(e.Wire)))
	if s.engine != nil {
		s.found.Add(s.engine.Event(e))
	}
	s.remarks.came(e)
	if e.Reply != 0 {
		// Before the row is published: who sees the answer, sees that its request
		// is answered.
		if i, ok := s.Find(e.Reply); ok {
			s.rows.answer(i, e.Seq)
		}
	}
	s.count.Store(int64(row) + 1)
}

// convFor finds or makes what is kept of a conversation.
func (s *Store) convFor(id decode.ConnID) *conversation {
	if c := s.byID[id]; c != nil { // only the writer changes the map
		return c
	}
	c := &conversation{id: id}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byID[id] = c
	s.order = append(s.order, c)
	return c
}

func (s *Store) conv(id decode.ConnID) *conversation {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byID[id]
}

// Len is how many events there are. Rows 0 to Len-1 can be read.
func (s *Store) Len() int { return int(s.count.Load()) }

// Row is the row of event i, 0 <= i < Len.
func (s *Store) Row(i int) Row { return s.rowAt(i).load() }

// NameOf is the expanded name of the event of a row.
func (s *Store) NameOf(r Row) xmlstream.Name {
	if n, ok := s.names.name(r.name); ok {
		return n
	}
	var e decode.Event
	if _, err := s.recordOf(&r, &e); err != nil {
		return xmlstream.Name{}
	}
	return e.Name
}

// PayloadOf is the name of the first child element of the event of a row.
func (s *Store) PayloadOf(r Row) xmlstream.Name {
	if n, ok := s.names.name(r.payload); ok {
		return n
	}
	var e decode.Event
	if _, err := s.recordOf(&r, &e); err != nil {
		return xmlstream.Name{}
	}
	return e.Payload
}

func (s *Store) rowAt(i int) *Row { return s.rows.at(i) }

// Event gives event i back whole. The Event is new; its bytes are shared and
// immutable. The error is that of the temporary file.
func (s *Store) Event(i int) (*decode.Event, error) {
	if i < 0 || i >= s.Len() {
		return nil, fmt.Errorf("inspector: no event in row %d", i)
	}
	e := new(decode.Event)
	login, err := s.record(i, e)
	if err == nil {
		err = s.share(i, e, login)
	}
	if err != nil {
		return nil, err
	}
	return e, nil
}

// share adds to an event from its record what events share.
func (s *Store) share(i int, e *decode.Event, login []byte) (err error) {
	if len(login) > 0 {
		if e.SASL, err = s.exchange(login); err != nil {
			return err
		}
	}
	if c := s.conv(e.Conn); c != nil {
		e.State, e.After = s.stateAt(c, 2*int64(i)), s.stateAt(c, 2*int64(i)+1)
		e.Scope = s.scopeAt(c, e.Dir, i)
	}
	return nil
}

// record reads event i but for what events share, and its login part.
func (s *Store) record(i int, e *decode.Event) (login []byte, err error) {
	r := s.Row(i)
	return s.recordOf(&r, e)
}

func (s *Store) recordOf(r *Row, e *decode.Event) (login []byte, err error) {
	b, err := s.log.read(r.at)
	if err != nil {
		return nil, err
	}
	login, ok := decodeRecord(b, r, &s.words, &s.names, e)
	if !ok {
		return nil, errRecord
	}
	return login, nil
}

// StateAt is what is true after event i, nil where nothing is known.
func (s *Store) StateAt(i int) *decode.State {
	c := s.conv(s.Row(i).Conn())
	if c == nil {
		return nil
	}
	return s.stateAt(c, 2*int64(i)+1)
}

// Find is the row of an event by its number.
func (s *Store) Find(seq decode.Seq) (row int, ok bool) {
	n := s.Len()
	if n == 0 || seq == 0 {
		return 0, false
	}
	// Numbers mostly run without a hole.
	if guess := int(seq) - int(s.first); guess >= 0 && guess < n && s.rowAt(guess).seq == uint32(seq) {
		return guess, true
	}
	if row, ok = s.rows.find(uint32(seq), n); !ok {
		row, ok = s.rows.findLate(uint32(seq), n)
	}
	return row, ok
}

// SetConversation keeps what the reader of the input says of a conversation.
// It may come at any time and again, from the goroutine that appends; the last
// one counts.
func (s *Store) SetConversation(c decode.Conversation) {
	s.convFor(c.Conn).sum.Store(&c)
}

// Over is SetConversation for one that has ended: its end is judged too.
func (s *Store) Over(c decode.Conversation) {
	s.SetConversation(c)
	if s.engine != nil {
		s.found.Add(s.engine.End(&c))
	}
}

// Found are the findings so far.
func (s *Store) Found() *Found { return &s.found }

// Conversations are all conversations by number. Those of which only events
// are known so far are summed up from these.
func (s *Store) Conversations() []decode.Conversation {
	s.mu.RLock()
	order := slices.Clone(s.order)
	s.mu.RUnlock()
	all := make([]decode.Conversation, 0, len(order))
	for _, c := range order {
		all = append(all, s.summary(c))
	}
	slices.SortFunc(all, func(a, b decode.Conversation) int { return int(a.Conn) - int(b.Conn) })
	return all
}

// Conversation is one of Conversations.
func (s *Store) Conversation(id decode.ConnID) (decode.Conversation, bool) {
	c := s.conv(id)
	if c == nil {
		return decode.Conversation{}, false
	}
	return s.summary(c), true
}

func (s *Store) summary(c *conversation) decode.Conversation {
	if sum := c.sum.Load(); sum != nil {
		return *sum
	}
	sum := decode.Conversation{Conn: c.id, Transport: "tcp", Events: int(c.count.Load()), Bytes: c.bytes.Load()}
	first, last := int(c.first.Load()), int(c.last.Load())
	if sum.Events == 0 || last >= s.Len() {
		return sum
	}
	sum.Start, sum.End = s.Row(first).Time(), s.Row(last).Time()
	if st := c.now.Load(); st != nil {
		sum.Profile, sum.Domain, sum.Phase = st.Profile, st.Domain, st.Phase
		sum.JID = st.JID
		if sum.JID == "" {
			sum.JID = st.Identity
		}
		sum.Encrypted = st.Layer&decode.LayerTLS != 0
		sum.TLS, sum.Decrypted = st.TLS, sum.Encrypted && st.TLS.Keys != ""
	}
	return sum
}

// Bytes tells how many bytes of records are in memory, and how many of records
// and rows in the file.
func (s *Store) Bytes() (memory, spilled int64) { return s.log.held.Load(), s.spill.end.Load() }

// Err is why nothing can be spilled any more, nil in the ordinary case.
// Everything then stays in memory.
func (s *Store) Err() error { return s.spill.failure() }

// Close gives the temporary file back. Nothing may be read afterwards.
func (s *Store) Close() error { return s.spill.close() }
