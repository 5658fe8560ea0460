// Package practice is the practice client: an XMPP client that follows a
// script, for the demonstration, for lessons and for tests of servers and
// proxies. A script is lines:
//
//	# a comment
//	open                        the stream header, and the features that come back
//	starttls                    RFC 6120 §5, and a new stream
//	login PLAIN mbed mirror     RFC 6120 §6, and a new stream; after <failure/> it waits and tries again
//	login2 SCRAM-SHA-256 mbed mirror board sm
//	                            XEP-0388 with XEP-0386: login and resource in one, no new stream; board, and
//	                            sm, carbons and inactive behind it, may be left out
//	careful                     logs in with -PLUS where the server lists it, else tells the server
//	                            that it could (flag y, RFC 5802 §6); stands before login
//	login2 HT-SHA-256-NONE mbed -
//	                            the same with the token that the login2 before it brought (XEP-0484)
//	bind board                  RFC 6120 §7
//	session                     where it is offered
//	sm                          turns stream management on (XEP-0198)
//	roster                      asks for the roster
//	presence                    is there
//	ping                        asks the server
//	C: <message …>…</message>   sends this, whatever it is
//	S: iq/query type=result     waits for such an element; a request is answered by the client,
//	                            unless the next line sends the result or the error
//	wait 200ms                  lets time pass
//	cue                         lets another client begin, where several play
//	cut                         closes TCP without a word; open connects again
//	resume                      goes on with the session that was cut
//	leave                       is there no more
//	close                       RFC 6120 §4.4
//
// A [Drama] is a script for several clients, each line with a name before it.
//
// It knows XML, sockets and scripts. It must not know the practice server, the
// proxy, events or screens: where to connect is a function that it is given,
// what it does is told to another.
//
// A Client has no goroutine: it reads while it waits for something.
package practice
