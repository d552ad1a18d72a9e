// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink family "devattest".  A doit here reads attributes, copies what
 * must outlive the message, queues, and answers with the request's number: no
 * TSM is asked and no device lock is taken while genetlink's lock is held, so
 * that a host which stalls one TDI stalls nobody else.
 */
#include <linux/atomic.h>
#include <linux/capability.h>
#include <linux/slab.h>

#include "devattest_private.h"

static struct genl_family family;
static atomic64_t requests = ATOMIC64_INIT(0);

enum { GROUP_EVENTS };

static const struct genl_multicast_group groups[] = {
	[GROUP_EVENTS] = { .name = DEVATTEST_GENL_GROUP_EVENTS,
			   .flags = GENL_MCAST_CAP_NET_ADMIN },
};

static const struct nla_policy value_policy[DEVATTEST_VALUE_MAX + 1] = {
	[DEVATTEST_VALUE_KIND] = NLA_POLICY_MAX(NLA_U32,
						DEVATTEST_TOKEN_REPORT),
	[DEVATTEST_VALUE_BYTES] = NLA_POLICY_RANGE(NLA_BINARY, 1,
						   DEVATTEST_TOKEN_MAX),
};

static const struct nla_policy policy[DEVATTEST_A_MAX + 1] = {
	[DEVATTEST_A_SUBSYS] = { .type = NLA_NUL_STRING,
				 .len = DEVATTEST_NAME_MAX },
	[DEVATTEST_A_DEV_NAME] = { .type = NLA_NUL_STRING,
				   .len = DEVATTEST_NAME_MAX },
	[DEVATTEST_A_NONCE] = NLA_POLICY_EXACT_LEN(DEVATTEST_NONCE_MAX),
	[DEVATTEST_A_GENERATION] = NLA_POLICY_MIN(NLA_U32, 1),
	[DEVATTEST_A_LENGTH] = { .type = NLA_U32 },
	[DEVATTEST_A_VAL] = { .type = NLA_BINARY },
	[DEVATTEST_A_TOKEN] = NLA_POLICY_NESTED(value_policy),
	[DEVATTEST_A_PAGE_UNIT] = NLA_POLICY_MAX(NLA_U32, DEVATTEST_UNIT_BYTE),
	[DEVATTEST_A_BAR_BASE] = NLA_POLICY_MAX(NLA_U32, DEVATTEST_BASE_ZERO),
};

/*
 * Whoever opened the socket and whoever sends by it, both in the initial user
 * namespace.  The family is of the initial network namespace only.
 */
int devattest_may_change(struct sk_buff *skb)
{
	return netlink_capable(skb, CAP_SYS_ADMIN) &&
	       capable(CAP_SYS_ADMIN) ? 0 : -EPERM;
}

/* -- which TDI -- */

static struct devattest_tdi *find(struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	struct devattest_tdi *tdi;

	if (!a[DEVATTEST_A_DEV_NAME]) {
		NL_SET_ERR_MSG(info->extack, "dev-name is missing");
		return ERR_PTR(-EINVAL);
	}
	if (a[DEVATTEST_A_SUBSYS] && nla_strcmp(a[DEVATTEST_A_SUBSYS], "pci")) {
		NL_SET_ERR_MSG(info->extack, "the only subsys is pci");
		return ERR_PTR(-EOPNOTSUPP);
	}
	tdi = devattest_tdi_find(nla_data(a[DEVATTEST_A_DEV_NAME]));
	if (tdi)
		return tdi;
	NL_SET_ERR_MSG(info->extack, "no TDI of that name");
	return ERR_PTR(-ENODEV);
}

/* -- what is told -- */

