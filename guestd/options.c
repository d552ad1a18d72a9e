/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "nearest.h"
#include "runfolder.h"

#define BIT(verb)	((uint16_t)(1u << DA_VERB_##verb))
#define EVIDENCE	(BIT(VERIFY) | BIT(CHECK) | BIT(SHOW))
#define JUDGEMENT	(BIT(CHECK) | BIT(REPLAY) | BIT(LINT))
#define EVERY		((uint16_t)((1u << DA_VERB_COUNT) - 1u))

static const struct da_verb_row verbs[DA_VERB_COUNT] = {
#define X(id, name, operand, built, text) { name, operand, text, built },
	DA_VERBS(X)
#undef X
};

static const struct da_option_row options[DA_OPT_COUNT] = {
	[DA_OPT_BUNDLE] = { "bundle", "FILE",
	    "a recorded exchange, instead of the loose files below",
	    EVIDENCE | BIT(REPLAY), .is_file = true },
	[DA_OPT_CHAIN] = { "chain", "FILE",
	    "SPDM certificate chain structure",
	    EVIDENCE, .is_file = true },
	[DA_OPT_CHAIN_PEM] = { "chain-pem", "FILE",
	    "PEM certificates instead, leaf first or root first",
	    EVIDENCE, .is_file = true },
	[DA_OPT_VCA] = { "vca", "FILE",
	    "GET_VERSION ... ALGORITHMS, back to back",
	    EVIDENCE, .is_file = true },
	[DA_OPT_MEASUREMENTS] = { "measurements", "FILE",
	    "every GET_MEASUREMENTS / MEASUREMENTS in order, the last signed",
	    EVIDENCE, .is_file = true },
	[DA_OPT_CHALLENGE] = { "challenge", "FILE",
	    "CHALLENGE / CHALLENGE_AUTH",
	    EVIDENCE, .is_file = true },
	[DA_OPT_DIGESTS_CERTS] = { "digests-certs", "FILE",
	    "the messages between VCA and CHALLENGE",
	    EVIDENCE, .is_file = true },
	[DA_OPT_CHALLENGE_NONCE] = { "challenge-nonce", "HEX or FILE",
	    "the 32 bytes that CHALLENGE was sent with",
	    EVIDENCE, .is_file = true },
	[DA_OPT_MEL] = { "mel", "FILE",
	    "measurement extension log",
	    EVIDENCE, .is_file = true },
	[DA_OPT_REPORT] = { "report", "FILE",
	    "TDISP interface report payload",
	    EVIDENCE, .is_file = true },
	[DA_OPT_NONCE] = { "nonce", "HEX or FILE",
	    "the 32 bytes that this guest asked with",
	    EVIDENCE | BIT(COLLECT), .is_file = true },
	[DA_OPT_ALGORITHMS] = { "algorithms", "ASYM,HASH[,MEASHASH]",
	    "SPDM 1.0 and 1.1 without a VCA: what was used",
	    EVIDENCE },
	[DA_OPT_ROOT] = { "root", "FILE",
	    "trust anchor, DER or PEM",
	    EVIDENCE, .is_file = true, .repeats = DA_MAX_ANCHORS },
	[DA_OPT_CRL] = { "crl", "FILE",
	    "revocation list of a certificate's issuer, DER or PEM",
	    BIT(VERIFY) | BIT(SHOW), .is_file = true, .repeats = DA_MAX_CRLS,
	    .instead = "lists of a policy are the files *.crl of the roots "
	    "folder's crls/" },
	[DA_OPT_PROVISIONED_KEY] = { "provisioned-key", "FILE",
	    "public key that signs in slot 0xF, DER or PEM",
	    BIT(VERIFY) | BIT(SHOW), .is_file = true,
	    .instead = "a policy names its key in \"provisioned-keys\"" },
	[DA_OPT_AT] = { "at", "TIME",
	    "RFC 3339 time at which certificates must be valid",
	    EVIDENCE | BIT(REPLAY) },
	[DA_OPT_TICKET] = { "ticket", "FILE",
	    "what the TSM says: digests, state, tokens (JSON)",
	    EVIDENCE | BIT(REPLAY), .is_file = true },
	[DA_OPT_TSM_RESPONSE] = { "tsm-response", "PLATFORM:ABI=FILE",
	    "the raw TSM answer instead of a ticket",
	    EVIDENCE, .later = true },
	[DA_OPT_POLICY] = { "policy", "FILE",
	    "the owner's policy; else " DA_POLICY_PATH,
	    JUDGEMENT, .is_file = true },
	[DA_OPT_RIMS] = { "rims", "DIR",
	    "folder of reference values",
	    JUDGEMENT, .later = true },
	[DA_OPT_ROOTS] = { "roots", "DIR",
	    "the anchors that it names; else " DA_ROOTS_FOLDER,
	    JUDGEMENT },
	[DA_OPT_RIM] = { "rim", "FILE",
	    "a CoRIM",
	    BIT(SHOW) | BIT(LINT), .is_file = true, .later = true },
	[DA_OPT_CONNECT] = { "connect", "ADDRESS",
	    "vsock:CID:PORT or unix:PATH",
	    BIT(COLLECT) | BIT(STATUS) },
	[DA_OPT_RUN] = { "run", "DIR",
	    "the daemon's run folder; else " DA_RUN_FOLDER,
	    BIT(STATUS) },
	[DA_OPT_OUT] = { "out", "FILE",
	    "where the bundle goes; one that is there is replaced",
	    BIT(COLLECT) },
	[DA_OPT_DEVICE] = { "device", "BDF",
	    "the function that the evidence is for",
	    EVIDENCE | BIT(COLLECT) },
	[DA_OPT_ALL_PARTS] = { "all-parts", NULL,
	    "ask for CHALLENGE and the measurement log, too",
	    BIT(COLLECT) },
	[DA_OPT_SPDM] = { "spdm", "VERSION",
	    "what the emulated device speaks: 1.2 or 1.3",
	    BIT(DEMO) },
	[DA_OPT_KEEP] = { "keep", NULL,
	    "leave the folder of the run for a look",
	    BIT(DEMO) },
	[DA_OPT_JSON] = { "json", NULL,
	    "one JSON object on standard output",
	    EVERY },
	[DA_OPT_HELP] = { "help", NULL,
	    "this text",
	    EVERY },
};

