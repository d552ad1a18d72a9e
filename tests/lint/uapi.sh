#!/bin/sh
# The interface to a real kernel is written down three times: the header that
# programs include, the YNL specification, and devattest-uapi(7).  All three
# have the same names, numbers and types, and none has one more.
set -eu
LC_ALL=C && export LC_ALL
header=$DEVATTEST_SOURCE/kernel-uapi/include/uapi/linux/devattest.h
ynl=$DEVATTEST_SOURCE/kernel-uapi/netlink/specs/devattest.yaml
page=$DEVATTEST_SOURCE/man/devattest-uapi.7
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# complain WHAT: standard input holds the offending lines, if any.
complain() {
	lines=$(cat)
	[ -n "$lines" ] || return 0
	printf '%s:\n%s\n' "$1" "$lines" | tee -a "$work/bad"
}

# same A B: two lists that must not differ; neither may be empty.
same() {
	if [ ! -s "$work/$1" ] || [ ! -s "$work/$2" ]; then
		echo "a list is empty" | complain "$1 and $2"
	fi
	sort "$work/$1" | uniq -d | complain "$1: twice"
	sort "$work/$2" | uniq -d | complain "$2: twice"
	sort "$work/$1" >"$work/a"
	sort "$work/$2" >"$work/b"
	comm -23 "$work/a" "$work/b" | complain "only in $1, not in $2"
	comm -13 "$work/a" "$work/b" | complain "only in $2, not in $1"
}

# Each list has lines NAME VALUE TYPE ENUM; TYPE and ENUM are of attributes
# only, else a dash.  A type that may be repeated has a plus sign.

# The type stands in an attribute's comment.  Left out is what a generator makes
# of any specification: the ends of lists, and 0 of commands and attributes.
from_header() {
	awk '
	function out(name, value, comment,	type, enum) {
		type = enum = "-"
		number[name] = value
		if (name ~ /^DEVATTEST_(A|CMD|VALUE|RANGE)_(UNSPEC|MAX)$/)
			return
		if (tag ~ /attr$/) {
			type = name ~ /_PAD$/ ? "pad" : comment
			sub(/^[^\/]*\/\* */, "", type)
			sub(/[^a-z0-9].*/, "", type)
			if (comment ~ /repeated/)
				type = type "+"
			if (comment ~ /enum devattest_[a-z_]+( \*|;|$)/) {
				enum = comment
				sub(/.*enum /, "", enum)
				sub(/[^a-z_].*/, "", enum)
			}
		}
		print name, value, type, enum
	}
	/^#define DEVATTEST_[A-Z0-9_]+[ \t]/ {
		value = $3
		gsub(/"/, "", value)
		if ($3 == "(1")
			value = 2 ^ ($5 + 0)
		tag = ""
		out($2, value, "")
		next
	}
	/^enum devattest_/ { tag = $2; next_value = 0; next }
	/^};/ { tag = "" }
	tag != "" && /^\t[A-Z_]/ {
		name = $1
		sub(/,.*/, "", name)
		if (name ~ /^__/)
			next
		if ($2 == "=") {
			next_value = $3
			sub(/,.*/, "", next_value)
			if (next_value in number)
				next_value = number[next_value]
		}
		out(name, next_value++, $0)
	}' "$header"
}

