"""Keeps the frame numbers of a note page true after a new recording.

A page has a table whose rows begin `| 12 | who | ... | `literal` ... |`: the first cell is a frame number, the second
says who sent it (where it begins with "server", the server), and the first piece of code in the row is text that this
frame carries; a blank stands for a frame with one blank and nothing else.

Rows of clients stand in the order of the tape. What the server says between two of them is looked for from the first
of the two on, in any order: two answers on two connections may leave the server in either order.
"""

import re

from . import tape

ROW = re.compile(r"^\|\s*(?:\d+|\?)\s*\|\s*([^|]+?)\s*\|(.*)$")
CODE = re.compile(r"`([^`]+)`")


def renumber(recording, page):
    """Rewrites the first cell of every row; complains about text that is nowhere on the tape."""
    if not page.exists():
        return
    port = tape.fields(recording, "tcp.dstport", where="tcp")[0][0]  # the first SYN goes to the server
    frames = [(number, source == port, bytes.fromhex(data)) for number, source, data in
              tape.fields(recording, "frame.number", "tcp.srcport", "tcp.payload", where="tcp.len > 0")]
    cause, used, lines = 0, set(), []
    for line in page.read_text().splitlines(keepends=True):
        row = ROW.match(line)
        literal = row and CODE.search(row.group(2))
        if literal:
            at = find(frames, cause, used, row.group(1).startswith("server"), literal.group(1).encode(), page)
            cause = cause if frames[at][1] else at
            line = f"| {frames[at][0]} | {row.group(1)} |{row.group(2)}\n"
        lines.append(line)
    page.write_text("".join(lines))


def find(frames, cause, used, from_server, literal, page):
    """The index of the next frame of that side with this text at a place that no earlier row has taken."""
    for i in range(cause, len(frames)):
        number, is_server, payload = frames[i]
        if is_server != from_server or (literal == b" " and payload != b" "):
            continue
        place = payload.find(literal)
        while place >= 0:
            if (i, place) not in used:
                used.add((i, place))
                return i
            place = payload.find(literal, place + 1)
    side = "server" if from_server else "client"
    raise SystemExit(f"{page.name}: no {side} frame carries {literal.decode()!r} from frame {frames[cause][0]} on")
