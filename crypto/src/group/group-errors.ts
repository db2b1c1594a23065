/** The reader does not hold a chain key that it needs. */
export class GroupKeyError extends Error {
  override readonly name = "GroupKeyError";
  readonly era: number;
  constructor(era: number) {
    super(`the chain key of era ${era} is missing`);
    this.era = era;
  }
}
