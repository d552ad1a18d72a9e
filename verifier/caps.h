/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every limit on what a host may make us hold or do, each with its reason.
 */
#ifndef DA_CAPS_H
#define DA_CAPS_H

/* -- parts of an answer, bytes -- */
#define DA_MAX_CHAIN	(256u * 1024u)	/* SPDM 1.4: room for SLH-DSA; the
				 * longest measured has 16,853 (ML-DSA-65) */
#define DA_MAX_CHAIN_13	65535u	/* u16 Length of SPDM 1.0 to 1.3; the longest
				 * real chain measured has 3,412 (LS10) */
#define DA_MAX_VCA	4096u	/* 5 fixed messages and two tables; the longest
				 * measured has 160 */
#define DA_MAX_MEAS	(1024u * 1024u)	/* the longest measured record has
				 * 3,520 (Hopper, 64 blocks) */
#define DA_MAX_MEAS_TAIL 64	/* behind them, where a digest covers it: head
				 * and MAC of a secured message (DSP0277), 32
				 * bytes or so with padding */
#define DA_MAX_CHALLENGE	65536u	/* CHALLENGE and its answer: the longest
				 * signature is 49,856 (SLH-DSA 256f) */
#define DA_MAX_BETWEEN	(1024u * 1024u)	/* DIGESTS and chains in portions */
#define DA_MAX_LOG	(1024u * 1024u)	/* measurement extension log */
#define DA_MAX_REPORT	65535u	/* TDISP's u16 offset and length */
#define DA_MAX_ANSWER	(2u * 1024u * 1024u)	/* all of it, heads included */

/* -- what stands in them -- */
#define DA_MAX_CERTS	10	/* root to leaf; real chains have 3 to 5 */
#define DA_MAX_ANCHORS	16	/* roots that one question may name */
#define DA_MAX_CRLS	16	/* lists that one question may bring */
#define DA_MAX_CRL	(1024u * 1024u)	/* bytes of one; some 25,000 entries */
#define DA_MAX_EXTENSIONS 24	/* of one certificate; real ones have 3 to 7 */
#define DA_MAX_TCB_INFOS 32	/* of one certificate: a layer's components;
				 * Caliptra's DPE has 24, GPUs have 1 */
#define DA_MAX_FWIDS	8	/* of one of them; real ones have 1 or 2 */
#define DA_MAX_SERIES	8	/* of exchanges, each ended by a signature */
#define DA_MAX_EXCHANGES 256	/* the count, then each of 254 indices */
#define DA_MAX_BLOCKS	254	/* index 1 to 0xFE; 0 and 0xFF are reserved */
#define DA_MAX_OPAQUE	1024	/* DSP0274 MEASUREMENTS OpaqueDataLength */
#define DA_MAX_LOG_ENTRIES 4096	/* of a measurement extension log; none was
				 * measured on a device */
#define DA_MAX_RANGES	256	/* of a report: six BARs cut into 42 pieces each;
				 * the sample device has 4 */
#define DA_MAX_SERIAL	20	/* bytes of a serial number, RFC 5280 4.1.2.2 */

/* -- fixed sizes of the formats -- */
#define DA_NONCE	32	/* SPDM nonce */
#define DA_MAX_HASH	64	/* SHA-512 */
#define DA_MAX_ECDSA_DER 141	/* of P-521: two INTEGERs of 67 bytes */

#endif
