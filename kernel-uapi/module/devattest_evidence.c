// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store, and family "device-evidence" with the proposal's numbers, where
 * the kernel has none of its own.
 *
 * A set of objects is made whole, then put in place of the one before; readers
 * hold a reference of the set they read, and are told EAGAIN once it is not the
 * one in force.  A nonce has everything collected anew: that is done in the
 * reader's context, in the dump's second call.  The first one runs inside
 * genetlink's receive path, whose locks must not wait for a device, and says no
 * more than the function's name.
 */
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "devattest_private.h"

#define TYPES	(DEVATTEST_TYPE_MAX + 1)

struct object {
	u8 *data;
	size_t size;
	u8 digest[DEVATTEST_DIGEST_MAX];
	size_t digest_size;
};

struct set {
	struct kref ref;
	u32 generation;
	struct object object[TYPES];
};

struct devattest_evidence {
	struct kref ref;
	struct list_head node;		/* stores_lock */
	struct pci_dev *pdev;
	const struct devattest_evidence_ops *ops;
	void *priv;
	struct mutex refreshing;	/* one collection at a time; outermost */
	struct mutex lock;		/* all below */
	bool removed;
	struct set *now, *next;		/* next: between begin and commit */
	u32 generation;
	u32 validated;			/* generation; 0: none */
};

static LIST_HEAD(stores);
static DEFINE_MUTEX(stores_lock);
static struct genl_family family;
static bool registered;

/* -- sets -- */

static void set_free(struct kref *ref)
{
	struct set *set = container_of(ref, struct set, ref);
	int i;

	for (i = 0; i < TYPES; i++)
		kvfree(set->object[i].data);
	kfree(set);
}

static void set_put(struct set *set)
{
	if (set)
		kref_put(&set->ref, set_free);
}

static struct set *set_new(u32 generation)
{
	struct set *set = kzalloc(sizeof(*set), GFP_KERNEL);

	if (!set)
		return NULL;
	kref_init(&set->ref);
	set->generation = generation;
	return set;
}

/* -- stores -- */

static void store_free(struct kref *ref)
{
	struct devattest_evidence *ev = container_of(ref,
					struct devattest_evidence, ref);

	set_put(ev->now);
	set_put(ev->next);
	pci_dev_put(ev->pdev);
	kfree(ev);
}

static void store_put(struct devattest_evidence *ev)
{
	kref_put(&ev->ref, store_free);
}

static struct devattest_evidence *store_find(const char *name)
{
	struct devattest_evidence *ev, *found = NULL;

	mutex_lock(&stores_lock);
	list_for_each_entry(ev, &stores, node) {
		if (strcmp(pci_name(ev->pdev), name))
			continue;
		kref_get(&ev->ref);
		found = ev;
		break;
	}
	mutex_unlock(&stores_lock);
	return found;
}

struct devattest_evidence *
devattest_evidence_add(struct pci_dev *pdev,
		       const struct devattest_evidence_ops *ops, void *priv)
{
	struct devattest_evidence *ev = kzalloc(sizeof(*ev), GFP_KERNEL);

	if (!ev)
		return ERR_PTR(-ENOMEM);
	ev->now = set_new(1);
	if (!ev->now) {
		kfree(ev);
		return ERR_PTR(-ENOMEM);
	}
	kref_init(&ev->ref);
	mutex_init(&ev->refreshing);
	mutex_init(&ev->lock);
	ev->generation = 1;
	ev->ops = ops;
	ev->priv = priv;
	ev->pdev = pci_dev_get(pdev);
	mutex_lock(&stores_lock);
	list_add_tail(&ev->node, &stores);
	mutex_unlock(&stores_lock);
	return ev;
}
EXPORT_SYMBOL_GPL(devattest_evidence_add);

/* Behind it no refresh runs, and none begins. */
void devattest_evidence_remove(struct devattest_evidence *ev)
{
	mutex_lock(&stores_lock);
	list_del_init(&ev->node);
	mutex_unlock(&stores_lock);
	mutex_lock(&ev->refreshing);
	mutex_lock(&ev->lock);
	ev->removed = true;
	mutex_unlock(&ev->lock);
	mutex_unlock(&ev->refreshing);
	store_put(ev);
}
EXPORT_SYMBOL_GPL(devattest_evidence_remove);

int devattest_evidence_begin(struct devattest_evidence *ev)
{
	struct set *set;

	mutex_lock(&ev->lock);
	set_put(ev->next);
	ev->next = NULL;
	set = set_new(ev->generation + 1 ? ev->generation + 1 : 1);
	ev->next = set;
	mutex_unlock(&ev->lock);
	return set ? 0 : -ENOMEM;
}
EXPORT_SYMBOL_GPL(devattest_evidence_begin);

