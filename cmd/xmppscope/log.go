package main

import (
	"log/slog"
	"os"
	"slices"
	"strings"
)

// logRooms are the rooms whose work can be logged. Rooms without input or
// output of their own have no logger (decode is a pure value): what they did
// is logged here, where their results arrive.
var logRooms = [...]string{"cmd", "captures", "decode", "inspector", "proxy"}

// logFlags are --log and --log-file.
type logFlags struct {
	rooms []string
	path  string
	file  *os.File
	to    slog.Handler
}

// start opens the log file. It never writes to the screen.
func (l *logFlags) start() error {
	if len(l.rooms) == 0 {
		if l.path != "" {
			return usage("--log-file", "names no room to log", "add --log "+strings.Join(logRooms[:], ","))
		}
		return nil
	}
	for _, r := range l.rooms {
		if !slices.Contains(logRooms[:], r) {
			return usage("--log", "no room is named "+r, "rooms: "+strings.Join(logRooms[:], ", "))
		}
	}
	if l.path == "" {
		return usage("--log", "needs a file to write to, for the screen is not for logs", "add --log-file FILE")
	}
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return cannot(l.path, err)
	}
	l.file = f
	l.to = slog.NewTextHandler(f, &slog.HandlerOptions{Level: slog.LevelDebug})
	return nil
}

// has tells whether a room is logged.
func (l *logFlags) has(name string) bool { return l.to != nil && slices.Contains(l.rooms, name) }

func (l *logFlags) room(name string) *slog.Logger {
	if !l.has(name) {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(l.to).With("room", name)
}

func (l *logFlags) close() {
	if l.file != nil {
		l.file.Close()
	}
}
