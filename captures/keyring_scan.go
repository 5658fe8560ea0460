package captures

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// ScanSecrets collects the Decryption Secrets Blocks of a pcapng file, wherever
// they stand; other captures have none. It passes over everything else, without
// reading it where the file can be read at any place. Where the file is
// damaged, what was found before counts. It ends early when stop is done.
func ScanSecrets(stop context.Context, path string) ([]Secret, error) {
	if stop == nil {
		stop = context.Background()
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() {
		return nil, errors.Join(err, errors.ErrUnsupported)
	}
	var magic [4]byte
	if _, err := f.ReadAt(magic[:], 0); err != nil {
		return nil, err
	}
	if magic != sectionMagic {
		return scanPacked(stop, path)
	}
	s := blockScan{f: f}
	if !s.run(stop) && stop.Err() == nil {
		return scanPacked(stop, path) // who resumes behind damage finds more
	}
	return s.found, nil
}

// scanPacked looks through what must be read from its beginning: a compressed
// capture, a damaged one.
func scanPacked(stop context.Context, path string) ([]Secret, error) {
	r, err := OpenFile(path, OpenOptions{Stop: stop})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if _, ok := r.src.(*pcapng); !ok {
		return nil, nil
	}
	var p Packet
	for r.Next(&p) == nil && stop.Err() == nil {
	}
	return r.Secrets(), nil
}

// blockScan walks from block to block of a file.
type blockScan struct {
	f     io.ReaderAt
	found []Secret
	kept  int
	// view is the piece of the file that begins at from: small packets share
	// one, large ones are never read.
	view []byte
	from int64
	buf  [64 << 10]byte
}

// at gives n bytes of the file at an offset, n at most the size of the buffer;
// nil where the file ends before.
func (s *blockScan) at(off int64, n int) []byte {
	if i := off - s.from; i >= 0 && i+int64(n) <= int64(len(s.view)) {
		return s.view[i : i+int64(n)]
	}
	m, _ := s.f.ReadAt(s.buf[:], off)
	s.view, s.from = s.buf[:m], off
	if m < n {
		return nil
	}
	return s.view[:n]
}

// run walks to the end of the file. It reports false where a block makes no
// sense.
func (s *blockScan) run(stop context.Context) bool {
	var order binary.ByteOrder
	off := int64(0)
	for n := 0; ; n++ {
		if n%1024 == 0 && stop.Err() != nil {
			return true
		}
		h := s.at(off, 12)
		if h == nil {
			return true
		}
		if be32(h) == blockSection {
			switch uint32(byteOrderMagic) {
			case le32(h[8:]):
				order = binary.LittleEndian
			case be32(h[8:]):
				order = binary.BigEndian
			default:
				return false
			}
		}
		kind, size := order.Uint32(h), order.Uint32(h[4:])
		if size < 12 || size%4 != 0 {
			return false
		}
		if kind == blockSecrets && !s.take(order, off, size) {
			return false
		}
		off += int64(size)
	}
}

// take keeps the content of a secrets block.
func (s *blockScan) take(order binary.ByteOrder, off int64, size uint32) bool {
	if size < 20 || size > maxBlock {
		return false
	}
	b := make([]byte, size)
	if n, _ := s.f.ReadAt(b, off); n < len(b) || order.Uint32(b[size-4:]) != size {
		return false
	}
	n := min(order.Uint32(b[12:]), size-20)
	if s.kept += int(n); s.kept > maxSecrets {
		s.kept -= int(n)
		return true
	}
	s.found = append(s.found, Secret{Type: order.Uint32(b[8:]), Data: b[16 : 16+n]})
	return true
}