int devattest_evidence_set(struct devattest_evidence *ev, u32 type,
			   const void *object, size_t size)
{
	u8 *copy;

	if (type >= TYPES || size > DEVATTEST_OBJECT_MAX)
		return -EINVAL;
	copy = kvmalloc(size ? size : 1, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, object, size);
	mutex_lock(&ev->lock);
	if (!ev->next) {
		mutex_unlock(&ev->lock);
		kvfree(copy);
		return -EINVAL;
	}
	kvfree(ev->next->object[type].data);
	ev->next->object[type].data = copy;
	ev->next->object[type].size = size;
	mutex_unlock(&ev->lock);
	return 0;
}
EXPORT_SYMBOL_GPL(devattest_evidence_set);

int devattest_evidence_set_digest(struct devattest_evidence *ev, u32 type,
				  const u8 *digest, size_t size)
{
	int rc = -EINVAL;

	if (type >= TYPES || size > DEVATTEST_DIGEST_MAX)
		return -EINVAL;
	mutex_lock(&ev->lock);
	if (ev->next) {
		memcpy(ev->next->object[type].digest, digest, size);
		ev->next->object[type].digest_size = size;
		rc = 0;
	}
	mutex_unlock(&ev->lock);
	return rc;
}
EXPORT_SYMBOL_GPL(devattest_evidence_set_digest);

u32 devattest_evidence_commit(struct devattest_evidence *ev)
{
	u32 generation;

	mutex_lock(&ev->lock);
	if (ev->next) {
		set_put(ev->now);
		ev->now = ev->next;
		ev->next = NULL;
		ev->generation = ev->now->generation;
		ev->validated = 0;	/* revoked by what is newer */
	}
	generation = ev->generation;
	mutex_unlock(&ev->lock);
	return generation;
}
EXPORT_SYMBOL_GPL(devattest_evidence_commit);

u32 devattest_evidence_generation(struct devattest_evidence *ev)
{
	u32 generation;

	mutex_lock(&ev->lock);
	generation = ev->generation;
	mutex_unlock(&ev->lock);
	return generation;
}
EXPORT_SYMBOL_GPL(devattest_evidence_generation);

/* -- the family's dump -- */

struct reading {
	struct devattest_evidence *ev;
	struct set *set;
	u32 mask, flags;
	bool has_nonce, named;
	u8 nonce[DEVATTEST_NONCE_MAX];
	u32 type;
	size_t at;
	bool begun;		/* the object's first message is out */
};

static const struct nla_policy policy[DEVATTEST_A_VAL + 1] = {
	[DEVATTEST_A_TYPE_MASK] = NLA_POLICY_MASK(NLA_U32, DEVATTEST_TYPE_ALL),
	[DEVATTEST_A_FLAGS] = NLA_POLICY_MASK(NLA_U32, DEVATTEST_FLAG_DIGEST),
	[DEVATTEST_A_SUBSYS] = { .type = NLA_NUL_STRING,
				 .len = DEVATTEST_NAME_MAX },
	[DEVATTEST_A_DEV_NAME] = { .type = NLA_NUL_STRING,
				   .len = DEVATTEST_NAME_MAX },
	[DEVATTEST_A_NONCE] = NLA_POLICY_EXACT_LEN(DEVATTEST_NONCE_MAX),
	[DEVATTEST_A_GENERATION] = NLA_POLICY_MIN(NLA_U32, 1),
};

static int fill_reading(struct reading *r, struct nlattr **a,
			struct netlink_ext_ack *extack)
{
	if (!a[DEVATTEST_A_TYPE_MASK] || !a[DEVATTEST_A_DEV_NAME] ||
	    !nla_get_u32(a[DEVATTEST_A_TYPE_MASK])) {
		NL_SET_ERR_MSG(extack, "type-mask or dev-name is missing");
		return -EINVAL;
	}
	if (a[DEVATTEST_A_SUBSYS] && nla_strcmp(a[DEVATTEST_A_SUBSYS], "pci"))
		return -EOPNOTSUPP;
	r->ev = store_find(nla_data(a[DEVATTEST_A_DEV_NAME]));
	if (!r->ev)
		return -ENODEV;
	r->mask = nla_get_u32(a[DEVATTEST_A_TYPE_MASK]);
	if (a[DEVATTEST_A_FLAGS])
		r->flags = nla_get_u32(a[DEVATTEST_A_FLAGS]);
	r->has_nonce = a[DEVATTEST_A_NONCE];
	if (!r->has_nonce)
		return 0;
	memcpy(r->nonce, nla_data(a[DEVATTEST_A_NONCE]), DEVATTEST_NONCE_MAX);
	return r->ev->ops ? 0 : -EOPNOTSUPP;
}

static void reading_free(struct reading *r)
{
	if (r->ev)
		store_put(r->ev);
	set_put(r->set);
	kfree(r);
}

static int read_start(struct netlink_callback *cb)
{
	struct reading *r = kzalloc(sizeof(*r), GFP_KERNEL);
	int rc;

	if (!r)
		return -ENOMEM;
	rc = fill_reading(r, devattest_dump_attrs(cb), cb->extack);
	if (rc)
		reading_free(r);
	else
		cb->args[0] = (long)r;
	return rc;
}

static int read_done(struct netlink_callback *cb)
{
	if (cb->args[0])
		reading_free((struct reading *)cb->args[0]);
	return 0;
}

