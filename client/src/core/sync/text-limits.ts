import { utf8Length } from "@unionhall/crypto";
import { HallError, type HallProblem } from "../problems.ts";

/** Longest texts, in characters as people count them (code points), and in bytes of UTF-8 where a record's size decides. */
export const textLimits = {
  groupName: 120,
  groupDescription: 2_000,
  topicTitle: 200,
  /** Of one post: with everything around it, it fits into a record of 64 KiB. */
  postBytes: 48_000,
} as const;

/** Code points: what comes nearest to what people count, whatever the script. */
export function charactersIn(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The text without white space around it. @throws HallError the problems given */
export function requireText(text: string, limit: number, empty: HallProblem, tooLong: HallProblem): string {
  const trimmed = text.trim().toWellFormed();
  if (trimmed.length === 0) throw new HallError(empty, "the text is empty");
  if (charactersIn(trimmed) > limit) throw new HallError(tooLong, `the text is longer than ${limit} characters`);
  return trimmed;
}

/** A post's text as it was written. @throws HallError `text-empty`, `text-too-long` */
export function requirePost(text: string): string {
  const wellFormed = text.toWellFormed();
  if (wellFormed.trim().length === 0) throw new HallError("text-empty", "the post is empty");
  if (utf8Length(wellFormed) > textLimits.postBytes)
    throw new HallError("text-too-long", `the post is longer than ${textLimits.postBytes} bytes`);
  return wellFormed;
}
