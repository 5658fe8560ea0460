package inspector

import (
	"strings"
	"testing"

	"xmppscope/decode"
)

// spilledRows is a store of whose rows only the youngest chunk is in memory.
func spilledRows(t *testing.T) *Store {
	s := NewStore(StoreOptions{MemLimit: 1, Dir: t.TempDir(), Judged: true})
	t.Cleanup(func() { s.Close() })
	return s
}

// Numbers have holes, events are held while others pass, and answers come when
// their requests have long moved to the file: every row is found, and has its
// answer.
func TestRowsThatMovedAreFoundAndAnswered(t *testing.T) {
	s := spilledRows(t)
	const n = (maxBack + 4) * chunkRows
	held, seq := decode.Seq(0), decode.Seq(0)
	answers := map[int]decode.Seq{}
	of := make(map[decode.Seq]int, n)
	for row := range n {
		e := decode.Event{Conn: 1}
		switch {
		case held != 0 && row%300 == 0:
			e.Seq, held = held, 0
		case row%1000 == 1:
			seq += 5
			held = seq
			fallthrough
		default:
			seq++
			e.Seq = seq
		}
		if asked := row / 7 * 3; row%61 == 0 && row > 0 && answers[asked] == 0 {
			e.Reply = s.Row(asked).Seq()
			answers[asked] = e.Seq
		}
		of[e.Seq] = row
		s.Append(&e)
	}
	if err := s.Err(); err != nil || s.rows.moved != maxBack+3 {
		t.Fatalf("%d chunks have moved, %v", s.rows.moved, err)
	}
	for range 2 { // the second time all have been in memory, and made room for others
		for row := n - 1; row >= 0; row -= 3 {
			if r := s.Row(row); r.Answer() != answers[row] || r.Has(Answered) != (answers[row] != 0) {
				t.Fatalf("row %d is answered by %d, want %d", row, r.Answer(), answers[row])
			}
		}
	}
	for at := decode.Seq(0); at < seq+10; at++ {
		want, is := of[at]
		if row, ok := s.Find(at); ok != is || ok && row != want {
			t.Fatalf("Find(%d) = %d, %v, want %d, %v", at, row, ok, want, is)
		}
	}
}

// Where the file cannot be made, rows stay in memory, and the store tells.
func TestRowsStayWhereNoFileCanBeMade(t *testing.T) {
	s := NewStore(StoreOptions{MemLimit: 1, Dir: t.TempDir() + "/missing", Judged: true})
	defer s.Close()
	for i := range 3 * chunkRows {
		s.Append(&decode.Event{Seq: decode.Seq(i + 1), Conn: 1})
	}
	if s.Err() == nil || !strings.Contains(s.Err().Error(), "everything stays in memory") {
		t.Errorf("Err = %v", s.Err())
	}
	for i := range s.Len() {
		if s.Row(i).Seq() != decode.Seq(i+1) {
			t.Fatalf("row %d is lost", i)
		}
	}
}

// A file that cannot be read any more is told; what lay in it is an event that
// cannot be read back, and no other one.
func TestRowsThatCannotBeReadBack(t *testing.T) {
	s := spilledRows(t)
	for i := range 3 * chunkRows {
		s.Append(&decode.Event{Seq: decode.Seq(i + 1), Conn: 1})
	}
	s.spill.file.Close()
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	if r := s.Row(1); r.Seq() != 0 || r.Kind() != decode.KindBroken || !r.Time().IsZero() {
		t.Errorf("row 1 is %+v", r)
	}
	if _, err := s.Event(1); err == nil {
		t.Error("an event was made up")
	}
	if err := s.Err(); err == nil || !strings.Contains(err.Error(), "spill file") {
		t.Errorf("Err = %v", err)
	}
	s.Append(&decode.Event{Seq: 3*chunkRows + 1, Conn: 1, Reply: 2})
	if last := s.Row(s.Len() - 1); last.Reply() != 2 {
		t.Errorf("the row in memory is %+v", last)
	}
}