static int refresh(struct reading *r)
{
	int rc = -ENODEV;

	if (mutex_lock_interruptible(&r->ev->refreshing))
		return -EINTR;
	mutex_lock(&r->ev->lock);
	if (!r->ev->removed)
		rc = 0;
	mutex_unlock(&r->ev->lock);
	if (!rc)
		rc = r->ev->ops->refresh(r->ev->priv, r->nonce);
	mutex_unlock(&r->ev->refreshing);
	return rc;
}

static int take_set(struct reading *r)
{
	mutex_lock(&r->ev->lock);
	r->set = r->ev->now;
	kref_get(&r->set->ref);
	mutex_unlock(&r->ev->lock);
	return 0;
}

static void *message(struct sk_buff *skb, struct netlink_callback *cb)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &family, NLM_F_MULTI, DEVATTEST_CMD_READ);
}

static int put_name(struct reading *r, struct sk_buff *skb,
		    struct netlink_callback *cb)
{
	void *head = message(skb, cb);

	if (!head || nla_put_string(skb, DEVATTEST_A_DEV_NAME,
				    pci_name(r->ev->pdev)))
		return -EMSGSIZE;
	genlmsg_end(skb, head);
	r->named = true;
	return skb->len;
}

/* At most what fits into an attribute, and into this message. */
static int put_chunk(struct reading *r, struct sk_buff *skb,
		     struct netlink_callback *cb)
{
	const struct object *o = &r->set->object[r->type];
	bool digest = r->flags & DEVATTEST_FLAG_DIGEST;
	const u8 *data = digest ? o->digest : o->data;
	size_t size = digest ? o->digest_size : o->size, n;
	void *head = message(skb, cb);

	if (!head)
		return -EMSGSIZE;
	if (!r->begun && (nla_put_u32(skb, DEVATTEST_A_TYPE, r->type) ||
			  nla_put_u32(skb, DEVATTEST_A_GENERATION,
				      r->set->generation) ||
			  nla_put_u32(skb, DEVATTEST_A_LENGTH, size)))
		goto full;
	if (skb_tailroom(skb) < NLA_HDRLEN + (size > r->at ? 64 : 0))
		goto full;
	n = min_t(size_t, size - r->at, skb_tailroom(skb) - NLA_HDRLEN - 4);
	n = min_t(size_t, n, DEVATTEST_VAL_MAX);
	if (nla_put(skb, DEVATTEST_A_VAL, n, data + r->at))
		goto full;
	genlmsg_end(skb, head);
	r->begun = true;
	r->at += n;
	if (r->at == size) {
		r->type++;
		r->at = 0;
		r->begun = false;
	}
	return 0;
full:
	genlmsg_cancel(skb, head);
	return -EMSGSIZE;
}

static int read_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct reading *r = (struct reading *)cb->args[0];
	int rc = 0;

	if (r->has_nonce && !r->named)
		return put_name(r, skb, cb);
	if (!r->set) {
		rc = r->has_nonce ? refresh(r) : 0;
		if (rc)
			return rc;
		take_set(r);
	}
	if (devattest_evidence_generation(r->ev) != r->set->generation)
		return -EAGAIN;
	while (!rc && r->type < TYPES) {
		if (!(r->mask & BIT(r->type)))
			r->type++;
		else
			rc = put_chunk(r, skb, cb);
	}
	return skb->len ? skb->len : rc;
}

static int validate(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **a = info->attrs;
	struct devattest_evidence *ev;
	int rc = devattest_may_change(skb);

	if (rc)
		return rc;
	if (!a[DEVATTEST_A_DEV_NAME] || !a[DEVATTEST_A_GENERATION])
		return -EINVAL;
	ev = store_find(nla_data(a[DEVATTEST_A_DEV_NAME]));
	if (!ev)
		return -ENODEV;
	mutex_lock(&ev->lock);
	if (nla_get_u32(a[DEVATTEST_A_GENERATION]) == ev->generation)
		ev->validated = ev->generation;
	else
		rc = -ESTALE;
	mutex_unlock(&ev->lock);
	store_put(ev);
	return rc;
}

static const struct genl_ops family_ops[] = {
	{ .cmd = DEVATTEST_CMD_READ, .flags = GENL_ADMIN_PERM,
	  .start = read_start, .dumpit = read_dump, .done = read_done },
	{ .cmd = DEVATTEST_CMD_VALIDATE, .flags = GENL_ADMIN_PERM,
	  .doit = validate },
};

static struct genl_family family = {
	.name = "device-evidence",
	.version = 1,
	.maxattr = DEVATTEST_A_VAL,
	.policy = policy,
	.netnsok = false,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = family_ops,
	.n_ops = ARRAY_SIZE(family_ops),
};

int devattest_evidence_init(void)
{
	int rc = genl_register_family(&family);

	registered = !rc;
	if (rc != -EEXIST)
		return rc;
	pr_info("devattest: the kernel has device-evidence of its own\n");
	return 0;
}

void devattest_evidence_exit(void)
{
	if (registered)
		genl_unregister_family(&family);
}
