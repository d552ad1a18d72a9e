#!/bin/sh
# The manual pages say what the programs and the tables say: options, exit
# status, checks, faults, the keys of policy and ticket.  And mandoc finds
# nothing wrong with them.
set -eu
man=$DEVATTEST_SOURCE/man
faults_page=$DEVATTEST_BUILD/man/devattest-faults.7
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
LC_ALL=C && export LC_ALL

# complain WHAT: standard input holds the offending lines, if any.  At the end
# of a pipe it is a process of its own, hence a file and no variable.
complain() {
	lines=$(cat)
	[ -n "$lines" ] || return 0
	printf '%s:\n%s\n' "$1" "$lines" | tee -a "$work/bad"
}

# same WHAT A B: two sorted lists that must not differ; neither may be empty.
same() {
	if [ ! -s "$2" ] || [ ! -s "$3" ]; then
		echo "a list is empty" | complain "$1"
	fi
	comm -23 "$2" "$3" | complain "$1: only in $(basename "$2")"
	comm -13 "$2" "$3" | complain "$1: only in $(basename "$3")"
}

# section NAME FILE: the lines of one .Sh.
section() {
	awk -v name="$1" '/^\.Sh / { on = substr($0, 5) == name } on' "$2"
}

# flags_in PAGE: what stands behind .Fl, as --word.
flags_in() {
	grep -E '(^\.| )Fl ' "$1" | grep -oE ' -[a-z][a-z-]+' |
		sed 's/^ -/--/' | sort -u
}

# words_in FILE...: each --word.
words_in() {
	cat "$@" | { grep -oE -e '--[a-z][a-z-]+' || :; } | sort -u
}

# -- options: --help and page, both ways --

help_of_devattest() {
	"$DEVATTEST_BUILD/devattest" --help
	"$DEVATTEST_BUILD/devattest" --help | awk '/^  [a-z]/ { print $1 }' |
	while read -r verb; do
		"$DEVATTEST_BUILD/devattest" help "$verb"
	done
	echo "--help --version"	# of the program itself
}

help_of_devattest >"$work/help.devattest.1"
"$DEVATTEST_BUILD/devattestd" --help >"$work/help.devattestd.8"
"$DEVATTEST_BUILD/devattest-relay" --help >"$work/help.devattest-relay.8"
for page in devattest.1 devattestd.8 devattest-relay.8; do
	words_in "$work/help.$page" >"$work/--help"
	flags_in "$man/$page" >"$work/$page"
	same "options of ${page%.*}" "$work/--help" "$work/$page"
done
# Examples use other programs, too; those of the emulator have no page.
"$DEVATTEST_BUILD/devattest-emulator" --help >"$work/help.emulator"
words_in "$work"/help.* >"$work/known"
for page in "$man"/*.[1-8] "$man"/*.in; do
	{ words_in "$page"; flags_in "$page"; } | sort -u |
		comm -23 - "$work/known" |
		complain "$page names options that no program has"
done

# -- exit status: the contract's words, the page's, the program's --

cat >"$work/contract" <<'END'
1 misuse, or the program's own fault
2 signature or chain broken
3 trust material or reference value missing
4 revoked, or revocation data stale
5 policy
6 not fresh: nonce, generation or age
7 bytes differ from the TSM's digest
8 malformed evidence
9 kernel refused, or state moved
10 transport or time-out
END
section 'EXIT STATUS' "$man/devattest.1" | awk '
	/^\.It [0-9]+$/ { class = $2; next }
	class != "" {
		sub(/\.$/, "")
		print class, tolower(substr($0, 1, 1)) substr($0, 2)
		class = ""
	}' >"$work/page"
grep -qx '0 yes' "$work/page" ||
	echo "no status 0" | complain "exit status of devattest.1"
sort "$work/contract" >"$work/contract.status"
grep -v '^0 ' "$work/page" | sort >"$work/page.status"
"$DEVATTEST_BUILD/devattest" help verify | awk '
	/Exit status:/ { on = 1; next }
	on && $1 > 0 { sub(/^ +/, ""); sub(/  +/, " "); print }' |
	sort >"$work/help.status"
same "exit status" "$work/contract.status" "$work/page.status"
same "exit status" "$work/contract.status" "$work/help.status"

"$DEVATTEST_BUILD/tests/lint/list_faults" >"$work/faults"
cut -f2 "$work/faults" | sort -u >"$work/classes"
awk '{ print $1 }' "$work/contract" | sort | comm -13 - "$work/classes" |
	complain "faults have classes that the contract does not"

order=$(sed -n 's/^static const int class_order\[\] = { \(.*\), 0 };$/\1/p' \
    "$DEVATTEST_SOURCE/verifier/checks.c")
[ -n "$order" ] || echo "not found" | complain "class_order in checks.c"
for page in "$man/devattest.1" "$man/devattestd.8" "$man/devattest-policy.5" \
    "$man/devattest-faults.7.in"; do
	grep -qF "$order" "$page" ||
		echo "$page" | complain "not the order of classes: $order"
done

# -- checks: DA_CHECKS, the page's table, the page's explanations --

sed -n 's/^	X([A-Z_]*, "\([a-z-]*\)", \([0-9]*\), \([0-9]*\)).*/\1 \2 \3/p' \
    "$DEVATTEST_SOURCE/verifier/checks.h" | sort >"$work/DA_CHECKS"
