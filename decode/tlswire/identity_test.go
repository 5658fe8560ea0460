package tlswire

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// other writes one otherName.
func other(b *cryptobyte.Builder, oid []byte, tag asn1.Tag, text string) {
	zero := asn1.Tag(0).ContextSpecific().Constructed()
	b.AddASN1(zero, func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes(oid) })
		b.AddASN1(zero, func(b *cryptobyte.Builder) {
			b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes([]byte(text)) })
		})
	})
}

func altName(t testing.TB, fill func(b *cryptobyte.Builder)) []byte {
	t.Helper()
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { fill(b) })
	der, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestOtherNames(t *testing.T) {
	foreign := []byte{0x2b, 6, 1, 4, 1, 0x82, 0x37, 20, 2, 3} // a name that XMPP does not know
	got := otherNames(altName(t, func(b *cryptobyte.Builder) {
		other(b, foreign, asn1.UTF8String, "user@example.org")
		other(b, oidXmppAddr, asn1.UTF8String, "münchen.example")
		other(b, oidXmppAddr, asn1.IA5String, "example.org")
		other(b, oidXmppAddr, asn1.UTF8String, "a\xff")
		other(b, oidSRVName, asn1.IA5String, "_xmpp-client.example.org")
		other(b, oidSRVName, asn1.UTF8String, "_xmpp-client.example.org")
		other(b, oidSRVName, asn1.IA5String, "_xmpp-client.é")
		other(b, oidSRVName, asn1.IA5String, "a\x00b")
	}))
	want := []Identifier{
		{XmppAddr, "münchen.example", ""},
		{XmppAddr, "example.org", "it is no UTF8String"},
		{XmppAddr, "a\xff", "it is not valid UTF-8"},
		{SRVID, "_xmpp-client.example.org", ""},
		{SRVID, "_xmpp-client.example.org", "it is no IA5String"},
		{SRVID, "_xmpp-client.é", "it has characters outside ASCII"},
		{SRVID, "a\x00b", ""},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func FuzzOtherNames(f *testing.F) {
	whole := altName(f, func(b *cryptobyte.Builder) {
		other(b, oidXmppAddr, asn1.UTF8String, "example.org")
		other(b, oidSRVName, asn1.IA5String, "_xmpp-server.example.org")
	})
	f.Add(whole)
	f.Add(whole[:len(whole)-5])
	f.Add([]byte{0x30, 0x80})
	f.Add([]byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0xa0})
	f.Fuzz(func(t *testing.T, ext []byte) {
		total := 0
		for _, id := range otherNames(ext) {
			if id.Kind != XmppAddr && id.Kind != SRVID {
				t.Fatalf("kind %v", id.Kind)
			}
			total += len(id.Text)
		}
		if total > len(ext) {
			t.Fatalf("%d bytes of names in %d bytes", total, len(ext))
		}
	})
}
