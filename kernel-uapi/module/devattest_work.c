// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a request does, outside every netlink lock: on the TDI's own queue, with
 * the device lock held.  A TSM may take its time, and bounds that itself; what
 * it leaves in doubt is an error of the TDI's.
 *
 * tdi->lock is not held over a call to the TSM, so that what was true before
 * the call is looked at again behind it.
 */
#include <crypto/hash.h>
#include <linux/device.h>
#include <linux/slab.h>

#include "devattest_private.h"

/* -- what every request asks first -- */

static __printf(3, 4) int refuse(struct devattest_job *job, int error,
				 const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(job->text, sizeof(job->text), format, args);
	va_end(args);
	return error;
}

static bool driver_is_bound(const struct devattest_tdi *tdi)
{
	return tdi->pdev->dev.driver != NULL;
}

/* LOCKED by this very socket, and no driver bound. */
static int may_push(struct devattest_tdi *tdi, struct devattest_job *job)
{
	lockdep_assert_held(&tdi->lock);
	switch (tdi->state) {
	case DEVATTEST_STATE_LOCKED:
		break;
	case DEVATTEST_STATE_RUN:
		return refuse(job, -EBUSY, "it runs already");
	case DEVATTEST_STATE_ERROR:
		return refuse(job, -EIO, "it is in error: unlock it");
	default:
		return refuse(job, -EINVAL, "it is not locked");
	}
	if (tdi->owner != job->portid)
		return refuse(job, -EBUSY, "another socket locked it");
	if (driver_is_bound(tdi))
		return refuse(job, -EBUSY, "a driver is bound");
	return 0;
}

/* The same question behind a call to the TSM. */
static int still(struct devattest_tdi *tdi, struct devattest_job *job)
{
	int rc;

	mutex_lock(&tdi->lock);
	rc = may_push(tdi, job);
	mutex_unlock(&tdi->lock);
	return rc;
}

/* Nobody knows whether it was done: nothing may be built on it. */
static int tsm_failed(struct devattest_tdi *tdi, struct devattest_job *job,
		      const char *what, int rc)
{
	if (rc == -ETIMEDOUT) {
		mutex_lock(&tdi->lock);
		devattest_fall(tdi, "the TSM did not answer");
		mutex_unlock(&tdi->lock);
	}
	return refuse(job, rc, "%s: the TSM said no (%d)", what, -rc);
}

/* -- the TSM's answer -- */

static void keep_answer(struct devattest_tdi *tdi,
			const struct devattest_answer *answer)
{
	const struct tsm_info *info = &answer->info;

	tdi->answer = *answer;
	tdi->answered = true;
	if (tdi->state == DEVATTEST_STATE_UNLOCKED)
		return;
	if (!info->bound)
		devattest_fall(tdi, "the TSM has it no longer bound");
	else if (info->state_trusted && info->state == TSM_STATE_ERROR)
		devattest_fall(tdi, "the TSM says so");
	else if (info->state_trusted && info->state == TSM_STATE_UNLOCKED)
		devattest_fall(tdi, "the TSM has it unlocked");
}

/* A fresh one into tdi->answer; *ret, if it is not NULL, is a copy's model. */
static int ask_tsm(struct devattest_tdi *tdi, struct devattest_job *job,
		   struct tsm_info *ret)
{
	struct devattest_answer *answer = kzalloc(sizeof(*answer), GFP_KERNEL);
	int rc;

	if (!answer)
		return -ENOMEM;
	rc = tdi->ops->info(tdi, job->has_nonce ? job->nonce : NULL, answer);
	if (!rc) {
		mutex_lock(&tdi->lock);
		keep_answer(tdi, answer);
		mutex_unlock(&tdi->lock);
		if (ret)
			*ret = answer->info;
	}
	kfree(answer);
	return rc ? tsm_failed(tdi, job, "info", rc) : 0;
}