const struct da_verb_row *
da_verb_row(enum da_verb verb)
{
	return &verbs[verb];
}

enum da_verb
da_verb_named(const char *name)
{
	enum da_verb v = 0;

	while (v < DA_VERB_COUNT && strcmp(verbs[v].name, name) != 0)
		v++;
	return v;
}

const char *
da_verb_near(const char *word)
{
	struct da_nearest near = { .word = word };

	for (enum da_verb v = 0; v < DA_VERB_COUNT; v++)
		da_nearest_offer(&near, verbs[v].name);
	da_nearest_offer(&near, "help");
	return near.best;
}

const struct da_option_row *
da_option_row(enum da_option option)
{
	return &options[option];
}

bool
da_misused(struct da_misuse *reterr, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(reterr->text, sizeof(reterr->text), format, ap);
	va_end(ap);
	return false;
}

bool
da_option_is(const char *word, const char *name)
{
	size_t n = strlen(name);

	return strncmp(word, "--", 2) == 0 &&
	    strncmp(word + 2, name, n) == 0 &&
	    (word[2 + n] == '\0' || word[2 + n] == '=');
}

static enum da_option
option_named(const char *word)
{
	enum da_option o = 0;

	while (o < DA_OPT_COUNT && !da_option_is(word, options[o].name))
		o++;
	return o;
}

bool
da_options_want_json(int argc, char *const *argv)
{
	for (int i = 0; i < argc; i++)
		if (option_named(argv[i]) == DA_OPT_JSON)
			return true;
	return false;
}

/* The first verb of this version that takes the option. */
static enum da_verb
taker_of(enum da_option o)
{
	enum da_verb v = 0;

	while (v < DA_VERB_COUNT &&
	    !(verbs[v].built && (options[o].verbs & 1u << v) != 0))
		v++;
	return v;
}

static bool
is_anothers(enum da_verb verb, enum da_option o, struct da_misuse *reterr)
{
	enum da_verb taker = taker_of(o);

	if (taker == DA_VERB_COUNT || options[o].later)
		return da_misused(reterr, "--%s is no option of `%s`",
		    options[o].name, verbs[verb].name);
	return da_misused(reterr, "--%s is no option of `%s`, but of `%s`%s%s",
	    options[o].name, verbs[verb].name, verbs[taker].name,
	    options[o].instead == NULL ? "" : "; ",
	    options[o].instead == NULL ? "" : options[o].instead);
}

