#!/bin/sh
# Prints the path of a Chromium: the one that $CHROMIUM names, the one found, else the system's own package, installed where one may.
set -eu

found() {
	for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
		if [ -n "$name" ] && command -v "$name"; then return 0; fi
	done
	return 1
}

found && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	echo "There is no Chromium here; installing the system's package." >&2
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >&2 || true
	found && exit 0
fi
echo "There is no Chromium here, and it could not be installed. Install the package 'chromium', or name one: CHROMIUM=/path/to/it." >&2
exit 1