static bool same_token(const struct tsm_token *a, const struct tsm_token *b)
{
	return a->len == b->len && !memcmp(a->bytes, b->bytes, a->len);
}

static bool same_digest(const struct tsm_digest *a, const struct tsm_digest *b)
{
	return a->len == b->len && !crypto_memneq(a->bytes, b->bytes, a->len);
}

static bool same_tokens(const struct tsm_token *a, const struct tsm_token *b)
{
	int i;

	for (i = 0; i < TSM_TOKENS; i++)
		if (!same_token(&a[i], &b[i]))
			return false;
	return true;
}

/* All that ties the judgement to this lock and these bytes. */
static bool is_unmoved(const struct tsm_info *a, const struct tsm_info *b)
{
	int i;

	for (i = 0; i < TSM_DIGESTS; i++)
		if (!same_digest(&a->digest[i], &b->digest[i]))
			return false;
	return same_tokens(a->token, b->token) && b->bound &&
	       a->hash == b->hash;
}

/* -- lock and unlock -- */

int devattest_do_unlock(struct devattest_tdi *tdi)
{
	int rc;

	mutex_lock(&tdi->lock);
	devattest_forget_report(tdi);
	mutex_unlock(&tdi->lock);
	rc = tdi->ops->unlock(tdi);
	mutex_lock(&tdi->lock);
	tdi->owner = 0;
	tdi->owner_gone = false;
	tdi->answered = false;
	if (rc) {
		devattest_fall(tdi, "it could not be unlocked");
	} else {
		devattest_next_generation(tdi);
		devattest_set_state(tdi, DEVATTEST_STATE_UNLOCKED);
	}
	mutex_unlock(&tdi->lock);
	return rc;
}

static int may_lock(struct devattest_tdi *tdi, struct devattest_job *job)
{
	int rc = 0;

	mutex_lock(&tdi->lock);
	if (tdi->state != DEVATTEST_STATE_UNLOCKED)
		rc = refuse(job, -EBUSY, "it is not unlocked");
	else if (driver_is_bound(tdi))
		rc = refuse(job, -EBUSY, "a driver is bound");
	mutex_unlock(&tdi->lock);
	return rc;
}

