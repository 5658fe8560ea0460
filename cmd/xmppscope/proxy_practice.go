package main

// practice starts a practice server and makes it the server of the proxy.
func (j *proxying) practice() (down func(), err error) {
	if err := j.flags.whole(); err != nil {
		return nil, err
	}
	down, err = j.before(&scene{title: "proxy to the practice server", roots: "the practice server's own authority"})
	j.flags.sandbox = false
	return down, err
}