section CHECKS "$man/devattest.1" >"$work/checks"
sed -n 's/^\.It \([a-z-]*\) Ta .* Ta \([0-9-]*\) Ta \([0-9-]*\)$/\1 \2 \3/p' \
    "$work/checks" | sort >"$work/table"
cut -d' ' -f1 "$work/DA_CHECKS" >"$work/DA_CHECKS.names"
cut -d' ' -f1 "$work/table" >"$work/table.names"
sed -n 's/^\.It Cm //p' "$work/checks" | tr -s ' ,' '\n' | sort -u \
    >"$work/explanations"
same "checks of devattest.1" "$work/DA_CHECKS.names" "$work/table.names"
same "checks of devattest.1" "$work/DA_CHECKS.names" "$work/explanations"
# A dash stands where the question cannot be unknown or is not asked.
join "$work/DA_CHECKS" "$work/table" | awk '
	($4 != "-" && $4 != $2) || ($5 != "-" && $5 != $3)' |
	complain "class of an unknown: header's, then devattest.1's"

# -- faults: the page has all, and no page names one that is none --

cut -f1 "$work/faults" | sort >"$work/list_faults"
sed -n 's/^\.It Dv //p' "$faults_page" | sort >"$work/devattest-faults.7"
same "faults" "$work/list_faults" "$work/devattest-faults.7"
grep -ohE 'Dv [A-Z]+(_[A-Z]+)+( |$)' "$man"/*.[1-8] | awk '{ print $2 }' |
	grep -vE '^(AF|CAP|NLA|DEVATTEST)_' | sort -u | comm -23 - "$work/list_faults" |
	complain "the pages name faults that are none"

# -- keys of what people write --

# keys_stand PAGE FILE...: each key of the readers' tables stands in the page.
keys_stand() {
	page=$1
	shift
	sed -n 's/^	{ "\([a-z-]*\)", DA_\(MUST\|MAY\|LATER\), .*/\1/p' "$@" |
		sort -u >"$work/keys"
	[ -s "$work/keys" ] || echo "$*" | complain "no keys found"
	while read -r key; do
		grep -qE "(^\.|[ ])Cm (.* )?$key( |\$)" "$man/$page" ||
			echo "$key"
	done <"$work/keys" >"$work/missing"
	complain "$page lacks keys" <"$work/missing"
}

keys_stand devattest-policy.5 "$DEVATTEST_SOURCE"/policy/policy*.c
keys_stand devattest.1 "$DEVATTEST_SOURCE"/guestd/ticket_*.c

# -- examples that can be read without a device --

# literal_with TEXT FILE: the displays that hold the text, one file each.
literal_with() {
	awk -v text="$1" -v to="$work/example" '
		/^\.Bd -literal/ { on = 1; block = ""; next }
		/^\.Ed/ && on && index(block, text) {
			printf "%s", block >(to "." ++n)
		}
		/^\.Ed/ { on = 0 }
		on { block = block $0 "\n" }' "$2"
}

literal_with '"others"' "$man/devattest-policy.5"
mkdir "$work/roots"
for policy in "$work"/example.*; do
	sed -n 's/.*"roots": \["\([^"]*\)"\].*/\1/p' "$policy" |
	while read -r root; do
		echo "no certificate" >"$work/roots/$root.der"
	done
	# It finds no root or no kernel, and nothing wrong with the policy.
	"$DEVATTEST_BUILD/devattestd" --once --run "$work/run" \
	    --kernel soft:"$work/no.sock" --policy "$policy" \
	    --roots "$work/roots" >"$work/said" 2>&1 || :
	if grep -qF "$policy" "$work/said" ||
	    ! grep -qE 'no\.sock|\.der: ' "$work/said"; then
		cat "$policy"
	fi
done | complain "devattestd takes no such policy"
rm -f "$work"/example.*
literal_with '"platform"' "$man/devattest.1"
for ticket in "$work"/example.*; do
	"$DEVATTEST_BUILD/devattest" show --ticket "$ticket" >/dev/null ||
		cat "$ticket"
done | complain "devattest takes no such ticket"

# -- the language --

if [ ! -s "$work/bad" ] && ! command -v mandoc >/dev/null 2>&1; then
	echo "SKIPPED manuals: mandoc is missing, the pages' language is" \
	    "not checked"
	exit 77
fi
# In folders by section, so that references to each other are found.
for page in "$man"/*.[1-8] "$faults_page"; do
	mkdir -p "$work/man/man${page##*.}"
	cp "$page" "$work/man/man${page##*.}"
done
(cd "$work/man" && MANPATH=$work/man mandoc -T lint -W style man?/* 2>&1) |
	grep -v 'outdated mandoc.db' | complain "mandoc"

[ ! -s "$work/bad" ]
