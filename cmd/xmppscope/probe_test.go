package main

import (
	"encoding/pem"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"xmppscope/proxy/dial/dnstest"
	"xmppscope/proxy/probe/probetest"
)

const probeExtra = "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-exporter'/></sasl-channel-binding>" +
	"<authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-256</mechanism><inline><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-EXPR</mechanism></fast></inline></authentication>" +
	"<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>262144</max-bytes></limits><evil xmlns='urn:x:\u202e'/>"

// TestProbeScripts runs the sessions of testdata/probe against a server and a
// DNS of the test's own: $TO is the address of the server, $DNS that of DNS, and
// ca.pem vouches for the server.
func TestProbeScripts(t *testing.T) {
	cert, _, err := probetest.NewCertificate("capulet.test")
	if err != nil {
		t.Fatal(err)
	}
	s := &probetest.Server{Domain: "capulet.test", Cert: cert, Mechanisms: []string{"SCRAM-SHA-256", "PLAIN"}, Extra: probeExtra, Passwords: map[string]string{"juliet": "sesame"}}
	direct := &probetest.Server{Domain: "capulet.test", Cert: cert, Direct: true, Mechanisms: []string{"PLAIN"}}
	to, at := startProbed(t, s), startProbed(t, direct)
	dns, err := dnstest.Serve(dnstest.Zone{
		SRV: map[string][]dnstest.SRV{
			"_xmpp-client._tcp.capulet.test.":  {{Priority: 20, Weight: 5, Port: to.Port(), Target: "host.capulet.test."}},
			"_xmpps-client._tcp.capulet.test.": {{Priority: 10, Weight: 5, Port: at.Port(), Target: "host.capulet.test."}},
			"_xmpp-client._tcp.none.test.":     {{Target: "."}},
		},
		Addr: map[string][]netip.Addr{"host.capulet.test.": {to.Addr()}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dns.Close)
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "probe"), UpdateScripts: *update, RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, "config"))
			e.Setenv("NO_COLOR", "")
			e.Setenv("TO", to.String())
			e.Setenv("DNS", dns.Addr.String())
			pemText := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]})
			return os.WriteFile(filepath.Join(e.WorkDir, "ca.pem"), pemText, 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"code": cmdCode, "steady": cmdSteady},
	})
}

func startProbed(t *testing.T, s *probetest.Server) netip.AddrPort {
	t.Helper()
	at, err := s.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return at
}

// chance is what differs from run to run.
var chance = []struct {
	is   *regexp.Regexp
	word string
}{
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "ADDRESS"},
	{regexp.MustCompile(`host\.capulet\.test:\d+`), "host.capulet.test:PORT"},
	{regexp.MustCompile(`after [\d.nµm]+s`), "after TIME"},
	{regexp.MustCompile(`(?s)(verdict +).*?Inside TLS`), "${1}VERDICT\n  Inside TLS"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\d`), "DATE"},
	{regexp.MustCompile(`(SHA-256 +)[0-9a-f]{20,}(\n +[0-9a-f]+)*`), "${1}HASH"},
	{regexp.MustCompile(`(key exchange +).*`), "${1}GROUP"},
	{regexp.MustCompile(`_AES_(128|256)_GCM_SHA(256|384)|_CHACHA20_POLY1305_SHA256`), "_SUITE"},
}

// cmdSteady writes the last standard output to a file, chance apart, for cmp.
func cmdSteady(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: steady FILE")
	}
	got := ts.ReadFile("stdout")
	for _, c := range chance {
		got = c.is.ReplaceAllString(got, c.word)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(got), 0o600))
}
