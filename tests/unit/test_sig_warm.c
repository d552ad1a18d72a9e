/* SPDX-License-Identifier: Apache-2.0 */
/*
 * After da_sig_warm() a forked process verifies whatever is built and asks the
 * kernel for nothing: each verification runs under a filter of five calls, and
 * any other one kills the process.
 */
#include "makecert.h"
#include "sanitized.h"
#include "verifier/sig.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define N_ROWS (DA_ASYM_COUNT - 1)

static const struct {
	enum da_hash hash;
	const char *md;
} mds[] = {
	{ DA_HASH_SHA256, "SHA256" }, { DA_HASH_SHA384, "SHA384" },
	{ DA_HASH_SHA512, "SHA512" }, { DA_HASH_SHA3_256, "SHA3-256" },
	{ DA_HASH_SHA3_384, "SHA3-384" }, { DA_HASH_SHA3_512, "SHA3-512" },
	{ DA_HASH_SM3, "SM3" },
};

#define N_MDS (sizeof(mds) / sizeof(mds[0]))

static const char text[] = "L1/L2";

/* One algorithm's key and its signatures, made with OpenSSL beforehand. */
struct signed_by {
	enum da_asym asym;
	struct da_slice spki;
	struct da_slice spdm[N_MDS];	/* by each hash; n 0: cannot be had */
	struct da_slice x509;		/* without a context; n 0: none */
};

static struct signed_by sample[N_ROWS];

static struct da_slice
spki_of(EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(key, &der);
	struct buf b = { 0 };

	put_bytes(&b, der, (size_t)n);
	OPENSSL_free(der);
	return buf_slice(&b);
}

/* Signing by SLH-DSA's small sets takes long; the fast ones share all code. */
static bool
is_slow(const struct da_asym_alg *alg)
{
	return alg->scheme == DA_SCHEME_SLHDSA &&
	    alg->name[strlen(alg->name) - 1] == 's';
}

static bool
has_hash_of_its_own(enum da_asym asym)
{
	return asym >= DA_ASYM_SM2;
}

static void
sign_by(enum da_asym asym, struct signed_by *ret)
{
	struct da_slice t = da_slice_str(text), none = { NULL, 0 };
	size_t n = has_hash_of_its_own(asym) ? 1 : N_MDS;
	EVP_PKEY *key;

	ret->asym = asym;
	if (is_slow(da_asym_alg(asym)) ||
	    (da_asym_alg(asym)->pqc && !da_sig_can(asym)))
		return;
	key = new_key_of(asym);
	ret->spki = spki_of(key);
	if (asym > DA_ASYM_SM2)
		ret->x509 = sign_message(key, none, t);
	if (EVP_PKEY_is_a(key, "RSA"))
		n--;		/* OpenSSL 3.0 has no RSA with SM3 */
	for (size_t m = 0; da_sig_can(asym) && m < n; m++)
		ret->spdm[m] = sign_spdm(key, asym, mds[m].md, t);
}

static void
set_up(void)
{
	/* As the warden does: what a verification needs is there beforehand. */
	mallopt(M_TOP_PAD, 16 << 20);
	mallopt(M_TRIM_THRESHOLD, 256 << 20);
	mallopt(M_MMAP_THRESHOLD, 256 << 20);
	da_sig_warm();
	for (size_t i = 0; i < N_ROWS; i++)
		sign_by((enum da_asym)(i + 1), &sample[i]);
}

/* By the classic filter: what is not in the list kills. */
static void
enter_filter(void)
{
#define ALLOW(nr)							      \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),			      \
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
	static struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		ALLOW(__NR_read), ALLOW(__NR_write), ALLOW(__NR_getpid),
		ALLOW(__NR_exit), ALLOW(__NR_exit_group),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	};
	static struct sock_fprog prog = { sizeof(code) / sizeof(code[0]),
		code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) != 0)
		_exit(99);
}

