package lint

import (
	"fmt"
	"strings"
	"testing"
)

// Only the same service of a domain can be expected to offer what was offered
// before.
func TestSTARTTLSAbsentCompares(t *testing.T) {
	const stream = "C: <?xml version='1.0'?><stream:stream to='capulet.example' version='1.0' xmlns='jabber:%s' xmlns:stream='http://etherx.jabber.org/streams'>\n" +
		"S: <?xml version='1.0'?><stream:stream from='capulet.example' id='%s' version='1.0' xml:lang='en' xmlns='jabber:%[1]s' xmlns:stream='http://etherx.jabber.org/streams'>\n"
	const offered = "S: <stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>\nconn 2\n"
	const absent = "S: <stream:features/>\n"
	for _, c := range []struct {
		first, second string
		compared      bool
	}{{"client", "client", true}, {"client", "server", false}, {"server", "client", false}, {"server", "server", true}} {
		x := example{script: fmt.Sprintf(stream, c.first, "5vrR2m1Yq3xTt8Kw") + offered + fmt.Sprintf(stream, c.second, "Jd81kqPz0aWm4sVe") + absent}
		found, _, err := x.run()
		if err != nil {
			t.Fatal(err)
		}
		told := false
		for _, f := range found {
			if f.Rule == "starttls-absent" {
				told = true
				if compared := strings.Contains(f.Text, "another connection"); compared != c.compared {
					t.Errorf("%s after %s: %s", c.second, c.first, f.Text)
				}
			}
		}
		if !told {
			t.Errorf("%s after %s: not told", c.second, c.first)
		}
	}
}