# Names as the kernel's own generator makes them: prefix and name, in capitals.
# Reads this one file's layout, in which a list has a dash on a line of its own.
from_ynl() {
	awk '
	function c(name) {
		name = toupper(name)
		gsub(/-/, "_", name)
		return name
	}
	function end_entry() {
		if (entry != "")
			print c(prefix entry), kind == "flags" ? 2 ^ at : at, "-", "-"
		at += entry != ""
		entry = ""
	}
	function end_definition() {
		end_entry()
		if (kind == "const")
			print c("devattest-" def), value, "-", "-"
		if (max)
			print c(prefix "max"), at - 1, "-", "-"
		kind = def = ""
		max = 0
	}
	function end_attribute() {
		if (attr == "")
			return
		print c(prefix attr), at++, type (multi ? "+" : ""),
		    enum != "" && !as_flags && is[enum] == "enum" ? tag[enum] : "-"
		attr = ""
	}
	function end_operation() {
		if (op != "")
			print c(prefix op), at++, "-", "-"
		op = ""
	}
	/^[a-z]/ {
		end_attribute()
		end_operation()
		end_definition()
		part = $1
	}
	/^name:/ { print "DEVATTEST_GENL_NAME", $2, "-", "-" }
	/^version:/ { print "DEVATTEST_GENL_VERSION", $2, "-", "-" }

	part == "definitions:" && /^  -$/ { end_definition(); at = 0 }
	part == "definitions:" && /^    type: / { kind = $2 }
	part == "definitions:" && /^    name: / {
		def = $2
		is[def] = kind
		tag[def] = tolower(c("devattest-" def))
		prefix = "devattest-" def "-"
	}
	part == "definitions:" && /^    name-prefix: / { prefix = $2 }
	part == "definitions:" && /^    value: / { value = $2 }
	part == "definitions:" && /^    render-max: true/ { max = 1 }
	part == "definitions:" && /^      -$/ { end_entry() }
	part == "definitions:" && /^        name: / { entry = $2 }
	part == "definitions:" && /^        value: / { at = $2 }

	part == "attribute-sets:" && /^  -$/ { end_attribute(); at = 1 }
	part == "attribute-sets:" && /^    name-prefix: / { prefix = $2 }
	part == "attribute-sets:" && /^      -$/ { end_attribute() }
	part == "attribute-sets:" && /^        name: / {
		attr = $2
		type = enum = "-"
		multi = as_flags = 0
	}
	part == "attribute-sets:" && /^        type: / { type = $2 }
	part == "attribute-sets:" && /^        enum: / { enum = $2 }
	part == "attribute-sets:" && /^        enum-as-flags: true/ { as_flags = 1 }
	part == "attribute-sets:" && /^        multi-attr: true/ { multi = 1 }
	part == "attribute-sets:" && /^        value: / { at = $2 }

	part == "operations:" && /^  name-prefix: / { prefix = $2; at = 1 }
	part == "operations:" && /^    -$/ { end_operation() }
	part == "operations:" && /^      name: / { op = $2 }
	part == "operations:" && /^      value: / { at = $2 }

	part == "mcast-groups:" && /^      name: / {
		print c("devattest-genl-group-" $2), $2, "-", "-"
	}
	END { end_attribute(); end_operation() }' "$ynl"
}

# What the specification names, it has: attributes, enums, nests, lengths.
unknown_in_ynl() {
	awk '
	/^[a-z]/ { part = $1 }
	part == "definitions:" && /^    name: / { has["d " $2] = 1 }
	part == "attribute-sets:" && /^    name: / { has["s " $2] = 1; set = $2 }
	part == "attribute-sets:" && /^        name: / { has[set " " $2] = 1 }
	part == "attribute-sets:" && /^        enum: / { ask["d " $2] = NR }
	part == "attribute-sets:" && /^        nested-attributes: / {
		ask["s " $2] = NR
	}
	part == "attribute-sets:" && /^          (max|exact)-len: / {
		ask["d " $2] = NR
	}
	part == "operations:" && /attribute-set: / { set = $2 }
	part == "operations:" && /attributes: \[/ {
		sub(/.*\[/, "")
		sub(/\].*/, "")
		n = split($0, list, /[ ,]+/)
		for (i = 1; i <= n; i++)
			if (list[i] != "")
				ask[set " " list[i]] = NR
	}
	part == "operations:" && /^ +- [a-z]/ { ask[set " " $2] = NR }
	END {
		for (what in ask)
			if (!(what in has))
				print "line " ask[what] ": " what
	}' "$ynl"
}

# Rows of the page's tables: .It Dv NAME Ta VALUE Ta TYPE Ta words, where only
# attributes have a type.
from_page() {
	awk -F ' Ta ' '
	/^\.It Dv DEVATTEST_/ && NF > 1 {
		name = $1
		sub(/^\.It Dv /, "", name)
		type = "-"
		if (name ~ /^DEVATTEST_(A|VALUE|RANGE)_/) {
			type = $3
			sub(/, repeated$/, "+", type)
		}
		print name, $2, type
	}' "$page"
}

from_header >"$work/header"
from_ynl >"$work/ynl"
from_page >"$work/page"
cut -d' ' -f1-3 "$work/header" >"$work/header.types"
same header ynl
same header.types page
unknown_in_ynl | complain "the YNL specification has no such thing"

# Names in the page's running text.
grep -oE 'DEVATTEST_[A-Z0-9_]*' "$page" | sort -u >"$work/named"
cut -d' ' -f1 "$work/header" | sort | comm -23 "$work/named" - |
	complain "devattest-uapi.7 names what the header does not have"

[ ! -s "$work/bad" ] || exit 1
echo "$(wc -l <"$work/header") names"
