package sasl

import (
	"os/exec"
	"strings"
	"testing"
)

// Every command prints the value it stands beside. Whatever the mechanism, and
// whatever characters stand in names and passwords.
func TestCommandsPrintTheValues(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3 is not installed")
	}
	type one struct{ name, value, command string }
	var all []one
	seen := map[string]bool{}
	add := func(name string, v Verdict) {
		for _, s := range v.Chain {
			if s.Command != "" && !seen[s.Command] {
				seen[s.Command] = true
				all = append(all, one{name + ", " + s.Name, s.Value, s.Command})
			}
		}
	}
	for _, c := range vectors {
		add(c.name, Verify(play(t, c.mechanism, c.transcript), &c.secret))
	}
	for _, password := range []string{"pencil", "I\u00ADX\u00a0\u2168", `"$(touch x)'\!` + "`;", "\u00e9\u0301\n"} {
		add("SCRAM with "+password, Verify(play(t, "SCRAM-SHA3-256", scramC1+scramS1+scramC2), &Secret{Password: password}))
	}
	if len(all) < 60 {
		t.Fatalf("only %d commands", len(all))
	}
	// One shell for all: each command on a line of its own.
	var script strings.Builder
	for _, c := range all {
		script.WriteString(c.command + "; echo; echo ==\n")
	}
	shell := exec.Command("sh")
	shell.Stdin = strings.NewReader(script.String())
	shell.Dir = t.TempDir()
	out, err := shell.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	parts := strings.Split(string(out), "\n\n==\n")
	for i, c := range all {
		if i >= len(parts) || printable([]byte(parts[i])) != c.value {
			got := ""
			if i < len(parts) {
				got = parts[i]
			}
			t.Errorf("%s: %s\nprints %q, want %q", c.name, c.command, got, c.value)
		}
	}
}
