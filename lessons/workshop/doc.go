// Package workshop is a class: a teacher's session which students join from
// their terminals or from a browser, on one computer or in one room.
//
// The class has one lesson at a time. It mirrors where the teacher looks (a
// recording, an event, bytes of it), keeps each student's own way through the
// lesson, checks their answers here, where the answers stay, and tells the
// teacher who is where. All of it goes over HTTP in JSON, and what happens is
// told by server-sent events: always how things are now and never a queue, so
// that who reads slowly costs nothing.
//
// It knows lessons, events and HTTP. It must not know widgets, flags, files or
// the practice server; a live step is played on a [course.Stage] that it is
// given. Students are strangers with a token: everything that comes from them is
// bounded, and nothing that one of them does may end the class for the others.
package workshop
