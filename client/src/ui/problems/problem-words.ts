import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Failure } from "./failure.ts";

/** A refusal in words: what happened, what is safe (where that is in question), what to do. */
export interface ProblemWords {
  readonly what: MessageDescriptor;
  readonly safe: MessageDescriptor | null;
  readonly next: MessageDescriptor;
}

const nothingChanged = msg`Nothing was changed.`;
const nothingSent = msg`Nothing was sent.`;
const writingKept = msg`What you wrote is kept on this device.`;
const accountSafe = msg`Your account and everything you wrote are safe.`;
const tryLater = msg`Try again in a few minutes.`;
const askForNewLink = msg`Ask the person who sent it for a new link.`;
const askFacilitator = msg`Ask a facilitator of the group.`;

const unexpected: ProblemWords = {
  what: msg`Something went wrong that Unionhall did not expect.`,
  safe: msg`What you wrote and what was saved on this device is still there.`,
  next: msg`Load the page again. If it happens again, tell whoever runs the hall what you were doing.`,
};

/** The only place where core's problems get words; the type makes it complete. */
export const problemWords: Readonly<Record<Failure, ProblemWords>> = {
  "no-account": {
    what: msg`There is no account for this in this hall.`,
    safe: nothingChanged,
    next: msg`Come in through an invite link, or check that these are the 12 words of this hall.`,
  },
  "account-exists": {
    what: msg`This device already holds an account.`,
    safe: accountSafe,
    next: msg`Go on with that account, or sign out on this device first.`,
  },
  "account-begun": {
    what: msg`An account was begun on this device under another passphrase, and not finished.`,
    safe: nothingChanged,
    next: msg`Take that passphrase and it goes on. If it is forgotten, begin anew: what was begun is thrown away, and if the hall has taken it already, you need a new link.`,
  },
  locked: {
    what: msg`This device is locked.`,
    safe: accountSafe,
    next: msg`Enter your passphrase to open it.`,
  },
  "wrong-passphrase": {
    what: msg`That is not the passphrase of this device.`,
    safe: msg`Nothing was opened, and nothing is lost.`,
    next: msg`Check capital letters and the keyboard's language, then try again. If it is forgotten, your 12 words bring the account back.`,
  },
  "passphrase-too-short": {
    what: msg`This passphrase is too short to protect you.`,
    safe: nothingChanged,
    next: msg`Take a longer one. Four or five words that do not belong together are good and easy to remember.`,
  },
  "words-not-here": {
    what: msg`This device does not keep your 12 words.`,
    safe: accountSafe,
    next: msg`Use the copy you wrote down. A device without a passphrase lock forgets the words once you have confirmed them.`,
  },
  "words-wrong": {
    what: msg`These are not 12 words that belong together.`,
    safe: nothingChanged,
    next: msg`Compare each word with your paper: the order counts, and one wrong letter is enough.`,
  },
  "storage-evicted": {
    what: msg`The browser has thrown away what this device kept.`,
    safe: msg`Everything that reached the hall is safe, encrypted. Posts that were still waiting to be sent are gone.`,
    next: msg`Bring your account back with your 12 words.`,
  },
  "storage-full": {
    what: msg`This device has no room left.`,
    safe: msg`What was already kept is safe. The last thing you did was not saved.`,
    next: msg`Free some space on the device, then try again.`,
  },
  "in-use-elsewhere": {
    what: msg`Unionhall is open in another tab or window.`,
    safe: accountSafe,
    next: msg`Go on there, or close it and load this page again.`,
  },
  "link-malformed": {
    what: msg`This link is not complete.`,
    safe: null,
    next: msg`Copy the whole link, up to its last character, or open it again where it was sent to you.`,
  },
  "link-other-hall": {
    what: msg`This link leads to another hall.`,
    safe: nothingSent,
    next: msg`Open it in the browser's address bar to go to the hall it belongs to.`,
  },
  "setup-link-used": {
    what: msg`This setup link has already been used.`,
    safe: msg`The hall has its first account. Nothing was changed.`,
    next: msg`If that was you, open the hall on that device or use your 12 words. If nobody of yours did it, tell whoever runs the hall at once.`,
  },
  "invite-unknown": {
    what: msg`The hall has no invite for this link any more.`,
    safe: nothingSent,
    next: msg`A facilitator has ended it, it has expired, or the link was not copied whole. Ask the person who sent it for a new one.`,
  },
  "invite-ended": {
    what: msg`A facilitator has ended this invite.`,
    safe: nothingChanged,
    next: askForNewLink,
  },
  "invite-expired": {
    what: msg`This invite has expired.`,
    safe: nothingChanged,
    next: askForNewLink,
  },
  "invite-spent": {
    what: msg`This invite has been used as often as it allowed.`,
    safe: nothingChanged,
    next: askForNewLink,
  },
  "invite-forged": {
    what: msg`What the hall shows for this link is not what your colleague made.`,
    safe: msg`Nothing was sent, and you have not joined anything.`,
    next: msg`Do not go on. Tell the person who sent you the link, by another way than this hall.`,
  },
  "request-refused": {
    what: msg`A facilitator has not let this request in.`,
    safe: msg`Your account stays as it is.`,
    next: msg`Speak with the person who invited you.`,
  },
  "already-asked": {
    what: msg`You have already asked to come in.`,
    safe: msg`Your request is with the group's facilitators.`,
    next: msg`Wait for an answer, or read your check words out to the person who invited you.`,
  },
  "group-unknown": {
    what: msg`This device does not know that group.`,
    safe: null,
    next: msg`If you were just admitted, it will appear shortly. Otherwise ask for an invite.`,
  },
  "not-a-member": {
    what: msg`You are not a member of this group.`,
    safe: msg`What you could read before stays on this device.`,
    next: msg`To take part again, ask a facilitator for an invite.`,
  },
  "not-a-facilitator": {
    what: msg`Only facilitators can do this.`,
    safe: nothingChanged,
    next: askFacilitator,
  },
  "last-facilitator": {
    what: msg`You are the only facilitator of this group.`,
    safe: nothingChanged,
    next: msg`Make another member a facilitator first; without one nobody could admit or remove people any more.`,
  },
  removed: {
    what: msg`You have been removed from this group.`,
    safe: msg`What you could read before stays on this device.`,
    next: msg`Speak with a facilitator if you think this is a mistake.`,
  },
  "member-unknown": {
    what: msg`This person is no longer in the group.`,
    safe: nothingChanged,
    next: msg`Look at the list of members again.`,
  },
  "member-already": {
    what: msg`This person is already a member.`,
    safe: nothingChanged,
    next: msg`There is nothing more to do.`,
  },
  "request-unknown": {
    what: msg`This request is no longer there.`,
    safe: nothingChanged,
    next: msg`Another facilitator may have answered it, or the person has taken it back.`,
  },
  "topic-unknown": {
    what: msg`This topic is not on this device.`,
    safe: null,
    next: msg`It may still be on its way, or it was written before you came. Go back to the list of topics.`,
  },
  "record-unknown": {
    what: msg`This post is no longer there.`,
    safe: nothingChanged,
    next: msg`Look at the topic again.`,
  },
  "era-closed": {
    what: msg`The group changed its keys at this very moment.`,
    safe: writingKept,
    next: msg`It is sealed again and sent by itself. If it stays, press “Try again”.`,
  },
  "group-stopped": {
    what: msg`This group cannot go on: its last change cannot be checked.`,
    safe: msg`Everything up to that change stays readable.`,
    next: msg`Speak with the other members outside this group. The members page says who made the change.`,
  },
  "group-full": {
    what: msg`This group has as many members as this hall allows.`,
    safe: nothingChanged,
    next: msg`Ask whoever runs the hall, or found a second group.`,
  },
  "name-empty": {
    what: msg`A name is missing.`,
    safe: nothingChanged,
    next: msg`Write the name that others should see.`,
  },
  "name-too-long": {
    what: msg`This name is too long.`,
    safe: nothingChanged,
    next: msg`Make it shorter.`,
  },
  "title-empty": {
    what: msg`A title is missing.`,
    safe: writingKept,
    next: msg`Say in a few words what the topic is about.`,
  },
  "title-too-long": {
    what: msg`This title is too long.`,
    safe: writingKept,
    next: msg`Shorten it and put the rest into the text.`,
  },
  "text-empty": {
    what: msg`There is nothing to send yet.`,
    safe: null,
    next: msg`Write something first.`,
  },
  "text-too-long": {
    what: msg`This text is too long for one post.`,
    safe: writingKept,
    next: msg`Send it in two parts.`,
  },
  "note-too-long": {
    what: msg`This note is too long.`,
    safe: nothingSent,
    next: msg`Make it shorter.`,
  },
  "draft-not-kept": {
    what: msg`What you wrote could not be kept on this device.`,
    safe: null,
    next: msg`It stands on this page alone. Make it shorter or free some space on the device; otherwise copy it before you leave the page.`,
  },
  "number-out-of-range": {
    what: msg`One of the numbers is outside of what is possible here.`,
    safe: nothingChanged,
    next: msg`Look at the limits beside the fields.`,
  },
  offline: {
    what: msg`This device cannot reach the hall right now.`,
    safe: msg`What is on this device stays readable, and posts you write are sent later.`,
    next: msg`Check the network and try again.`,
  },
  "server-refused": {
    what: msg`The hall's server refused this.`,
    safe: nothingChanged,
    next: msg`Load the page again and try once more. If it happens again, tell whoever runs the hall.`,
  },
  "server-busy": {
    what: msg`The hall's server has too much to do just now.`,
    safe: writingKept,
    next: tryLater,
  },
  "server-newer": {
    what: msg`The hall has been updated and this page is older.`,
    safe: writingKept,
    next: msg`Load the page again.`,
  },
  "server-older": {
    what: msg`This page is newer than the hall's server.`,
    safe: writingKept,
    next: msg`The hall is probably being updated. Try again in a few minutes.`,
  },
  "server-lies": {
    what: msg`The hall's server showed something that does not check out.`,
    safe: msg`It was not accepted, and nothing you wrote was given away.`,
    next: msg`Do not enter anything further about this. Tell your colleagues and whoever runs the hall, by another way.`,
  },
  "vault-rolled-back": {
    what: msg`The hall's server gave back an older copy of your account than the one this account had.`,
    safe: msg`The older copy was not accepted silently. Your posts in the groups are not affected.`,
    next: msg`Tell whoever runs the hall; it may have been set back to a backup. Groups you joined since then may need to admit you again.`,
  },
  "quota-spent": {
    what: msg`That is as much as this hall allows in one day.`,
    safe: nothingChanged,
    next: msg`Try again tomorrow, or ask whoever runs the hall.`,
  },
  "timed-out": {
    what: msg`The hall took too long to answer.`,
    safe: msg`If it arrived after all, it will show here; it is never done twice.`,
    next: msg`Check the network and try again.`,
  },
  "program-fault": unexpected,
  unexpected,
};