static uint16_t
times(const struct da_options *have, enum da_option o)
{
	uint16_t n = 0;

	for (uint16_t i = 0; i < have->n_repeated; i++)
		if (have->repeated[i].option == o)
			n++;
	return n;
}

static bool
may_stand(enum da_verb verb, enum da_option o, const struct da_options *have,
    struct da_misuse *reterr)
{
	const struct da_option_row *row = &options[o];

	if ((row->verbs & 1u << verb) == 0)
		return is_anothers(verb, o, reterr);
	if (row->later)
		return da_misused(reterr, "--%s is not in this version",
		    row->name);
	if (row->repeats == 0 && have->value[o] != NULL)
		return da_misused(reterr, "--%s stands twice", row->name);
	if (row->repeats != 0 && times(have, o) == row->repeats)
		return da_misused(reterr, "--%s stands more than %d times",
		    row->name, row->repeats);
	return true;
}

bool
da_option_value(const char *name, const char *argument, int argc,
    char *const *argv, int *i, const char **ret, struct da_misuse *reterr)
{
	const char *equals = strchr(argv[*i], '=');

	if (argument == NULL) {
		*ret = "";
		return equals == NULL ||
		    da_misused(reterr, "--%s takes no value", name);
	}
	if (equals == NULL && *i + 1 < argc &&
	    strncmp(argv[*i + 1], "--", 2) != 0)
		*ret = argv[++*i];
	else if (equals != NULL)
		*ret = equals + 1;
	else
		*ret = "";
	return **ret != '\0' || da_misused(reterr, "--%s needs a value: %s",
	    name, argument);
}

/* The one word that is no option, where the verb has a place for it. */
static bool
take_operand(struct da_options *have, const char *word,
    struct da_misuse *reterr)
{
	const char *operand = verbs[have->verb].operand;

	if (operand == NULL || (word[0] == '-' && word[1] != '\0') ||
	    *word == '\0')
		return da_misused(reterr, "`%s` is no option; `devattest help "
		    "%s` lists them", word, verbs[have->verb].name);
	if (have->operand != NULL)
		return da_misused(reterr, "`%s`: one %s at a time", word,
		    operand);
	have->operand = word;
	return true;
}

static bool
is_unknown(enum da_verb verb, const char *word, struct da_misuse *reterr)
{
	char name[40];
	struct da_nearest near = { .word = name };

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="),
	    word + 2);
	for (enum da_option o = 0; o < DA_OPT_COUNT; o++)
		if ((options[o].verbs & 1u << verb) != 0 && !options[o].later)
			da_nearest_offer(&near, options[o].name);
	if (near.best == NULL)
		return da_misused(reterr, "unknown option `%s`; `devattest "
		    "help %s` lists them", word, verbs[verb].name);
	return da_misused(reterr, "unknown option `%s`; did you mean --%s?",
	    word, near.best);
}

static bool
take_option(struct da_options *have, int argc, char *const *argv, int *i,
    struct da_misuse *reterr)
{
	const char *word = argv[*i], *value;
	enum da_option o = DA_OPT_COUNT;

	if (strncmp(word, "--", 2) != 0)
		return take_operand(have, word, reterr);
	o = option_named(word);
	if (o == DA_OPT_COUNT)
		return is_unknown(have->verb, word, reterr);
	if (!may_stand(have->verb, o, have, reterr) ||
	    !da_option_value(options[o].name, options[o].argument, argc, argv,
	    i, &value, reterr))
		return false;
	have->value[o] = value;
	if (options[o].repeats != 0)
		have->repeated[have->n_repeated++] =
		    (struct da_repeated){ o, value };
	return true;
}

bool
da_options_parse(enum da_verb verb, int argc, char *const *argv,
    struct da_options *ret, struct da_misuse *reterr)
{
	struct da_options have = { .verb = verb };

	for (int i = 0; i < argc; i++)
		if (!take_option(&have, argc, argv, &i, reterr))
			return false;
	if (!da_options_agree(&have, reterr))
		return false;
	have.help = have.value[DA_OPT_HELP] != NULL;
	have.json = have.value[DA_OPT_JSON] != NULL;
	*ret = have;
	return true;
}
