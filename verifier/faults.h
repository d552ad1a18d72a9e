/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every reason to say no, in one list: NAME, exit class, text, and the
 * paragraph or file that asks for it.  The exit status, the JSON, the manual
 * page's table and the test that every fault can be provoked come from here.
 *
 * Classes (the contract's exit codes): 2 signature or chain, 3 trust material
 * missing, 4 revocation, 5 policy, 6 freshness, 7 the TSM's digest, 8
 * malformed, 9 kernel or state, 10 transport.  1 is misuse and the program's
 * own failure.
 */
#ifndef DA_FAULTS_H
#define DA_FAULTS_H

#include "bundle.h"

#define DA_FAULTS(X)							      \
	/* well-formed: any structure */				      \
	X(EMPTY, 8, "the part has no bytes", "")			      \
	X(SHORT, 8, "the bytes end inside a field", "")			      \
	X(TRAILING, 8, "bytes are left over after the end", "")		      \
	X(TOO_LONG, 8, "the part is longer than its cap", "caps.h")	      \
	/* certificate chain structure */				      \
	X(CHAIN_LENGTH, 8, "Length is not the size of the chain",	      \
	    "DSP0274 certificate chain")				      \
	X(CHAIN_RESERVED, 8, "a reserved byte of the chain is not zero",      \
	    "DSP0274 certificate chain")				      \
	X(CHAIN_NO_CERT, 8, "the chain holds no certificate",		      \
	    "DSP0274 certificate chain")				      \
	X(CHAIN_TOO_MANY, 8, "more certificates than the cap", "caps.h")      \
	X(CHAIN_ABSENT, 3, "what a leaf signs was given without a chain", "")    \
	/* DER and the X.509 certificate */				      \
	X(DER_TAG, 8, "another DER tag stands where the structure asks",      \
	    "X.690 10")							      \
	X(DER_LENGTH, 8, "a DER length is indefinite, not minimal or too long", \
	    "X.690 10.1")						      \
	X(DER_VALUE, 8, "a DER value is not in its one distinguished form",   \
	    "X.690 11")							      \
	X(CERT_VERSION, 8, "the certificate is not version 3",		      \
	    "RFC 5280 4.1.2.1")						      \
	X(CERT_SERIAL, 8, "the serial number is zero, negative or over 20 bytes", \
	    "RFC 5280 4.1.2.2")						      \
	X(CERT_NAME, 8, "issuer or subject is empty", "RFC 5280 4.1.2.4")     \
	X(CERT_SIGALG, 8, "outer and inner signature algorithm differ",      \
	    "RFC 5280 4.1.1.2")						      \
	X(CERT_TIME, 8, "a validity time is not in the profile's form",	      \
	    "RFC 5280 4.1.2.5")						      \
	X(CERT_EXT_TWICE, 8, "an extension stands twice", "RFC 5280 4.2")    \
	X(CERT_EXT_MANY, 8, "more extensions than the cap", "caps.h")	      \
	X(CERT_EXT_FORM, 8, "an extension's value is not of its form",	      \
	    "RFC 5280 4.2.1")						      \
	/* chain: path and anchor */					      \
	X(NO_ANCHOR, 3, "no trust anchor was given", "")		      \
	X(ROOT_UNKNOWN, 3, "the chain's root is none of the given anchors",   \
	    "DSP0274 certificate chain")				      \
	X(ROOT_HASH, 2, "RootHash is not the hash of the chain's own root",   \
	    "DSP0274 certificate chain")				      \
	X(LINK_NAME, 2, "issuer and subject of two certificates do not chain", \
	    "RFC 5280 6.1.3")						      \
	X(LINK_SIGNATURE, 2, "a certificate is not signed by the one above",  \
	    "RFC 5280 6.1.3")						      \
	X(NOT_A_CA, 2, "a certificate that signs others is not a CA",	      \
	    "RFC 5280 6.1.4 k")						      \
	X(NO_CERT_SIGN, 2, "a CA may not sign certificates (keyUsage)",	      \
	    "RFC 5280 6.1.4 n")						      \
	X(CERT_SIGN_NO_CA, 2,						      \
	    "keyUsage lets it sign certificates, and it is not a CA",	      \
	    "RFC 5280 4.2.1.3, 4.2.1.9")				      \
	X(PATH_LENGTH, 2, "more certificates below a CA than it allows",      \
	    "RFC 5280 6.1.4 m")						      \
	X(EXT_CRITICAL, 2, "a critical extension is not known",		      \
	    "RFC 5280 4.2")						      \
	X(EXT_REFUSED, 2, "name constraints or policy rules: not for devices", \
	    "RFC 5280 4.2.1.10 to 4.2.1.14")				      \
	X(EKU_OTHER, 2, "a critical extKeyUsage is for another use",	      \
	    "RFC 5280 4.2.1.12")					      \
	X(SAN_FORM, 2, "a subjectAltName is not of its form",		      \
	    "RFC 5280 4.2.1.6")						      \
	X(DICE_FORM, 2, "a critical DICE extension is not of its form",	      \
	    "TCG DICE attestation, extensions")				      \
	X(DMTF_FORM, 2, "the SPDM extension is not of its form",		      \
	    "DSP0274 certificate extensions")				      \
	X(KEY_UNSUPPORTED, 2, "UNSUPPORTED: a certificate's kind of key",     \
	    "RFC 5480")							      \
	X(CERT_SIGALG_UNSUPPORTED, 2,					      \
	    "UNSUPPORTED: how a certificate is signed",			      \
	    "RFC 5280 4.1.1.2")						      \
	X(NOT_YET_VALID, 2, "a certificate is not valid yet",		      \
	    "RFC 5280 6.1.3")						      \
	X(EXPIRED, 2, "a certificate has expired", "RFC 5280 6.1.3")	      \
	/* revocation lists, which are the owner's files */		      \
	X(REVOKED, 4, "a certificate was revoked", "RFC 5280 6.3.3")	      \
	X(CRL_FORM, 8, "a revocation list is not of the profile's form",      \
	    "RFC 5280 5.1")						      \
	X(CRL_SIGNATURE, 4, "a revocation list is not signed by its issuer",  \
	    "RFC 5280 6.3.3 g")						      \
	X(CRL_NO_SIGN, 4, "its issuer may not sign lists (keyUsage)",	      \
	    "RFC 5280 6.3.3 f")						      \
	X(CRL_EXTENSION, 4, "a critical extension of a list is not known",    \
	    "RFC 5280 5.2")						      \
	X(CRL_EARLY, 4, "a revocation list is of a later time",		      \
	    "RFC 5280 5.1.2.4")						      \
	X(CRL_STALE, 4, "a revocation list is too old",			      \
	    "RFC 5280 5.1.2.5, devattest-policy(5) revocation")		      \
	/* leaf profile */						      \
	X(LEAF_KEY, 2, "the leaf's key is not one of the negotiated algorithm",   \
	    "DSP0274 certificate requirements")				      \
	X(LEAF_KEY_USAGE, 2, "the leaf's keyUsage lacks digitalSignature",    \
	    "DSP0274 certificate requirements")				      \
	X(LEAF_IS_CA, 2, "the leaf is a CA certificate",		      \
	    "DSP0274 certificate requirements")				      \
	X(LEAF_NO_BASIC, 2, "basicConstraints are mandatory from SPDM 1.3 on", \
	    "DSP0274 certificate requirements")				      \
	X(LEAF_EKU, 2, "the leaf may authenticate requesters only",	      \
	    "DSP0274 certificate requirements")				      \
	X(LEAF_HARDWARE_ID, 2, "an alias leaf claims the hardware identity",  \
	    "DSP0274 alias certificate")				      \
	X(LEAF_ALIAS_ALONE, 2, "an alias leaf has no certificate above it",   \
	    "DSP0274 alias certificate")				      \
	/* VCA */							      \
	X(VCA_CODE, 8, "another message stands where the VCA's order asks",   \
	    "DSP0274 VCA")						      \
	X(VCA_VERSION, 8, "messages of the VCA do not agree on a version",    \
	    "DSP0274 VERSION")						      \
	X(VCA_LENGTH, 8, "Length is not the size of the algorithms message",  \
	    "DSP0274 ALGORITHMS")					      \
	X(VCA_TABLE, 8, "algorithm tables are out of order or malformed",     \
	    "DSP0274 ALGORITHMS")					      \
	X(VERSION_UNSUPPORTED, 2, "UNSUPPORTED: this SPDM version",	      \
	    "DSP0274 VERSION")						      \
	X(ALG_MANY, 2, "more than one algorithm of a kind is selected",	      \
	    "DSP0274 ALGORITHMS")					      \
	X(ALG_NONE, 2, "no signature or no hash algorithm is selected",	      \
	    "DSP0274 ALGORITHMS")					      \
	X(ALG_NOT_OFFERED, 2, "the device selected what was not offered",     \
	    "DSP0274 ALGORITHMS")					      \
	X(ALG_UNSUPPORTED, 2, "UNSUPPORTED: the selected algorithm",	      \
	    "DSP0274 ALGORITHMS")					      \
	X(ALG_UNKNOWN, 3, "no VCA and no --algorithms say what was used",     \
	    "DSP0274 ALGORITHMS")					      \
	X(VCA_ABSENT, 3, "from SPDM 1.2 on the VCA is signed and must be given", \
	    "DSP0274 L1/L2")						      \
	X(VCA_OTHER, 8, "the VCA and what it is for are of different versions", \
	    "DSP0274 L1/L2, M1/M2")					      \
	X(VCA_TWICE, 8, "a VCA was given and stands in the log, too",	      \
	    "devattest-wire(7)")					      \
	X(CAPABILITY, 8, "the negotiated capabilities exclude it",	      \
	    "DSP0274 CAPABILITIES")					      \
	/* measurements: envelope */					      \
	X(MEAS_CODE, 8, "another message stands where measurements should",   \
	    "DSP0274 MEASUREMENTS")					      \
	X(MEAS_VERSION, 8, "the messages do not agree on a version",	      \
	    "DSP0274 MEASUREMENTS")					      \
	X(MEAS_MANY, 8, "more exchanges than the cap", "caps.h")	      \
	X(MEAS_NO_REQUEST, 8, "a response without its request proves nothing", \
	    "DSP0274 L1/L2")						      \
	X(MEAS_ATTRIBUTE, 8, "the request asks for what its version has not", \
	    "DSP0274 GET_MEASUREMENTS")					      \
	X(MEAS_SERIES, 8, "more signed series than the cap", "caps.h")	      \
	X(MEAS_OPAQUE, 8, "opaque data is longer than 1024 bytes",	      \
	    "DSP0274 MEASUREMENTS")					      \
	X(MEAS_CONTEXT, 8, "RequesterContext is not echoed",		      \
	    "DSP0274 MEASUREMENTS")					      \
	X(MEAS_CHANGED, 8, "content-changed has a reserved value",	      \
	    "DSP0274 MEASUREMENTS")					      \
	X(SIGNATURE_ABSENT, 2, "the measurements are not signed",	      \
	    "DSP0274 MEASUREMENTS")					      \
	X(SIGNATURE_WRONG, 2, "the leaf's key did not sign these bytes",      \
	    "DSP0274 signature verification")				      \
	X(SLOT_DIFFERS, 2, "request and response name different slots",	      \
	    "DSP0274 MEASUREMENTS")					      \
	X(SLOT_CHAIN, 2, "the chain is not the one of the slot that signed",  \
	    "DSP0274 MEASUREMENTS")					      \
	X(SLOT_TSM, 2, "the TSM's session uses another slot",		      \
	    "DSP0274 MEASUREMENTS")					      \
	X(SLOT_RESERVED, 8, "a slot above 7 that is not the provisioned key's", \
	    "DSP0274 SlotIDParam")					      \
	X(KEY_ABSENT, 3, "slot 0xF signed, and no provisioned key was given", \
	    "DSP0274 MEASUREMENTS")					      \
	X(KEY_FORM, 8, "the provisioned key is not of the negotiated kind",   \
	    "RFC 5280 4.1.2.7")						      \
	X(KEY_USE, 2, "the slot's key is not for this use",		      \
	    "DSP0274 DIGESTS KeyUsageMask")				      \
	X(NONCE_DIFFERS, 6, "the device answered another nonce",	      \
	    "DSP0274 GET_MEASUREMENTS")					      \
	/* measurements: blocks */					      \
	X(BLOCK_COUNT, 8, "NumberOfBlocks or the record's length is false",   \
	    "DSP0274 measurement record")				      \
	X(BLOCK_INDEX, 8, "a measurement index is reserved or not asked for", \
	    "DSP0274 measurement block")				      \
	X(BLOCK_TWICE, 8, "one record has an index twice",		      \
	    "DSP0274 measurement block")				      \
	X(BLOCK_SPEC, 8, "a block is not of the DMTF specification",	      \
	    "DSP0274 measurement block")				      \
	X(BLOCK_SIZE, 8, "sizes of a block contradict each other",	      \
	    "DSP0274 DMTF measurement")					      \
	X(BLOCK_KIND, 8, "a value's type is reserved or in the wrong form",   \
	    "DSP0274 DMTF measurement")					      \
	X(BLOCK_CHANGED, 8, "an index changed its value within the series",   \
	    "DSP0274 MEASUREMENTS")					      \
	X(OPAQUE_FORM, 8, "opaque data is not of the negotiated format",      \
	    "DSP0274 OpaqueDataFmt1")					      \
	/* CHALLENGE */							      \
	X(CHALLENGE_CODE, 8, "another message stands where CHALLENGE should", \
	    "DSP0274 CHALLENGE")					      \
	X(CHALLENGE_SUMMARY, 8, "the measurement summary's type is reserved", \
	    "DSP0274 CHALLENGE")					      \
	X(CHALLENGE_SLOT, 2, "CHALLENGE is of another slot",		      \
	    "DSP0274 CHALLENGE_AUTH")					      \
	X(CHALLENGE_CHAIN, 2, "CHALLENGE_AUTH names another chain",	      \
	    "DSP0274 CHALLENGE_AUTH CertChainHash")			      \
	X(CHALLENGE_NONCE, 2, "the device answered another CHALLENGE nonce",  \
	    "DSP0274 CHALLENGE")					      \
	X(CHALLENGE_WRONG, 2, "the leaf's key did not sign M1/M2",	      \
	    "DSP0274 M1/M2")						      \
	X(BETWEEN_CODE, 8, "a message that has no place before CHALLENGE",    \
	    "DSP0274 M1/M2")						      \
	X(BETWEEN_FORM, 8, "sizes of DIGESTS or CERTIFICATE are false",	      \
	    "DSP0274 DIGESTS, CERTIFICATE")				      \
	X(BETWEEN_CHAIN, 2, "the chain that was read then is not this one",   \
	    "DSP0274 DIGESTS, CERTIFICATE")				      \
	/* measurement extension log */					      \
	X(LOG_FORM, 8, "counts or lengths of the log are false",	      \
	    "DSP0274 measurement extension log")			      \
	X(LOG_BLOCK, 8, "an entry extends a block that is no extended hash",  \
	    "DSP0274 measurement extension log")			      \
	X(LOG_DIFFERS, 8, "the log does not give its block's value",	      \
	    "DSP0274 hash-extended measurement")			      \
	/* interface report */						      \
	X(REPORT_COUNT, 8, "MMIO_RANGE_COUNT is more than the bytes hold",    \
	    "TDISP report")						      \
	X(REPORT_MANY, 8, "more ranges than the cap", "caps.h")		      \
	X(REPORT_RESERVED, 8, "a reserved bit of the report is set",	      \
	    "TDISP report")						      \
	X(RANGE_EMPTY, 8, "a range has no pages", "TDISP report")	      \
	X(RANGE_WRAPS, 8, "a range runs past the end of the address space",   \
	    "TDISP report")						      \
	X(RANGE_ORDER, 8, "range ids descend, or ranges of a BAR overlap",    \
	    "TDISP report")						      \
	X(RANGE_BAR, 8, "a range names a BAR that the device does not have",  \
	    "TDISP report")						      \
	X(RANGE_UNALIGNED, 8, "a range does not begin at a page",	      \
	    "TDISP report")						      \
	X(RANGE_OUTSIDE, 8, "a range leaves its BAR", "TDISP report")	      \
	X(RANGE_MSIX, 8, "MSI-X marks contradict where the table is",	      \
	    "TDISP report")						      \
	/* ticket and gate */						      \
	X(TICKET_FORM, 8, "the ticket is not JSON of the ticket's form",      \
	    "ticket JSON")						      \
	X(DIGEST_DIFFERS, 7, "the bytes are not the ones that the TSM saw",   \
	    "ticket digests")						      \
	X(TSM_UNBOUND, 9, "the TSM has no such device bound", "ticket bound") \
	X(TSM_UNLOCKED, 9, "the interface is not locked", "ticket state")     \
	X(TSM_ERROR, 9, "the interface is in ERROR", "ticket state")	      \
	X(TOKEN_LOCK, 6, "the lock is not the one that was taken",	      \
	    "ticket tokens")						      \
	X(TOKEN_STALE, 6, "the digests are from before the lock",	      \
	    "ticket tokens")						      \
	X(SESSION_KEY, 2, "the TSM's session ends in another key",	      \
	    "ticket digests")						      \
	/* the answer on the wire, and bundle files */			      \
	X(WIRE_MAGIC, 8, "this is no request of devattest's",		      \
	    "devattest-wire(7)")					      \
	X(WIRE_RESERVED, 8, "a reserved field is not zero",		      \
	    "devattest-wire(7)")					      \
	X(WIRE_ID, 8, "the answer is to another request",		      \
	    "devattest-wire(7)")					      \
	X(WIRE_TYPE, 8, "a part was not asked for",			      \
	    "devattest-wire(7)")					      \
	X(WIRE_ORDER, 8, "a part is repeated or out of order",		      \
	    "devattest-wire(7)")					      \
	X(WIRE_LENGTH, 8, "a part's length is over its cap, or false",	      \
	    "devattest-wire(7)")					      \
	X(WIRE_FAILURE, 10, "the host says that it has no evidence",	      \
	    "devattest-wire(7)")					      \
	X(TRANSPORT_CONNECT, 10, "the host cannot be reached", "")	      \
	X(TRANSPORT_CLOSED, 10, "the host closed before the end", "")	      \
	X(TRANSPORT_TIMEOUT, 10, "the host did not answer in time", "")	      \
	X(TRANSPORT_DEADLINE, 10, "the time that a boot may take is over",    \
	    "devattest-policy(5) boot-deadline-seconds")		      \
	/* policy */							      \
	X(POLICY_NO_DEVICE, 5, "no rule of the policy is for this device",    \
	    "devattest-policy(5)")					      \
	X(POLICY_PLATFORM, 5, "the policy does not name this platform",	      \
	    "devattest-policy(5)")					      \
	X(POLICY_VERSION, 5, "the policy does not name this SPDM version",    \
	    "devattest-policy(5)")					      \
	X(POLICY_ALGORITHM, 5, "the policy does not name this algorithm",     \
	    "devattest-policy(5)")					      \
	X(POLICY_MEASUREMENT, 5, "a measurement is none that the policy names", \
	    "devattest-policy(5)")					      \
	X(POLICY_MEASUREMENT_ABSENT, 5,					      \
	    "the policy names a measurement that the device did not give",    \
	    "devattest-policy(5)")					      \
	X(POLICY_NO_VALUES, 5, "the policy names no measurement for it",      \
	    "devattest-policy(5)")					      \
	X(POLICY_REPORT, 5, "the report breaks a rule of the policy",	      \
	    "devattest-policy(5)")					      \
	X(POLICY_COUNT, 5, "more or fewer devices of a class than allowed",   \
	    "devattest-policy(5)")					      \
	X(POLICY_OTHER, 5, "a PCI function that no rule is for",	      \
	    "devattest-policy(5) others")				      \
	X(POLICY_NO_TEE, 5,						      \
	    "a rule is for this function, and it shows no TEE capability",    \
	    "devattest-policy(5) others")				      \
	X(POLICY_SVN, 5, "a security version is below its floor",	      \
	    "devattest-policy(5) floors")				      \
	X(POLICY_SVN_ABSENT, 5, "a floor is for a security version that the " \
	    "device did not give", "devattest-policy(5) floors")	      \
	X(POLICY_DEBUG, 5, "debugging is, or has been, active",		      \
	    "devattest-policy(5) device-mode")				      \
	X(POLICY_MODE_ABSENT, 5, "the device did not tell its mode",	      \
	    "devattest-policy(5) device-mode")				      \
	X(POLICY_RANGE_ABSENT, 5, "the report lacks a private range that the " \
	    "policy asks for", "devattest-policy(5) report")		      \
	X(IDENTITY_NAME, 5, "the leaf's PCI name is another function's",	      \
	    "PCIe 6.31.3, devattest-policy(5) identity")		      \
	X(IDENTITY_ABSENT, 5, "the leaf lacks the name that the policy asks " \
	    "for", "devattest-policy(5) identity")			      \
	X(IDENTITY_INFO, 5, "the leaf's device-info is none that the policy " \
	    "names", "devattest-policy(5) identity")			      \
	X(POLICY_NVIDIA, 5, "NVIDIA's opaque data breaks a rule of the policy", \
	    "devattest-policy(5) nvidia")				      \
	X(POLICY_UNKNOWN, 5, "unknown, and the policy does not tolerate it",  \
	    "devattest-policy(5)")					      \
	/* kernel */							      \
	X(KERNEL_REFUSED, 9, "the kernel refused a step", "")		      \
	X(KERNEL_MOVED, 9, "tokens or state moved during the judgement", "")  \
	X(KERNEL_MAP, 9, "the kernel's map is not the one that was judged",   \
	    "")								      \
	X(KERNEL_STRANGER, 9,						      \
	    "it was accepted, and nobody here recorded that", "")	      \
	X(KERNEL_LEFT_LOCKED, 9, "it could not be unlocked", "")

enum da_why {
	DA_F_NONE,
#define X(name, class, text, paragraph) DA_F_##name,
	DA_FAULTS(X)
#undef X
	DA_F_COUNT
};

/* The first fault wins; `offset` is a byte of `part`. */
struct da_fault {
	enum da_why why;
	enum da_part part;
	size_t offset;
};

struct da_fault_text {
	const char *name;	/* "SIGNATURE_WRONG" */
	const char *text;
	const char *paragraph;
	int exit_class;
};

/* Row `why`; the row of DA_F_NONE for anything outside the list. */
const struct da_fault_text *da_fault_text(enum da_why why);
/* Fills *reterr and returns false, so that a refusal is one line. */
bool	da_refuse(struct da_fault *reterr, enum da_why why, enum da_part part,
	    size_t offset);
/* The refusal for a cursor that ran out: SHORT, or TRAILING when it did not. */
bool	da_refuse_end(struct da_fault *reterr, const struct da_cur *c,
	    enum da_part part);

#endif
