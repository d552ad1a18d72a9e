/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole flow on this machine, for a newcomer: real processes, an emulated
 * device.  Starts programs and tells what they say; verifies nothing itself.
 */
#ifndef DA_DEMO_H
#define DA_DEMO_H

/* `argv[0]` is the verb; 0 when all went as it should. */
int	da_demo_main(int argc, char **argv);

#endif