static int put_pair(struct sk_buff *skb, int attr, u32 kind, const u8 *bytes,
		    u32 size)
{
	struct nlattr *nest;

	if (!size)
		return 0;
	nest = nla_nest_start(skb, attr);
	if (!nest || nla_put_u32(skb, DEVATTEST_VALUE_KIND, kind) ||
	    nla_put(skb, DEVATTEST_VALUE_BYTES, size, bytes))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_state(struct sk_buff *skb, const struct devattest_tdi *tdi,
		     u32 portid)
{
	const struct device_driver *driver = READ_ONCE(tdi->pdev->dev.driver);

	if (nla_put_string(skb, DEVATTEST_A_SUBSYS, "pci") ||
	    nla_put_string(skb, DEVATTEST_A_DEV_NAME, pci_name(tdi->pdev)) ||
	    nla_put_u32(skb, DEVATTEST_A_STATE, tdi->state) ||
	    nla_put_u32(skb, DEVATTEST_A_GENERATION, tdi->generation) ||
	    nla_put_u32(skb, DEVATTEST_A_PLATFORM, tdi->setup.platform) ||
	    nla_put_u32(skb, DEVATTEST_A_ABI, tdi->setup.abi) ||
	    nla_put_u32(skb, DEVATTEST_A_PAGE_UNIT, tdi->setup.page_unit) ||
	    nla_put_u32(skb, DEVATTEST_A_BAR_BASE, tdi->setup.bar_base))
		return -EMSGSIZE;
	/* A bound one's name may go with its module: only that there is one. */
	if ((driver && nla_put_string(skb, DEVATTEST_A_DRIVER, "bound")) ||
	    (tdi->emulated && nla_put_flag(skb, DEVATTEST_A_EMULATED)) ||
	    (tdi->owner && tdi->owner == portid &&
	     nla_put_flag(skb, DEVATTEST_A_OWNED)) ||
	    (tdi->plan && nla_put_flag(skb, DEVATTEST_A_PUSHED)) ||
	    (tdi->validated && tdi->validated == tdi->generation &&
	     nla_put_flag(skb, DEVATTEST_A_VALIDATED)))
		return -EMSGSIZE;
	return 0;
}

static int put_last(struct sk_buff *skb, u64 request, int error)
{
	if (!request)
		return 0;
	return nla_put_u64_64bit(skb, DEVATTEST_A_REQUEST, request,
				 DEVATTEST_A_PAD) ||
	       nla_put_u32(skb, DEVATTEST_A_ERROR, error) ? -EMSGSIZE : 0;
}

static int put_values(struct sk_buff *skb, const struct tsm_info *info)
{
	int i;

	for (i = 0; i < TSM_TOKENS; i++)
		if (put_pair(skb, DEVATTEST_A_TOKEN, i, info->token[i].bytes,
			     info->token[i].len))
			return -EMSGSIZE;
	for (i = 0; i < TSM_DIGESTS; i++)
		if (put_pair(skb, DEVATTEST_A_DIGEST, i, info->digest[i].bytes,
			     info->digest[i].len))
			return -EMSGSIZE;
	return 0;
}

static int put_flags(struct sk_buff *skb, const struct tsm_info *info)
{
	const u8 tri[] = { info->link_spdm, info->link_ide,
			   info->measurements_fresh };
	u32 value = 0, known = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(tri); i++) {
		if (tri[i] != TSM_UNKNOWN)
			known |= 1u << i;
		if (tri[i] == TSM_TRUE)
			value |= 1u << i;
	}
	return nla_put_bitfield32(skb, DEVATTEST_A_LINK_FLAGS, value, known) ||
	       nla_put_bitfield32(skb, DEVATTEST_A_LOCK_FLAGS,
				  info->lock_flags & info->lock_flags_known,
				  info->lock_flags_known) ? -EMSGSIZE : 0;
}

static int put_info(struct sk_buff *skb, const struct devattest_answer *answer)
{
	const struct tsm_info *info = &answer->info;

	if (nla_put(skb, DEVATTEST_A_MESSAGE, answer->size, answer->message) ||
	    nla_put_u32(skb, DEVATTEST_A_TSM_STATE, info->state) ||
	    (info->state_trusted &&
	     nla_put_flag(skb, DEVATTEST_A_TSM_STATE_TRUSTED)) ||
	    (info->bound && nla_put_flag(skb, DEVATTEST_A_BOUND)) ||
	    nla_put_u32(skb, DEVATTEST_A_HASH, info->hash) ||
	    (info->slot_known &&
	     nla_put_u32(skb, DEVATTEST_A_SLOT, info->slot)))
		return -EMSGSIZE;
	return put_flags(skb, info) || put_values(skb, info) ? -EMSGSIZE : 0;
}

