/* SPDX-License-Identifier: Apache-2.0 */
#include "advice.h"

#define TOLERATE	"devices.tolerate-unknown"
#define NO_DIGEST							      \
	"The TSM gave no digest of this part: use a platform that gives one, " \
	"or tolerate the unknown by name, knowing that the host may have "    \
	"changed the part."

/* By check: where the policy speaks of it, and what an unknown asks for. */
static const struct {
	const char *rule, *unknown;
} checks[DA_CHK_COUNT] = {
	[DA_CHK_TSM_DIGEST_CHAIN] = { TOLERATE, NO_DIGEST },
	[DA_CHK_TSM_DIGEST_VCA] = { TOLERATE, NO_DIGEST },
	[DA_CHK_TSM_DIGEST_MEASUREMENTS] = { TOLERATE, NO_DIGEST },
	[DA_CHK_TSM_DIGEST_REPORT] = { TOLERATE, "The TSM gave no digest of "
	    "the report: nothing else vouches for one, so get a ticket that "
	    "has it." },
	[DA_CHK_TSM_STATE] = { TOLERATE, "Give the ticket; where the platform "
	    "does not vouch for the state, tolerate the unknown by name." },
	[DA_CHK_TSM_TOKENS] = { TOLERATE, "Give a ticket with the tokens of "
	    "both moments, at the lock and after the answer." },
	[DA_CHK_SESSION_KEY] = { TOLERATE, "Where the platform does not tell "
	    "its session's key, tolerate the unknown by name." },
	[DA_CHK_WELL_FORMED] = { "-", "Ask again: nothing was read." },
	[DA_CHK_CHAIN] = { "devices.roots, devices.critical-extensions",
	    "Give the certificate chain and its root." },
	[DA_CHK_VALIDITY] = { "clock, " TOLERATE, "Say which time counts: "
	    "--at, or \"clock\" with the source \"floor\" in the policy." },
	[DA_CHK_LEAF_PROFILE] = { "-", "Give the certificate chain." },
	[DA_CHK_ALGORITHMS] = { "devices.spdm, " TOLERATE, "Below SPDM 1.2 no "
	    "signature covers the negotiation: name the algorithms in the "
	    "policy's \"without-vca\"." },
	[DA_CHK_SLOT] = { "-", "Collect signed measurements." },
	[DA_CHK_SIGNATURE] = { "-", "Collect signed measurements." },
	[DA_CHK_CHALLENGE] = { TOLERATE, "Nobody says which nonce the "
	    "CHALLENGE was sent with: give it, --challenge-nonce." },
	[DA_CHK_NONCE] = { "-", "Give the nonce that was asked with: the "
	    "ticket's, or --nonce." },
	[DA_CHK_CONTENT_CHANGED] = { TOLERATE, "The device saw its "
	    "measurements change, or does not look: ask again, and if it "
	    "stays, tolerate the unknown by name." },
	[DA_CHK_MEASUREMENT_LOG] = { TOLERATE, "No signed block proves all of "
	    "the log: collect the measurements with the hash-extended "
	    "block, beside the log." },
	[DA_CHK_DEVICE_IDENTITY] = { "devices.identity, " TOLERATE, "Give a "
	    "ticket that has the function's ids, revision and, where it has "
	    "one, serial number." },
	[DA_CHK_REPORT_SHAPE] = { TOLERATE, "Give a ticket that has the "
	    "device's BARs, the page unit and the base rule." },
	[DA_CHK_PLATFORM] = { "platforms", "Give a ticket: it says which "
	    "platform this is." },
	[DA_CHK_REFERENCE_VALUES] = { "devices.measurements", "Name a digest "
	    "for each measurement that you rely on." },
	[DA_CHK_SVN_FLOOR] = { "devices.floors.svn", "Collect the measurement "
	    "that holds the security version." },
	[DA_CHK_DEVICE_MODE] = { "devices.device-mode", "Collect the "
	    "measurement that holds the device's mode." },
	[DA_CHK_REPORT_POLICY] = { "devices.report", "Collect the interface "
	    "report." },
	[DA_CHK_REVOCATION] = { "devices.revocation, " TOLERATE, "Give a "
	    "list of each issuer (--crl, or the roots folder's crls/ with "
	    "\"revocation\"), and the time; or tolerate the unknown by name." },
	[DA_CHK_COMPOSITION] = { "devices.match, devices.count, "
	    "devices.functions-per-device, others", "Ask the daemon: one "
	    "function alone is no composition." },
};

