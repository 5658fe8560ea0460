package sandbox

import "testing"

// TestOtherNonce: whatever a client's nonce begins with, that of the answer does
// not.
func TestOtherNonce(t *testing.T) {
	for said, want := range map[string]string{"r=abc,s=": "r=Xbc,s=", "r=Xbc,s=": "r=Ybc,s=", "r=": "r=", "e=other-error": "e=other-error"} {
		if got := otherNonce(said); got != want {
			t.Errorf("%q becomes %q, not %q", said, got, want)
		}
	}
}