static int do_lock(struct devattest_tdi *tdi, struct devattest_job *job)
{
	u16 command = 0;
	bool orphan;
	int rc = may_lock(tdi, job);

	if (rc)
		return rc;
	rc = tdi->ops->lock(tdi);
	if (rc && rc != -ETIMEDOUT)
		return tsm_failed(tdi, job, "lock", rc);
	pci_read_config_word(tdi->pdev, PCI_COMMAND, &command);
	mutex_lock(&tdi->lock);
	tdi->owner = job->portid;
	tdi->command = command & (PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	devattest_next_generation(tdi);
	devattest_set_state(tdi, DEVATTEST_STATE_LOCKED);
	mutex_unlock(&tdi->lock);
	if (rc)
		return tsm_failed(tdi, job, "lock", rc);
	rc = ask_tsm(tdi, job, NULL);
	mutex_lock(&tdi->lock);
	orphan = job->orphan;
	mutex_unlock(&tdi->lock);
	/* A lock that failed half way, or for nobody, is none. */
	if (rc || orphan)
		devattest_do_unlock(tdi);
	return rc;
}

static int do_unlock(struct devattest_tdi *tdi, struct devattest_job *job)
{
	int rc = 0;

	mutex_lock(&tdi->lock);
	if (tdi->state == DEVATTEST_STATE_UNLOCKED)
		rc = refuse(job, -EINVAL, "it is not locked");
	else if (driver_is_bound(tdi))
		rc = refuse(job, -EBUSY, "a driver is bound");
	else if (tdi->state == DEVATTEST_STATE_LOCKED &&
		 tdi->owner != job->portid)
		rc = refuse(job, -EBUSY, "another socket locked it");
	mutex_unlock(&tdi->lock);
	if (rc)
		return rc;
	rc = devattest_do_unlock(tdi);
	return rc ? refuse(job, rc, "unlock: the TSM said no (%d)", -rc) : 0;
}

static int do_info(struct devattest_tdi *tdi, struct devattest_job *job)
{
	return ask_tsm(tdi, job, NULL);
}

/* -- the report -- */

static const char *hash_name(u8 hash)
{
	switch (hash) {
	case TSM_SHA256:
		return "sha256";
	case TSM_SHA384:
		return "sha384";
	case TSM_SHA512:
		return "sha512";
	default:
		return NULL;
	}
}

/* The kernel's own hash of its own copy, against the TSM's. */
static int compare_digest(struct devattest_job *job,
			  const struct tsm_info *info)
{
	const struct tsm_digest *tsms = &info->digest[TSM_DIGEST_REPORT];
	const char *name = hash_name(info->hash);
	u8 ours[TSM_MAX_DIGEST];
	struct crypto_shash *hash;
	int rc;

	if (!tsms->len || !name)
		return refuse(job, -EBADMSG, "the TSM vouches for no report");
	hash = crypto_alloc_shash(name, 0, 0);
	if (IS_ERR(hash))
		return refuse(job, PTR_ERR(hash), "no %s here", name);
	rc = crypto_shash_digestsize(hash) == tsms->len ?
		crypto_shash_tfm_digest(hash, job->report, job->size, ours) :
		-EBADMSG;
	crypto_free_shash(hash);
	if (rc || crypto_memneq(ours, tsms->bytes, tsms->len))
		return refuse(job, rc ? rc : -EBADMSG,
			      "not the report that the TSM saw");
	return 0;
}

static int may_write(struct devattest_tdi *tdi, struct devattest_job *job)
{
	int rc;

	mutex_lock(&tdi->lock);
	rc = may_push(tdi, job);
	if (!rc && tdi->plan)
		rc = refuse(job, -EBUSY, "there is a report already");
	if (!rc && job->generation != tdi->generation)
		rc = refuse(job, -ESTALE, "generation %u, not %u",
			    tdi->generation, job->generation);
	if (!rc && (job->page_unit != tdi->setup.page_unit ||
		    job->bar_base != tdi->setup.bar_base))
		rc = refuse(job, -ESTALE, "judged by another unit or base");
	mutex_unlock(&tdi->lock);
	return rc;
}

static int fit(struct devattest_tdi *tdi, struct devattest_job *job,
	       const struct tsm_info *info, struct devattest_map_plan **ret)
{
	struct devattest_bars bars;
	char why[DEVATTEST_WHY] = "";
	int rc;

	devattest_bars_of(tdi->pdev, info, &bars);
	rc = devattest_report_fit(job->report, job->size, &bars,
				  job->page_unit, job->bar_base, ret, why);
	return rc ? refuse(job, rc, "%s", why) : 0;
}

static void publish(struct devattest_tdi *tdi, struct devattest_job *job,
		    const struct tsm_info *info)
{
	static const u8 types[][2] = {
		{ DEVATTEST_TYPE_VCA, TSM_DIGEST_VCA },
		{ DEVATTEST_TYPE_MEASUREMENTS, TSM_DIGEST_MEASUREMENTS },
		{ DEVATTEST_TYPE_REPORT, TSM_DIGEST_REPORT },
	};
	const struct tsm_digest *chain = &info->digest[TSM_DIGEST_CHAIN];
	int i;

	if (devattest_evidence_begin(tdi->evidence))
		return;		/* the store is a service, not the gate */
	devattest_evidence_set(tdi->evidence, DEVATTEST_TYPE_REPORT,
			       job->report, job->size);
	for (i = 0; i < ARRAY_SIZE(types); i++)
		devattest_evidence_set_digest(tdi->evidence, types[i][0],
					      info->digest[types[i][1]].bytes,
					      info->digest[types[i][1]].len);
	if (info->slot_known && info->slot < DEVATTEST_TYPE_VCA)
		devattest_evidence_set_digest(tdi->evidence, info->slot,
					      chain->bytes, chain->len);
	devattest_evidence_commit(tdi->evidence);
}

static int do_write(struct devattest_tdi *tdi, struct devattest_job *job)
{
	struct devattest_map_plan *plan = NULL;
	struct tsm_info info;
	int rc = may_write(tdi, job);

	if (!rc)
		rc = ask_tsm(tdi, job, &info);
	if (!rc)
		rc = still(tdi, job);
	if (!rc && !same_tokens(job->token, info.token))
		rc = refuse(job, -ESTALE, "the TSM has other tokens by now");
	if (!rc)
		rc = compare_digest(job, &info);
	if (!rc)
		rc = fit(tdi, job, &info, &plan);
	if (rc)
		return rc;
	mutex_lock(&tdi->lock);
	rc = may_push(tdi, job);
	if (!rc) {
		tdi->plan = plan;
		tdi->pushed = info;
		tdi->validated = 0;
		devattest_next_generation(tdi);
		devattest_send_event(tdi, DEVATTEST_EVENT_GENERATION);
	}
	mutex_unlock(&tdi->lock);
	if (rc)
		devattest_plan_free(plan);
	else
		publish(tdi, job, &info);
	return rc;
}

/* -- validate and accept -- */

/* The plan cannot change while the job runs: only jobs and falls free it. */
static int validate_range(struct devattest_tdi *tdi, struct devattest_job *job,
			  u32 i, bool *ret_more)
{
	struct devattest_range range;
	struct tsm_token token[TSM_TOKENS];

	mutex_lock(&tdi->lock);
	*ret_more = tdi->plan && i < tdi->plan->n;
	if (*ret_more)
		range = tdi->plan->range[i];
	memcpy(token, tdi->pushed.token, sizeof(token));
	mutex_unlock(&tdi->lock);
	if (!*ret_more || range.kind != DEVATTEST_KIND_PRIVATE)
		return 0;
	return tdi->ops->validate(tdi, &range, token);
}

static int validate_all(struct devattest_tdi *tdi, struct devattest_job *job)
{
	bool more = true;
	u32 i;
	int rc = 0;

	for (i = 0; more && !rc; i++)
		rc = validate_range(tdi, job, i, &more);
	return rc ? tsm_failed(tdi, job, "validate", rc) : 0;
}

static bool validates_first(const struct devattest_tdi *tdi)
{
	return tsm_row(tdi->setup.platform,
		       tdi->setup.abi)->validates_before_run;
}

static int may_validate(struct devattest_tdi *tdi, struct devattest_job *job)
{
	int rc;

	mutex_lock(&tdi->lock);
	rc = may_push(tdi, job);
	if (!rc && !tdi->plan)
		rc = refuse(job, -ENODATA, "there is no report yet");
	if (!rc && job->generation != tdi->generation)
		rc = refuse(job, -ESTALE, "generation %u, not %u",
			    tdi->generation, job->generation);
	mutex_unlock(&tdi->lock);
	return rc;
}

static int do_validate(struct devattest_tdi *tdi, struct devattest_job *job)
{
	int rc = may_validate(tdi, job);

	if (!rc && validates_first(tdi))
		rc = validate_all(tdi, job);
	if (rc)
		return rc;
	mutex_lock(&tdi->lock);
	rc = may_push(tdi, job);
	if (!rc)
		tdi->validated = tdi->generation;
	mutex_unlock(&tdi->lock);
	return rc;
}

static int may_accept(struct devattest_tdi *tdi, struct devattest_job *job,
		      bool *ret_runs, struct tsm_info *ret)
{
	int rc;

	mutex_lock(&tdi->lock);
	*ret_runs = tdi->state == DEVATTEST_STATE_RUN;
	rc = *ret_runs ? 0 : may_push(tdi, job);
	if (!rc && !*ret_runs && !tdi->plan)
		rc = refuse(job, -ENODATA, "there is no report yet");
	else if (!rc && !*ret_runs && tdi->validated != tdi->generation)
		rc = refuse(job, -ENODATA, "it was not validated");
	*ret = tdi->pushed;
	mutex_unlock(&tdi->lock);
	return rc;
}

/* What the judgement was built on must be there behind the start, too. */
static int commit(struct devattest_tdi *tdi, struct devattest_job *job,
		  const struct tsm_info *before, const struct tsm_info *now)
{
	int rc;

	mutex_lock(&tdi->lock);
	rc = may_push(tdi, job);
	if (!rc && !is_unmoved(before, now))
		rc = refuse(job, -ESTALE, "the TSM's answer changed");
	if (!rc && now->state_trusted && now->state != TSM_STATE_RUN)
		rc = refuse(job, -EIO, "the TSM does not have it running");
	if (!rc)
		rc = devattest_map_insert(tdi->pdev, tdi->plan);
	if (rc) {
		devattest_fall(tdi, "it moved while it was accepted");
	} else {
		tdi->owner = 0;
		devattest_set_state(tdi, DEVATTEST_STATE_RUN);
	}
	mutex_unlock(&tdi->lock);
	return rc;
}

static int start(struct devattest_tdi *tdi, struct devattest_job *job,
		 const struct tsm_info *before)
{
	struct tsm_info now;
	int rc = tdi->ops->run(tdi, before->token);

	if (rc)		/* the TDI is as it was, or in doubt */
		return tsm_failed(tdi, job, "run", rc);
	if (!validates_first(tdi))
		rc = validate_all(tdi, job);
	if (!rc) {
		rc = tdi->ops->enable_dma(tdi, before->token);
		if (rc)
			rc = tsm_failed(tdi, job, "enable DMA", rc);
	}
	if (!rc)
		rc = ask_tsm(tdi, job, &now);
	if (!rc)
		return commit(tdi, job, before, &now);
	mutex_lock(&tdi->lock);
	devattest_fall(tdi, "it was started and not finished");
	mutex_unlock(&tdi->lock);
	return rc;
}

/* A second time it is what it is: no second start, no second map. */
static int accept_tdi(struct devattest_tdi *tdi, struct devattest_job *job)
{
	struct tsm_info before;
	bool runs;
	int rc = may_accept(tdi, job, &runs, &before);

	return rc || runs ? rc : start(tdi, job, &before);
}

/* -- the queue -- */

static int (*const does[])(struct devattest_tdi *, struct devattest_job *) = {
	[DEVATTEST_CMD_VALIDATE] = do_validate,
	[DEVATTEST_CMD_TSM_INFO] = do_info,
	[DEVATTEST_CMD_LOCK] = do_lock,
	[DEVATTEST_CMD_REPORT_WRITE] = do_write,
	[DEVATTEST_CMD_ACCEPT] = accept_tdi,
	[DEVATTEST_CMD_UNLOCK] = do_unlock,
};

void devattest_job_free(struct devattest_job *job)
{
	kvfree(job->report);
	kfree(job);
}

void devattest_job_run(struct work_struct *work)
{
	struct devattest_job *job = container_of(work, struct devattest_job,
						 work);
	struct devattest_tdi *tdi = job->tdi;
	int rc;

	device_lock(&tdi->pdev->dev);
	rc = does[job->cmd](tdi, job);
	device_unlock(&tdi->pdev->dev);

	mutex_lock(&tdi->lock);
	tdi->last_request = job->request;
	tdi->last_error = -rc;
	tdi->job = NULL;
	if (!job->orphan)
		devattest_send_done(tdi, job, -rc);
	mutex_unlock(&tdi->lock);
	devattest_job_free(job);
	devattest_tdi_put(tdi);
}
