package sasl

// ChecksList tells whether the last message of a SCRAM login is the server's
// question with a hash over what it had offered, or with the version of TLS that
// it sees (XEP-0474 §6, XEP-0515 §4).
func ChecksList(x *Exchange) bool {
	n := len(x.Messages)
	if n == 0 || scramHash(x.Mechanism).new == nil {
		return false
	}
	s := readScram(x)
	if s.role[n-1] != serverFirst {
		return false
	}
	return s.serv.value('h') != nil || s.serv.value('t') != nil
}
