/** Why group keys cannot be used: the reader does not hold the one that is needed, or it is not the one the chain commits to. */
export type GroupKeyReason = "missing" | "not-committed";

/** A key of an era that is missing or wrong. Carries a reason, never a key. */
export class GroupKeyError extends Error {
  override readonly name = "GroupKeyError";
  readonly reason: GroupKeyReason;
  constructor(reason: GroupKeyReason) {
    super(`group key refused: ${reason}`);
    this.reason = reason;
  }
}

/** An act that would be void, so that no entry for it is made. */
export class ActError extends Error {
  override readonly name = "ActError";
  readonly reason: string;
  constructor(reason: string) {
    super(`act refused: ${reason}`);
    this.reason = reason;
  }
}