/* Right ones are right, and wrong ones wrong, in there as outside. */
static bool
holds(const struct signed_by *s)
{
	struct da_key *key = da_key_read(s->asym, s->spki);
	struct da_slice t = da_slice_str(text), other = da_slice_str("L2/L1");
	struct da_slice context = da_slice_str(SPDM_CONTEXT);
	bool right = key != NULL;

	for (size_t m = 0; right && m < N_MDS; m++)
		if (s->spdm[m].n > 0)
			right = da_sig_spdm(key, mds[m].hash, context, t,
			    s->spdm[m]) == DA_SIG_RIGHT &&
			    da_sig_spdm(key, mds[m].hash, context, other,
			    s->spdm[m]) == DA_SIG_WRONG;
	if (right && s->x509.n > 0)
		right = da_sig_x509(key, DA_HASH_NONE, t, s->x509) ==
		    DA_SIG_RIGHT;
	da_key_free(key);
	return right;
}

/* Exit status of a child that does this under the filter; 256: killed. */
static int
in_filter(int (*does)(const struct signed_by *), const struct signed_by *s)
{
	pid_t pid = fork();
	int status;

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		enter_filter();
		syscall(SYS_exit_group, does(s));
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256;
}

static int
verify(const struct signed_by *s)
{
	return holds(s) ? 0 : 1;
}

/* OpenSSL's pieces of memory that are in use. */
static long n_pieces;

static void *
count_malloc(size_t n, const char *file, int line)
{
	void *p = malloc(n);

	(void)file;
	(void)line;
	n_pieces += p != NULL;
	return p;
}

static void
count_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	n_pieces -= p != NULL;
	free(p);
}

static void *
count_realloc(void *p, size_t n, const char *file, int line)
{
	if (p == NULL)
		return count_malloc(n, file, line);
	if (n > 0)
		return realloc(p, n);
	count_free(p, file, line);
	return NULL;
}

/* What is fetched or set up at first use would stay. */
static int
keep_nothing(const struct signed_by *s)
{
	long before = n_pieces;

	return holds(s) && n_pieces == before ? 0 : 1;
}

static int
draw(const struct signed_by *s)
{
	unsigned char byte[16];

	(void)s;
	return (int)syscall(SYS_getrandom, byte, sizeof(byte), 0);
}

START_TEST(a_warm_process_asks_for_nothing)
{
	const struct signed_by *s = &sample[_i];

	if (s->spki.n == 0) {
		printf("SKIPPED: %s: %s\n", da_asym_alg(s->asym)->name,
		    da_sig_can(s->asym) ? "it signs too slowly" :
		    "this OpenSSL cannot sign by it");
		return;
	}
	ck_assert_msg(in_filter(verify, s) == 0, "%s",
	    da_asym_alg(s->asym)->name);
}
END_TEST

START_TEST(a_warm_process_sets_up_nothing)
{
	const struct signed_by *s = &sample[_i];

	ck_assert_msg(s->spki.n == 0 || in_filter(keep_nothing, s) == 0, "%s",
	    da_asym_alg(s->asym)->name);
}
END_TEST

/* The filter is there: what OpenSSL would have asked for is not to be had. */
START_TEST(the_filter_bites)
{
	ck_assert_int_eq(in_filter(draw, NULL), 256);
}
END_TEST

int
main(void)
{
	Suite *s;
	TCase *t;

	if (!filters_can_be_used("sig warm"))
		return 77;
	if (CRYPTO_set_mem_functions(count_malloc, count_realloc,
	    count_free) != 1)
		return 1;
	s = suite_create("sig warm");
	t = tcase_create("sig warm");
	/* In the parent: every test is forked from what this leaves. */
	tcase_add_unchecked_fixture(t, set_up, NULL);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, a_warm_process_asks_for_nothing, 0, N_ROWS);
	tcase_add_loop_test(t, a_warm_process_sets_up_nothing, 0, N_ROWS);
	tcase_add_test(t, the_filter_bites);
	suite_add_tcase(s, t);
	return run_suite(s);
}
