import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

const altered = msg`It was altered, or moved here from somewhere else.`;
const notAllowed = msg`Its author was not a member of the group when it was written.`;
const unknownDevice = msg`It was not written on a device of the person it names.`;
const outOfOrder = msg`It does not fit the order of what its author wrote before; it may have been dated back.`;

/** Crypto's verdicts in words. They are a closed list there; what a newer version may add gets the general sentence. */
const words: Readonly<Record<string, MessageDescriptor>> = {
  "too-large": msg`It is larger than posts may be.`,
  malformed: msg`It does not have the form of a post.`,
  forged: altered,
  "stub-forged": altered,
  "body-forged": altered,
  "device-not-certified": unknownDevice,
  "device-revoked": msg`Its device had been revoked before it was written.`,
  "not-a-member": notAllowed,
  "not-a-facilitator": msg`Only facilitators may do this, and its author was none.`,
  "other-chain": msg`It was written in another version of this group than the one shown here. Compare with the other members, by phone or in person.`,
  "outside-era": outOfOrder,
  "head-below-previous": outOfOrder,
  "previous-untrue": outOfOrder,
  "beyond-last-words": msg`It came to light only after its author had lost access, and was dated back.`,
  "not-the-author": msg`It changes what somebody else wrote.`,
  "does-not-fit-target": msg`It changes something in a way that does not fit it.`,
  superseded: msg`It was sent twice and counts once.`,
};

const general = msg`It failed a check on this device.`;

export function verdictWords(reason: string): MessageDescriptor {
  return words[reason] ?? general;
}
