# SPDX-License-Identifier: Apache-2.0
# Fills the manual page of faults: first the list (name, class, text and
# paragraph, tab-separated), then the page with one @CLASS n@ line a class.
# Fails where a class has faults and no place.

# roff would take these for requests, escapes and dashes.
function roff(text) {
	gsub(/\\/, "\\e", text)
	gsub(/--/, "\\-\\-", text)
	sub(/^[.']/, "\\\\\\&&", text)
	return text
}

# What asks for it; another page of ours as a reference.
function source(text,  word) {
	if (text == "")
		return ""
	if (text !~ /^[a-z-]+\([1-8]\)$/)
		return ".Pq " roff(text) "\n"
	split(text, word, /[()]/)
	return ".Pq Xr " word[1] " " word[2] "\n"
}

BEGIN { FS = "\t" }

FNR == NR {
	faults[$2] = faults[$2] ".It Dv " $1 "\n" roff($3) "\n" source($4)
	next
}

/^@CLASS [0-9]+@$/ {
	split($0, word, /[ @]/)
	if (word[3] in faults)
		printf "%s", faults[word[3]]
	else
		print ".It none\nThis version has no such fault."
	delete faults[word[3]]
	next
}

{ print }

END {
	for (class in faults) {
		print "no place for class " class >"/dev/stderr"
		exit 1
	}
}
