# SPDX-License-Identifier: Apache-2.0
# Recorded exchanges by devattest-wire(7).  Sourced, not run; $dir has nonce.bin.

# le SIZE VALUE: little-endian bytes.
le() {
	n=$1
	v=$2
	while [ "$n" -gt 0 ]; do
		# shellcheck disable=SC2059
		printf "\\$(printf %03o $((v & 255)))"
		v=$((v >> 8))
		n=$((n - 1))
	done
}

# request WANTED; part TYPE SHAPE FILE; the_end.
request() {
	printf DARQ
	le 2 1
	le 2 0
	le 4 "$1"
	le 4 256
	cat "$dir/nonce.bin"
	le 8 77
	printf '\0\377\377\377\377\377\377\377'
}

part() {
	le 2 "$1"
	le 2 "$2"
	le 4 "$(wc -c <"$3")"
	le 8 77
	cat "$3"
}

the_end() {
	part 65535 0 /dev/null
}