static int put_range(struct sk_buff *skb, const struct devattest_range *r)
{
	struct nlattr *nest = nla_nest_start(skb, DEVATTEST_A_RANGE);

	if (!nest || nla_put_u32(skb, DEVATTEST_RANGE_BAR, r->bar) ||
	    nla_put_u64_64bit(skb, DEVATTEST_RANGE_OFFSET, r->offset,
			      DEVATTEST_RANGE_PAD) ||
	    nla_put_u64_64bit(skb, DEVATTEST_RANGE_SIZE, r->size,
			      DEVATTEST_RANGE_PAD) ||
	    nla_put_u32(skb, DEVATTEST_RANGE_KIND, r->kind) ||
	    nla_put_u32(skb, DEVATTEST_RANGE_ATTRIBUTES, r->attributes))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_map(struct sk_buff *skb, const struct devattest_tdi *tdi)
{
	u32 i;

	for (i = 0; tdi->plan && i < tdi->plan->n; i++)
		if (put_range(skb, &tdi->plan->range[i]))
			return -EMSGSIZE;
	return 0;
}

/* Room for the largest of them: a map of DEVATTEST_RANGES_MAX ranges. */
#define RANGE_ROOM	80
#define ANSWER_ROOM	(DEVATTEST_MESSAGE_MAX + 2048)

static size_t room(const struct devattest_tdi *tdi)
{
	return ANSWER_ROOM + (tdi->plan ? tdi->plan->n * RANGE_ROOM : 0);
}

/* -- requests that are answered at once -- */

static int reply_state(struct devattest_tdi *tdi, struct sk_buff *skb,
		       u32 portid, u32 seq, int flags)
{
	void *head = genlmsg_put(skb, portid, seq, &family, flags,
				 DEVATTEST_CMD_STATE_GET);
	int rc;

	if (!head)
		return -EMSGSIZE;
	mutex_lock(&tdi->lock);
	rc = put_state(skb, tdi, portid);
	if (!rc)
		rc = put_last(skb, tdi->last_request, tdi->last_error);
	mutex_unlock(&tdi->lock);
	if (rc)
		genlmsg_cancel(skb, head);
	else
		genlmsg_end(skb, head);
	return rc;
}

static int state_get(struct sk_buff *skb, struct genl_info *info)
{
	struct devattest_tdi *tdi = find(info);
	struct sk_buff *reply;
	int rc = -ENOMEM;

	if (IS_ERR(tdi))
		return PTR_ERR(tdi);
	reply = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (reply)
		rc = reply_state(tdi, reply, info->snd_portid, info->snd_seq,
				 0);
	devattest_tdi_put(tdi);
	if (rc) {
		nlmsg_free(reply);
		return rc;
	}
	return genlmsg_reply(reply, info);
}

static int state_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct devattest_tdi *tdi;
	int rc = 0;

	while (!rc && (tdi = devattest_tdi_nth(cb->args[0]))) {
		rc = reply_state(tdi, skb, NETLINK_CB(cb->skb).portid,
				 cb->nlh->nlmsg_seq, NLM_F_MULTI);
		devattest_tdi_put(tdi);
		if (!rc)
			cb->args[0]++;
	}
	return skb->len ? skb->len : rc;
}

static int reply_map(struct devattest_tdi *tdi, struct genl_info *info)
{
	struct sk_buff *reply = NULL;
	void *head;
	int rc = -ENODATA;

	mutex_lock(&tdi->lock);
	if (tdi->state != DEVATTEST_STATE_RUN)
		goto out;
	rc = -ENOMEM;
	reply = genlmsg_new(room(tdi), GFP_KERNEL);
	if (!reply)
		goto out;
	head = genlmsg_put_reply(reply, info, &family, 0,
				 DEVATTEST_CMD_MAP_GET);
	rc = head ? put_state(reply, tdi, info->snd_portid) : -EMSGSIZE;
	if (!rc)
		rc = put_map(reply, tdi);
	if (!rc)
		genlmsg_end(reply, head);
out:
	mutex_unlock(&tdi->lock);
	if (!rc)
		return genlmsg_reply(reply, info);
	nlmsg_free(reply);
	return rc;
}

static int map_get(struct sk_buff *skb, struct genl_info *info)
{
	struct devattest_tdi *tdi = find(info);
	int rc;

	if (IS_ERR(tdi))
		return PTR_ERR(tdi);
	rc = reply_map(tdi, info);
	if (rc == -ENODATA)
		NL_SET_ERR_MSG(info->extack, "no map: it does not run");
	devattest_tdi_put(tdi);
	return rc;
}

/* -- requests that are queued -- */

