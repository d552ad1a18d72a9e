#!/bin/sh
# verifier/ and policy/ have no clock, environment, locale, I/O or abort: what
# their objects ask of the outside is this list and nothing else.  And nobody
# calls what cannot be called safely.
set -eu
cd "$DEVATTEST_BUILD"
bad=0

if nm -u libverifier.a | grep -q __asan_; then
	echo "SKIPPED purity: a sanitizer's own calls are in the objects"
	exit 77
fi

# outside LIBRARY...: undefined symbols that none of the libraries defines.
outside() {
	nm -g --defined-only "$@" | awk 'NF == 3 { print $3 }' | sort -u \
	    >"$work/defined"
	nm -u "$@" | awk 'NF == 2 { print $2 }' | sort -u |
		comm -23 - "$work/defined"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

c='mem(cmp|cpy|set|move|mem|chr)|bcmp|__mem(cpy|set|move)_chk|str(len|cmp|ncmp|chr)|malloc|calloc|realloc|free'
c="$c|__?snprintf(_chk)?|snprintf|pthread_once|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_"
openssl='(EVP|BN|ECDSA|EC|BIO|PEM|CRYPTO|OPENSSL|OSSL|ERR)_.*|[di]2[di]_.*'
openssl="$openssl|RAND_set_DRBG_type|OpenSSL_version"

outside libverifier.a | grep -vE "^($c|$openssl)\$" >"$work/verifier" || :
outside libpolicy.a libverifier.a |
	grep -vE "^($c|$openssl|json_.*)\$" >"$work/policy" || :
for library in verifier policy; do
	[ -s "$work/$library" ] || continue
	echo "$library/ reaches outside:"
	cat "$work/$library"
	bad=1
done

# Our own objects: what a library that is linked statically calls is its own.
for object in $(find verifier policy guestd kernel-uapi hostrelay -name '*.o')
do
	nm -u "$object" |
	    grep -wE 'cbor_load|strcpy|strcat|sprintf|vsprintf|gets|alloca|system|popen' |
	    sed "s|^|$object calls |" >>"$work/banned" || :
done
if [ -s "$work/banned" ]; then
	cat "$work/banned"
	bad=1
fi
exit "$bad"
