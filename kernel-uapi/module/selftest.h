/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The few names of KUnit that selftest.c uses, for kernels that have no KUnit:
 * the cases are KUnit cases, and where CONFIG_KUNIT is set they are run by it.
 * Elsewhere the module runs them when it is loaded, writes KTAP into the kernel
 * log, and does not stay loaded (-EINVAL) where a case failed.
 */
#ifndef DEVATTEST_SELFTEST_H
#define DEVATTEST_SELFTEST_H

#include <linux/kconfig.h>

#if IS_ENABLED(CONFIG_KUNIT)

#include <kunit/test.h>

#else

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

struct kunit {
	bool failed;
	const char *skipped;	/* why; NULL: it ran */
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
};

struct kunit_suite {
	const char *name;
	struct kunit_case *test_cases;	/* ends with an empty one */
};

#define KUNIT_CASE(fn) { .run_case = fn, .name = #fn }

#define KUNIT_EXPECT_TRUE_MSG(test, condition, format, ...)		\
	do {								\
		if (!(condition)) {					\
			(test)->failed = true;				\
			pr_info("    # %s:%d: " format ": not %s\n",	\
				__func__, __LINE__, ##__VA_ARGS__,	\
				#condition);				\
		}							\
	} while (0)

#define kunit_mark_skipped(test, why) ((test)->skipped = (why))

static inline bool selftest_case(struct kunit_case *c, int number)
{
	struct kunit test = {};

	c->run_case(&test);
	if (test.failed)
		pr_info("    not ok %d %s\n", number, c->name);
	else if (test.skipped)
		pr_info("    ok %d %s # SKIP %s\n", number, c->name,
			test.skipped);
	else
		pr_info("    ok %d %s\n", number, c->name);
	return !test.failed;
}

static inline int selftest_run(struct kunit_suite *suite)
{
	struct kunit_case *c = suite->test_cases;
	bool ok = true;
	int n = 0;

	while (c[n].run_case)
		n++;
	pr_info("KTAP version 1\n1..1\n");
	pr_info("    KTAP version 1\n    # Subtest: %s\n    1..%d\n",
		suite->name, n);
	for (n = 0; c[n].run_case; n++)
		ok &= selftest_case(&c[n], n + 1);
	pr_info("%s 1 %s\n", ok ? "ok" : "not ok", suite->name);
	return ok ? 0 : -EINVAL;
}

#define kunit_test_suite(suite)						\
	static int __init selftest_init(void)				\
	{								\
		return selftest_run(&(suite));				\
	}								\
	static void __exit selftest_exit(void) { }			\
	module_init(selftest_init);					\
	module_exit(selftest_exit)

#endif

#endif