/* nla_parse() keeps the last of a number: what repeats is walked by hand. */
static int copy_report(struct devattest_job *job, struct genl_info *info)
{
	const struct nlattr *attr;
	u64 at = 0;
	int left;

	if (!info->attrs[DEVATTEST_A_LENGTH])
		return -EINVAL;
	job->size = nla_get_u32(info->attrs[DEVATTEST_A_LENGTH]);
	if (!job->size || job->size > DEVATTEST_REPORT_MAX)
		return -EINVAL;
	job->report = kvmalloc(job->size, GFP_KERNEL);
	if (!job->report)
		return -ENOMEM;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, left) {
		if (nla_type(attr) != DEVATTEST_A_VAL)
			continue;
		if (nla_len(attr) > job->size - at)
			return -EINVAL;
		memcpy(job->report + at, nla_data(attr), nla_len(attr));
		at += nla_len(attr);
	}
	return at == job->size ? 0 : -EINVAL;
}

static int copy_tokens(struct devattest_job *job, struct genl_info *info)
{
	struct nlattr *of[DEVATTEST_VALUE_MAX + 1];
	struct tsm_token *token;
	const struct nlattr *attr;
	int left, rc;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, left) {
		if (nla_type(attr) != DEVATTEST_A_TOKEN)
			continue;
		rc = nla_parse_nested(of, DEVATTEST_VALUE_MAX, attr,
				      value_policy, info->extack);
		if (rc)
			return rc;
		if (!of[DEVATTEST_VALUE_KIND] || !of[DEVATTEST_VALUE_BYTES])
			return -EINVAL;
		token = &job->token[nla_get_u32(of[DEVATTEST_VALUE_KIND])];
		if (token->len)
			return -EINVAL;		/* twice the same kind */
		token->len = nla_len(of[DEVATTEST_VALUE_BYTES]);
		memcpy(token->bytes, nla_data(of[DEVATTEST_VALUE_BYTES]),
		       token->len);
	}
	return 0;
}

