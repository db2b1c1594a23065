/**
 * Everything core can refuse, as a closed list. The interface and the command line say each in words of their own;
 * `detail` is one English sentence for logs and scripts, never key material and never what somebody wrote.
 */
export const hallProblems = [
  // this device
  "no-account",
  "account-exists",
  "account-begun",
  "locked",
  "wrong-passphrase",
  "passphrase-too-short",
  "words-not-here",
  "words-wrong",
  "storage-evicted",
  "storage-full",
  "in-use-elsewhere",
  /** A fault of this program: what it was doing is tried again. */
  "program-fault",
  // links
  "link-malformed",
  "link-other-hall",
  "setup-link-used",
  "invite-unknown",
  "invite-ended",
  "invite-expired",
  "invite-spent",
  "invite-forged",
  "request-refused",
  "already-asked",
  // groups
  "group-unknown",
  "not-a-member",
  "not-a-facilitator",
  "last-facilitator",
  "removed",
  "member-unknown",
  "member-already",
  "request-unknown",
  "topic-unknown",
  "record-unknown",
  "era-closed",
  "group-stopped",
  "group-full",
  "name-empty",
  "name-too-long",
  "title-empty",
  "title-too-long",
  "text-empty",
  "text-too-long",
  "note-too-long",
  "draft-not-kept",
  "number-out-of-range",
  // the server
  "offline",
  "server-refused",
  "server-busy",
  "server-newer",
  "server-older",
  "server-lies",
  "vault-rolled-back",
  "quota-spent",
  "timed-out",
] as const;

export type HallProblem = (typeof hallProblems)[number];

/** Thrown by every door of {@link Unionhall}; crosses the worker boundary as `{problem, detail}`. */
export class HallError extends Error {
  override readonly name = "HallError";
  readonly problem: HallProblem;
  readonly detail: string;

  constructor(problem: HallProblem, detail: string) {
    super(`${problem}: ${detail}`);
    this.problem = problem;
    this.detail = detail;
  }
}
