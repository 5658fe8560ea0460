package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"

	"xmppscope/inspector"
	"xmppscope/proxy"
)

// clientGrace is how long a client has to end when the proxy is stopped.
const clientGrace = 5 * time.Second

// client runs the command of --exec, which finds our authority and the first
// door in its environment, and ends the proxy when it has ended.
func (j *proxying) client(ctx context.Context, bound []proxy.Bound, stop func()) {
	defer stop()
	c := exec.CommandContext(ctx, "")
	c.Err = nil // the path comes now
	shell(c, j.flags.exec)
	c.Env = append(os.Environ(), j.clientEnv(bound)...)
	c.Stdout, c.Stderr = j.e.err, j.e.err // standard output is for events
	c.WaitDelay = clientGrace
	err := c.Run()
	switch {
	case ctx.Err() != nil:
	case err != nil:
		fmt.Fprintf(j.e.err, "xmppscope: --exec: the client ended: %s\n", inspector.Disarm(err.Error()))
	}
	// What it said last is on its way still.
	select {
	case <-ctx.Done():
	case <-time.After(200 * time.Millisecond):
	}
}

// clientEnv is what programs look at for certificates to trust, and where our
// first door is.
func (j *proxying) clientEnv(bound []proxy.Bound) (all []string) {
	if j.trust != "" {
		for _, name := range []string{"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "GIT_SSL_CAINFO"} {
			all = append(all, name+"="+j.trust)
		}
	}
	if len(bound) > 0 {
		b := bound[0].Addr
		all = append(all, "XMPPSCOPE_HOST="+b.Addr().String(), "XMPPSCOPE_PORT="+strconv.Itoa(int(b.Port())))
	}
	return all
}