/* What a class asks for where the fault has no sentence of its own. */
static const char *const classes[] = {
	[0] = "Nothing: it is accepted.",
	[1] = "Read the line that says what is wrong with the call, the file "
	    "or this machine, and put it right.",
	[2] = "Do not use the device: what it, or the host, says of itself is "
	    "not signed as it must be.",
	[3] = "Get the vendor's root certificate, or the evidence that is "
	    "missing, and ask again.",
	[4] = "Do not use the device until its vendor's revocation data says "
	    "otherwise.",
	[5] = "If you want this device, say so in the policy; if not, it is "
	    "refused as you asked.",
	[6] = "Ask again with a fresh nonce; if it stays, somebody replays old "
	    "evidence.",
	[7] = "The host gave other bytes than the TSM saw: ask again, and if "
	    "it stays, do not trust this host.",
	[8] = "Collect the evidence again; if it stays malformed, tell the "
	    "device's vendor which part and byte.",
	[9] = "Look at the kernel's log, reset or unlock the device and let it "
	    "be judged again.",
	[10] = "See that the host's relay runs and answers, and ask again.",
};

static const struct {
	enum da_why why;
	const char *text;
} faults[] = {
	{ DA_F_EMPTY, "The file or part is empty: see that it was written, "
	    "and collect it again." },
	{ DA_F_TOO_LONG, "See that it is the right file: no such part can be "
	    "that long." },
	{ DA_F_CHAIN_ABSENT, "Give the certificate chain of the slot that "
	    "signed; of several in a bundle only a ticket can choose." },
	{ DA_F_NO_ANCHOR, "Give the vendor's root certificate: --root, or "
	    "NAME.pem in the roots folder for each name in the policy." },
	{ DA_F_ROOT_UNKNOWN, "The chain ends at another root than the given "
	    "ones: if you trust its vendor, get that root from him and never "
	    "from the evidence." },
	{ DA_F_EXT_CRITICAL, "If you know what the extension asks, name its "
	    "OID in the policy's \"critical-extensions\"." },
	{ DA_F_NOT_YET_VALID, "See that the time (--at, or the policy's "
	    "\"not-before\") is right." },
	{ DA_F_EXPIRED, "Get a renewed certificate for the device, or see that "
	    "the time (--at, or the policy's \"not-before\") is right." },
	{ DA_F_KEY_UNSUPPORTED, "This version cannot verify such a key: use "
	    "another slot or another device." },
	{ DA_F_CERT_SIGALG_UNSUPPORTED, "This version cannot verify such a "
	    "signature: use another slot or another device." },
	{ DA_F_VERSION_UNSUPPORTED, "This version does not speak that SPDM: "
	    "negotiate another one." },
	{ DA_F_ALG_UNSUPPORTED, "Negotiate an algorithm that the linked "
	    "OpenSSL has." },
	{ DA_F_ALG_UNKNOWN, "Give the VCA, or, below SPDM 1.2, --algorithms." },
	{ DA_F_VCA_ABSENT, "Give the VCA: from SPDM 1.2 on it is signed." },
	{ DA_F_SIGNATURE_WRONG, "Do not use the device: somebody changed the "
	    "measurements, the VCA or the chain after they were signed, or "
	    "these parts are not of one exchange." },
	{ DA_F_SIGNATURE_ABSENT, "Collect measurements of which the last is "
	    "signed." },
	{ DA_F_NONCE_DIFFERS, "This answer is to another question: collect "
	    "evidence with your own nonce." },
	{ DA_F_TICKET_FORM, "Make the ticket anew: line and column say where "
	    "it is not of the ticket's form." },
	{ DA_F_TSM_UNBOUND, "Bind the device to this guest's TSM first." },
	{ DA_F_TSM_UNLOCKED, "Lock the interface first." },
	{ DA_F_TSM_ERROR, "Reset the device: its interface is in ERROR." },
	{ DA_F_TOKEN_LOCK, "The device was locked again meanwhile: judge it "
	    "anew." },
	{ DA_F_TOKEN_STALE, "The TSM kept digests of before the lock: collect "
	    "the evidence anew after the lock." },
	{ DA_F_SESSION_KEY, "Do not use the device: the report comes over "
	    "another device's session than the one that signed." },
	{ DA_F_WIRE_FAILURE, "The host says why it has none; look at its "
	    "relay." },
	{ DA_F_POLICY_NO_DEVICE, "Give the ticket; then, if you want this "
	    "device, add a rule that matches its PCI ids." },
	{ DA_F_POLICY_PLATFORM, "Give the ticket; then, if you trust its "
	    "platform, name it and its ABI in \"platforms\"." },
	{ DA_F_POLICY_VERSION, "Name this SPDM version in \"spdm\", or have "
	    "another one negotiated." },
	{ DA_F_POLICY_ALGORITHM, "Name this algorithm in \"spdm\", or have "
	    "another one negotiated." },
	{ DA_F_POLICY_MEASUREMENT, "The firmware is none that you named: if "
	    "its vendor vouches for it, add its digest to \"measurements\"." },
	{ DA_F_POLICY_MEASUREMENT_ABSENT, "Name only indices that this device "
	    "gives; `devattest show` lists them." },
	{ DA_F_POLICY_NO_VALUES, "Name the firmware that you accept in "
	    "\"measurements\"." },
	{ DA_F_POLICY_REPORT, "Compare `devattest show --report` with the "
	    "rule's \"report\"." },
	{ DA_F_POLICY_COUNT, "Count the devices of the class, and say how many "
	    "there may be in \"count\" and \"functions-per-device\"." },
	{ DA_F_REVOKED, "Do not use the device: who made it took the "
	    "certificate back." },
	{ DA_F_CRL_STALE, "Fetch the issuer's present list, or allow an older "
	    "one by \"max-age-days\" and a list whose next update is later." },
	{ DA_F_CRL_EARLY, "See that the time (--at, or the policy's "
	    "\"not-before\") is right: the list was made later." },
	{ DA_F_CRL_FORM, "See that the file is a whole list of the issuer's, "
	    "neither a delta nor an indirect one, as DER or PEM." },
	{ DA_F_CRL_SIGNATURE, "Fetch the list again, from the issuer: somebody "
	    "changed it, or it is of another key." },
	{ DA_F_KEY_ABSENT, "Give the key that was provisioned: "
	    "--provisioned-key, or \"provisioned-keys\" in the policy." },
	{ DA_F_KEY_FORM, "Give one SubjectPublicKeyInfo, DER or PEM, of the "
	    "algorithm that was negotiated." },
	{ DA_F_CHALLENGE_NONCE, "This CHALLENGE was sent with another nonce: "
	    "challenge the device with your own." },
	{ DA_F_CHALLENGE_CHAIN, "Collect chain and CHALLENGE of one slot and "
	    "one connection." },
	{ DA_F_CHALLENGE_WRONG, "Do not use the device: somebody changed the "
	    "CHALLENGE or what was agreed before it, or messages between "
	    "VCA and CHALLENGE are missing (--digests-certs)." },
	{ DA_F_BETWEEN_CHAIN, "Collect the chain and these messages of one "
	    "connection: the device showed another chain then." },
	{ DA_F_LOG_DIFFERS, "Collect log and measurements together: entries "
	    "are missing, or the log is not this device's." },
	{ DA_F_IDENTITY_NAME, "Do not use the device in this place: its "
	    "certificate is of another function than config space shows." },
	{ DA_F_IDENTITY_ABSENT, "The certificate names no PCI function: leave "
	    "\"pci-name\" out of \"identity\", or get a device whose "
	    "certificate has it." },
	{ DA_F_IDENTITY_INFO, "If you want this device, add its name to "
	    "\"device-info\"; `devattest show --chain` has it." },
	{ DA_F_POLICY_NVIDIA, "Compare `devattest show` with the rule's "
	    "\"nvidia\": driver, VBIOS and board are the device's own word." },
	{ DA_F_POLICY_UNKNOWN, "Find out what is unknown, or tolerate it by "
	    "name in \"tolerate-unknown\"." },
};

static bool
is_check(enum da_check check)
{
	return (unsigned int)check < DA_CHK_COUNT;
}

const char *
da_advice_rule(enum da_check check)
{
	return is_check(check) ? checks[check].rule : "-";
}

const char *
da_advice_unknown(enum da_check check)
{
	return is_check(check) ? checks[check].unknown :
	    "This version does not know the check: ask the version that does.";
}

const char *
da_advice_class(int exit_class)
{
	size_t n = sizeof(classes) / sizeof(classes[0]);

	return classes[exit_class >= 0 && (size_t)exit_class < n ?
	    exit_class : 1];
}

const char *
da_advice_broken(enum da_why why)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (faults[i].why == why)
			return faults[i].text;
	return da_advice_class(da_fault_text(why)->exit_class);
}
