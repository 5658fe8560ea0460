package tlswire

import "testing"

// Names are those of IANA's registries; numbers that have none are shown as such,
// and GREASE (RFC 8701) as what it is.
func TestNames(t *testing.T) {
	for got, want := range map[string]string{
		VersionName(SSL30): "SSL 3.0", VersionName(TLS10): "TLS 1.0", VersionName(TLS12): "TLS 1.2", VersionName(TLS13): "TLS 1.3", VersionName(0x0305): "0x0305",
		CipherName(0x1301): "TLS_AES_128_GCM_SHA256", CipherName(0x00ff): "TLS_EMPTY_RENEGOTIATION_INFO_SCSV",
		GroupName(29): "x25519", GroupName(0xfefe): "0xfefe",
		SignatureName(0x0403): "ecdsa_secp256r1_sha256", SignatureName(0x0804): "rsa_pss_rsae_sha256", SignatureName(0xfdfd): "0xfdfd", SignatureName(0x0a0a): "GREASE",
	} {
		if got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}
