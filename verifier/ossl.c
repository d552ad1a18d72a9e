/* SPDX-License-Identifier: Apache-2.0 */
#include "ossl.h"

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/rand.h>

#include <pthread.h>
#include <stdint.h>

/* -- the generator: a fixed sequence, because what it blinds is public -- */

#define SEQUENCE	"DEVATTEST-FIXED"
#define MAX_REQUEST	65536
#define STRENGTH	256	/* what callers ask for; it has none */

struct sequence {
	uint64_t state;
};

static void *
sequence_new(void *provider, void *parent, const OSSL_DISPATCH *parent_calls)
{
	struct sequence *s = OPENSSL_zalloc(sizeof(*s));

	(void)provider;
	(void)parent;
	(void)parent_calls;
	if (s != NULL)
		s->state = UINT64_C(0x9e3779b97f4a7c15);
	return s;
}

static void
sequence_free(void *ctx)
{
	OPENSSL_free(ctx);
}

static int
sequence_instantiate(void *ctx, unsigned int strength, int prediction,
    const unsigned char *text, size_t n, const OSSL_PARAM params[])
{
	(void)ctx;
	(void)strength;
	(void)prediction;
	(void)text;
	(void)n;
	(void)params;
	return 1;
}

static int
sequence_uninstantiate(void *ctx)
{
	(void)ctx;
	return 1;
}

/* xorshift64: never twice the same soon, so that no retry loops forever. */
static uint8_t
next_byte(struct sequence *s)
{
	s->state ^= s->state << 13;
	s->state ^= s->state >> 7;
	s->state ^= s->state << 17;
	return (uint8_t)(s->state >> 24);
}

static int
sequence_generate(void *ctx, unsigned char *out, size_t n,
    unsigned int strength, int prediction, const unsigned char *more,
    size_t n_more)
{
	(void)strength;
	(void)prediction;
	(void)more;
	(void)n_more;
	for (size_t i = 0; i < n; i++)
		out[i] = next_byte(ctx);
	return 1;
}

static int
sequence_enable_locking(void *ctx)
{
	(void)ctx;
	return 1;
}

static int
sequence_get_params(void *ctx, OSSL_PARAM params[])
{
	OSSL_PARAM *state = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STATE);
	OSSL_PARAM *strength = OSSL_PARAM_locate(params,
	    OSSL_RAND_PARAM_STRENGTH);
	OSSL_PARAM *most = OSSL_PARAM_locate(params,
	    OSSL_RAND_PARAM_MAX_REQUEST);

	(void)ctx;
	return (state == NULL ||
	    OSSL_PARAM_set_int(state, EVP_RAND_STATE_READY) == 1) &&
	    (strength == NULL ||
	    OSSL_PARAM_set_uint(strength, STRENGTH) == 1) &&
	    (most == NULL || OSSL_PARAM_set_size_t(most, MAX_REQUEST) == 1);
}

/* -- the provider that offers it -- */

#define CALL(id, function) { id, (void (*)(void))function }

static const OSSL_DISPATCH sequence_calls[] = {
	CALL(OSSL_FUNC_RAND_NEWCTX, sequence_new),
	CALL(OSSL_FUNC_RAND_FREECTX, sequence_free),
	CALL(OSSL_FUNC_RAND_INSTANTIATE, sequence_instantiate),
	CALL(OSSL_FUNC_RAND_UNINSTANTIATE, sequence_uninstantiate),
	CALL(OSSL_FUNC_RAND_GENERATE, sequence_generate),
	CALL(OSSL_FUNC_RAND_ENABLE_LOCKING, sequence_enable_locking),
	CALL(OSSL_FUNC_RAND_GET_CTX_PARAMS, sequence_get_params),
	{ 0, NULL }
};

static const OSSL_ALGORITHM sequences[] = {
	{ SEQUENCE, "provider=devattest", sequence_calls, "a fixed sequence" },
	{ NULL, NULL, NULL, NULL }
};

static const OSSL_ALGORITHM *
query(void *provider, int operation, int *no_cache)
{
	(void)provider;
	*no_cache = 0;
	return operation == OSSL_OP_RAND ? sequences : NULL;
}

static const OSSL_DISPATCH provider_calls[] = {
	CALL(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query),
	{ 0, NULL }
};

static int
provider_init(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *core,
    const OSSL_DISPATCH **ret_calls, void **ret_provider)
{
	(void)core;
	*ret_calls = provider_calls;
	*ret_provider = (void *)(uintptr_t)handle;
	return 1;
}

/* -- the context -- */

static OSSL_LIB_CTX *context;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
make_context(void)
{
	OSSL_LIB_CTX *c = OSSL_LIB_CTX_new();

	if (c != NULL &&
	    OSSL_PROVIDER_add_builtin(c, "devattest", provider_init) == 1 &&
	    OSSL_PROVIDER_load(c, "devattest") != NULL &&
	    OSSL_PROVIDER_load(c, "default") != NULL &&
	    RAND_set_DRBG_type(c, SEQUENCE, NULL, NULL, NULL) == 1)
		context = c;
	else
		OSSL_LIB_CTX_free(c);
}

OSSL_LIB_CTX *
da_ossl(void)
{
	pthread_once(&once, make_context);
	return context;
}
