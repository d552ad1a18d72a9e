/* SPDX-License-Identifier: Apache-2.0 */
#include "narrate.h"

#include <poll.h>

bool
da_story_is_heard(FILE *out, int patience_ms)
{
	struct pollfd p = { .fd = fileno(out), .events = POLLOUT };
	const struct timespec patience = { patience_ms / 1000,
		patience_ms % 1000 * 1000000L };

	/* What has no descriptor is memory, and always heard. */
	return p.fd < 0 || (ppoll(&p, 1, &patience, NULL) == 1 &&
	    (p.revents & POLLOUT) != 0);
}

void
da_narrate_phase(FILE *out, const char *device, const char *title)
{
	if (out != NULL)
		fprintf(out, "%s: %s\n", device, title);
}

void
da_narrate_step(FILE *out, size_t number, const char *words, const char *note)
{
	if (out == NULL)
		return;
	fprintf(out, "  %2zu yes  %s\n", number, words);
	if (note[0] == '\0')
		return;
	fputs("          ", out);
	da_print_escaped(out, note);
	fputc('\n', out);
}

void
da_narrate_refusal(FILE *out, size_t number, const char *words,
    const struct da_outcome *outcome, bool was_locked)
{
	if (out == NULL)
		return;
	if (number != 0)
		fprintf(out, "  %2zu NO   %s\n", number, words);
	fputs("          ", out);
	da_outcome_why(out, outcome);
	fputc('\n', out);
	if (outcome->state_unknown)
		fputs("          whether it is locked is NOT KNOWN\n", out);
	else if (outcome->left_locked)
		fputs("          the unlock FAILED, too\n", out);
	else if (was_locked)
		fputs("          unlocked again: no driver has it\n", out);
}

void
da_narrate_again(FILE *out, size_t number, const char *words,
    const struct da_refusal *why)
{
	const struct da_outcome outcome = { .refusal = *why };

	if (out == NULL)
		return;
	fprintf(out, "  %2zu NO   %s\n          ", number, words);
	da_outcome_why(out, &outcome);
	fputs("\n          unlocked again; another try, with another nonce\n",
	    out);
}

static void
print_size(FILE *out, uint64_t bytes)
{
	if (bytes % (1024 * 1024) == 0)
		fprintf(out, "%6llu MiB", (unsigned long long)bytes >> 20);
	else
		fprintf(out, "%6llu KiB", (unsigned long long)bytes >> 10);
}

static const char *
kind_text(const struct da_map_range *r)
{
	if (r->kind == DA_MMIO_PRIVATE)
		return "private";
	return r->kind == DA_MMIO_SHARED ? "shared" : "none";
}

static const char *
use_text(const struct da_map_range *r)
{
	if ((r->attributes & DA_RANGE_MSIX_TABLE) != 0)
		return "MSI-X table: where interrupts go";
	if ((r->attributes & DA_RANGE_MSIX_PBA) != 0)
		return "MSI-X pending bits";
	return r->kind == DA_MMIO_PRIVATE ? "encrypted: device and guest only" :
	    "the host can see this";
}

/* Only what was pushed, judged and read back is ever printed here. */
void
da_narrate_map(FILE *out, const char *device, const struct da_map *map)
{
	if (out == NULL)
		return;
	fprintf(out, "%s: its memory (MMIO), as the kernel maps it now\n",
	    device);
	fputs("      BAR      offset        size  kind     what it is\n", out);
	for (uint32_t i = 0; i < map->n && i < DA_MAX_RANGES; i++) {
		const struct da_map_range *r = &map->range[i];

		if (!da_story_is_heard(out, 0))
			return;
		fprintf(out, "      %3u  0x%08llx  ", r->bar,
		    (unsigned long long)r->offset);
		print_size(out, r->size);
		fprintf(out, "  %-7s  %s\n", kind_text(r), use_text(r));
	}
}
