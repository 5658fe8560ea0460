"""Keeps the frame numbers of a note page true after a new recording.

A page has a table whose rows begin `| 12 | ... | `literal` ... |`: the first cell is a frame number, and the first
piece of code in the row is text that this frame carries. Rows stand in the order of the tape, so each row is the next
frame after the row before it that carries its text (or the same frame, further on). The second cell says who sent it;
where it begins with "server", the frame comes from the server's port.
"""

import re

from . import tape

ROW = re.compile(r"^\|\s*(?:\d+|\?)\s*\|\s*([^|]+?)\s*\|(.*)$")
CODE = re.compile(r"`([^`]+)`")


def renumber(recording, page, port):
    """Rewrites the first cell of every row; complains about text that is nowhere on the tape."""
    if not page.exists():
        return
    frames = [(number, source == str(port), bytes.fromhex(data)) for number, source, data in
              tape.fields(recording, "frame.number", "tcp.srcport", "tcp.payload", where="tcp.len > 0")]
    at, start, lines = 0, 0, []
    for line in page.read_text().splitlines(keepends=True):
        row = ROW.match(line)
        literal = row and CODE.search(row.group(2))
        if literal:
            at, start = find(frames, at, start, row.group(1).startswith("server"), literal.group(1).encode(), page)
            line = f"| {frames[at][0]} | {row.group(1)} |{row.group(2)}\n"
        lines.append(line)
    page.write_text("".join(lines))


def find(frames, at, start, from_server, literal, page):
    """(index of the frame, where to search on in it) of the next frame of that side with this text."""
    for i in range(at, len(frames)):
        found = frames[i][2].find(literal, start if i == at else 0)
        if found >= 0 and frames[i][1] == from_server:
            return i, found + 1
    side = "server" if from_server else "client"
    raise SystemExit(f"{page}: no {side} frame carries {literal.decode()!r} after frame {frames[at][0]}")
