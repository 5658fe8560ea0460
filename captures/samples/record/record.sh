#!/bin/sh
# record.sh [--out DIR] [NAME...]: make the sample recordings again, all of them or the named ones.
#
# Needs a Debian (12 was used) with: tshark tcpdump prosody ejabberd python3-slixmpp profanity go-sendxmpp openssl
# and the right to capture on the loopback interface (root, or the capability given to tcpdump). Everything runs on
# 127.0.0.1 from a temporary folder that is removed at the end; only processes started here are ended.
#
#   SAMPLE_PYTHON   the Python that has slixmpp (default: the first of python3, /usr/bin/python3 that can import it)
#   SAMPLE_PORT     the server's port (default 5222); a recording made on another port is as good
#   SAMPLE_KEEP     set to keep the temporary folder with the server's configuration and log
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

missing=''
for tool in tshark editcap tcpdump prosody prosodyctl openssl; do
	command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
done
if [ -n "$missing" ]; then
	echo "record.sh: not installed:$missing" >&2
	exit 3
fi

python=''
for candidate in ${SAMPLE_PYTHON:-python3 /usr/bin/python3}; do
	if "$candidate" -c 'import slixmpp' >/dev/null 2>&1; then
		python=$candidate
		break
	fi
done
if [ -z "$python" ]; then
	echo "record.sh: no Python with slixmpp: install python3-slixmpp or set SAMPLE_PYTHON" >&2
	exit 3
fi

cd "$here"
PYTHONDONTWRITEBYTECODE=1 exec "$python" -W ignore::DeprecationWarning -m studio "$@"