static u32 opt_u32(const struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static int fill_job(struct devattest_job *job, struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	int rc = 0;

	job->cmd = info->genlhdr->cmd;
	job->portid = info->snd_portid;
	job->generation = opt_u32(a[DEVATTEST_A_GENERATION]);
	job->page_unit = opt_u32(a[DEVATTEST_A_PAGE_UNIT]);
	job->bar_base = opt_u32(a[DEVATTEST_A_BAR_BASE]);
	job->has_nonce = a[DEVATTEST_A_NONCE];
	if (job->has_nonce)
		memcpy(job->nonce, nla_data(a[DEVATTEST_A_NONCE]),
		       DEVATTEST_NONCE_MAX);
	if (job->cmd == DEVATTEST_CMD_REPORT_WRITE)
		rc = copy_report(job, info);
	if (!rc && job->cmd == DEVATTEST_CMD_REPORT_WRITE)
		rc = copy_tokens(job, info);
	if (rc)
		NL_SET_ERR_MSG(info->extack,
			       "the report's length, chunks or tokens");
	if (!rc && !job->generation &&
	    (job->cmd == DEVATTEST_CMD_REPORT_WRITE ||
	     job->cmd == DEVATTEST_CMD_VALIDATE)) {
		NL_SET_ERR_MSG(info->extack, "generation is missing");
		rc = -EINVAL;
	}
	return rc;
}

static struct sk_buff *number_reply(struct genl_info *info, u64 request)
{
	struct sk_buff *reply = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *head;

	if (!reply)
		return NULL;
	head = genlmsg_put_reply(reply, info, &family, 0, info->genlhdr->cmd);
	if (!head || nla_put_u64_64bit(reply, DEVATTEST_A_REQUEST, request,
				       DEVATTEST_A_PAD)) {
		nlmsg_free(reply);
		return NULL;
	}
	genlmsg_end(reply, head);
	return reply;
}

/*
 * The answer goes out first: its end never overtakes it.  One request at a time
 * is taken, so that what a socket sees is the order in which things happened.
 */
static int enqueue(struct devattest_tdi *tdi, struct devattest_job *job,
		   struct genl_info *info)
{
	struct sk_buff *reply;
	int rc = -EBUSY;

	job->request = atomic64_inc_return(&requests);
	reply = number_reply(info, job->request);
	if (!reply)
		return -ENOMEM;
	mutex_lock(&tdi->lock);
	if (tdi->gone) {
		rc = -ENODEV;
	} else if (tdi->job) {
		NL_SET_ERR_MSG(info->extack, "a request is at work");
	} else {
		rc = genlmsg_reply(reply, info);
		reply = NULL;
	}
	if (!rc) {
		tdi->job = job;
		kref_get(&tdi->ref);
		job->tdi = tdi;
		INIT_WORK(&job->work, devattest_job_run);
		queue_work(tdi->queue, &job->work);
	}
	mutex_unlock(&tdi->lock);
	nlmsg_free(reply);
	return rc;
}

static int take(struct sk_buff *skb, struct genl_info *info)
{
	struct devattest_tdi *tdi;
	struct devattest_job *job;
	int rc = devattest_may_change(skb);

	if (rc)
		return rc;
	tdi = find(info);
	if (IS_ERR(tdi))
		return PTR_ERR(tdi);
	job = kzalloc(sizeof(*job), GFP_KERNEL);
	rc = job ? fill_job(job, info) : -ENOMEM;
	if (!rc)
		rc = enqueue(tdi, job, info);
	if (rc && job)
		devattest_job_free(job);
	devattest_tdi_put(tdi);
	return rc;
}

/* -- the end of a request, and events -- */

static int put_end(struct sk_buff *skb, struct devattest_tdi *tdi,
		   const struct devattest_job *job, int error)
{
	int rc = put_state(skb, tdi, job->portid);

	if (!rc)
		rc = put_last(skb, job->request, error);
	if (!rc && error && job->text[0])
		rc = nla_put_string(skb, DEVATTEST_A_TEXT, job->text);
	if (!rc && !error && tdi->answered &&
	    (job->cmd == DEVATTEST_CMD_TSM_INFO ||
	     job->cmd == DEVATTEST_CMD_LOCK))
		rc = put_info(skb, &tdi->answer);
	if (!rc && !error && job->cmd == DEVATTEST_CMD_ACCEPT)
		rc = put_map(skb, tdi);
	return rc;
}

void devattest_send_done(struct devattest_tdi *tdi,
			 const struct devattest_job *job, int error)
{
	struct sk_buff *skb = genlmsg_new(room(tdi), GFP_KERNEL);
	void *head;

	lockdep_assert_held(&tdi->lock);
	if (!skb)
		return;		/* STATE_GET tells it, too */
	head = genlmsg_put(skb, job->portid, 0, &family, 0,
			   DEVATTEST_CMD_DONE);
	if (!head || put_end(skb, tdi, job, error)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, head);
	genlmsg_unicast(&init_net, skb, job->portid);
}

void devattest_send_event(struct devattest_tdi *tdi, u32 event)
{
	struct sk_buff *skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *head;

	lockdep_assert_held(&tdi->lock);
	if (!skb)
		return;		/* a hint only */
	head = genlmsg_put(skb, 0, 0, &family, 0, DEVATTEST_CMD_EVENT);
	if (!head || nla_put_u32(skb, DEVATTEST_A_EVENT, event) ||
	    put_state(skb, tdi, 0)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, head);
	genlmsg_multicast(&family, skb, 0, GROUP_EVENTS, GFP_KERNEL);
}

/* -- the family -- */

#define QUEUED(number) { .cmd = (number), .doit = take }

static const struct genl_ops family_ops[] = {
	{ .cmd = DEVATTEST_CMD_STATE_GET, .doit = state_get,
	  .dumpit = state_dump },
	{ .cmd = DEVATTEST_CMD_MAP_GET, .doit = map_get },
	QUEUED(DEVATTEST_CMD_VALIDATE),
	QUEUED(DEVATTEST_CMD_TSM_INFO),
	QUEUED(DEVATTEST_CMD_LOCK),
	QUEUED(DEVATTEST_CMD_REPORT_WRITE),
	QUEUED(DEVATTEST_CMD_ACCEPT),
	QUEUED(DEVATTEST_CMD_UNLOCK),
};

static struct genl_family family = {
	.name = DEVATTEST_GENL_NAME,
	.version = DEVATTEST_GENL_VERSION,
	.maxattr = DEVATTEST_A_MAX,
	.policy = policy,
	.netnsok = false,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = family_ops,
	.n_ops = ARRAY_SIZE(family_ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

int devattest_netlink_init(void)
{
	return genl_register_family(&family);
}

void devattest_netlink_exit(void)
{
	genl_unregister_family(&family);
}
