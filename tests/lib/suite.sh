# SPDX-License-Identifier: Apache-2.0
# Packages of another Debian suite, from the mirror that the system has its own
# suite from.  Sourced.  Nothing is installed and none of the system's lists or
# sources is touched, so no privileges are needed.

# The mirror of the system's own suite.
suite_mirror() {
	own=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
	apt-get indextargets --format '$(REPO_URI) $(RELEASE)' \
	    'Created-By: Packages' |
		awk -v own="$own" '$2 == own { print $1; exit }'
}

# suite_apt FOLDER PROGRAM WORDS...: apt with a set-up of its own below FOLDER.
# Nothing counts as installed and nothing is pinned: beside a newer version on
# this system apt would name that one, which the suite cannot give.
suite_apt() {
	apt=$1
	program=$2
	shift 2
	"$program" -o Dir::Etc::sourcelist="$apt/sources.list" \
	    -o Dir::Etc::sourceparts=/dev/null \
	    -o Dir::State="$apt/state" \
	    -o Dir::State::status="$apt/state/status" \
	    -o Dir::Etc::preferences=/dev/null \
	    -o Dir::Etc::preferencesparts=/dev/null \
	    -o Dir::Cache="$apt/cache" \
	    -o APT::Sandbox::User="$(id -un)" \
	    -o Acquire::Retries=2 -o Acquire::Languages=none \
	    -o Acquire::http::Timeout=30 -qq "$@"
}

# suite_update FOLDER SUITE: its lists; FOLDER is an absolute path.
suite_update() {
	uri=$(suite_mirror)
	[ -n "$uri" ] || {
		echo "apt knows no mirror of this system's suite" >&2
		return 1
	}
	mkdir -p "$1/state/lists/partial" "$1/cache/archives/partial"
	: >"$1/state/status"
	keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	trust=
	[ ! -r "$keyring" ] || trust="[signed-by=$keyring] "
	printf 'deb %s%s %s main\n' "$trust" "$uri" "$2" >"$1/sources.list"
	# A list that could not be fetched is an error here: without the word apt
	# warns, goes on, and finds no package afterwards.
	suite_apt "$1" apt-get update --error-on=any
}
