package tui

import "strconv"

// typed makes what a terminal sends unambiguous. A person's Alt with a letter
// comes as ESC and the letter, which is also how control strings begin (ECMA-48
// §5.6): tcell would wait for the end of a string that never comes, and take no
// key any more. A string that is there whole is taken for one, all else for keys.
//
// A typed has no clock: whoever feeds it says when nothing more has come.
type typed struct {
	held []byte // the beginning of something that may go on
}

const esc = 0x1b

// feed gives what to pass on for bytes that came at once. What may be the
// beginning of more is held back until the next feed or rest.
func (t *typed) feed(p []byte) []byte {
	if len(t.held) > 0 {
		p = append(t.held, p...)
		t.held = nil
	}
	out := make([]byte, 0, len(p)+8)
	for i := 0; i < len(p); {
		if p[i] != esc {
			out = append(out, p[i])
			i++
			continue
		}
		if opens(p[i:]) {
			t.held = append([]byte(nil), p[i:]...)
			break
		}
		var n int
		out, n = sequence(out, p[i:])
		i += n
	}
	return out
}

// rest gives what was held back as the keys that it must have been, when
// nothing more has come.
func (t *typed) rest() []byte {
	held := t.held
	t.held = nil
	switch len(held) {
	case 0:
		return nil
	case 1:
		return aKey(nil, esc, false)
	}
	return aKey(nil, held[1], true)
}

// opens tells of the bytes from an ESC on whether they can still become two
// things: a key, or the beginning of a sequence.
func opens(p []byte) bool {
	return len(p) == 1 || len(p) == 2 && (p[1] == '[' || p[1] == 'O')
}

// sequence passes on what stands at an ESC, and tells how many bytes that were.
func sequence(out, p []byte) ([]byte, int) {
	switch c := p[1]; c {
	case '[', 'O':
		return append(out, p[:2]...), 2
	case esc:
		if len(p) > 2 && (p[2] == '[' || p[2] == 'O') {
			return append(out, esc), 1 // Alt with a key that is a sequence
		}
		return aKey(out, esc, false), 1
	case ']', 'P', 'X', '^', '_':
		if n := stringEnd(p); n > 0 {
			if c == ']' {
				return append(out, p[:n]...), n // tcell knows what it is
			}
			return out, n // an answer to what nobody here asked
		}
		return aKey(out, c, true), 2
	case 'N', '\\':
		return aKey(out, c, true), 2
	}
	return append(out, p[:2]...), 2
}

// stringEnd is the length of the control string at the beginning of p, with its
// terminator; 0 where it does not end in p.
func stringEnd(p []byte) int {
	for i := 2; i < len(p); i++ {
		switch {
		case p[i] == 0x07:
			return i + 1
		case p[i] == esc && i+1 < len(p) && p[i+1] == '\\':
			return i + 2
		}
	}
	return 0
}

// aKey adds a key in the form that leaves no doubt: CSI, its code, u.
func aKey(out []byte, key byte, alt bool) []byte {
	out = strconv.AppendUint(append(out, esc, '['), uint64(key), 10)
	if alt {
		out = append(out, ";3"...)
	}
	return append(out, 'u')
}
