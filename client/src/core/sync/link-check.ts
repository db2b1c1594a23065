import { equalBytes, linkHash, makeChainPart, makeContentPart, type EraLink } from "@unionhall/crypto";
import type { GroupParts } from "./group-parts.ts";
import type { GroupToken } from "./group-server.ts";
import type { OpenGroup } from "./open-group.ts";
import { readLinks } from "./read-chain.ts";
import { withCommand } from "./steward-desk.ts";
import { warn } from "./warnings.ts";

/** Compares the era links on the server with what they must be, and puts the right one beside where it is missing (protocol section 5, Era link). */
export async function checkLinks(parts: GroupParts, group: OpenGroup, token: GroupToken): Promise<void> {
  const newest = group.state.eras.length - 1;
  if (newest < 1 || token.era !== newest) return;
  const held = await readLinks(group.server, token.token, 1, newest);
  for (let era = 1; era <= newest; era++) {
    const right = rightLink(group, era);
    if (right !== null && !isThere(held.get(era) ?? [], right)) await repair(parts, group, token, era, right.link);
  }
}

interface RightLink {
  readonly link: EraLink;
  /** Whether this account can say what the content part must be. */
  readonly whole: boolean;
}

function rightLink(group: OpenGroup, number: number): RightLink | null {
  const { keys, state } = group.held.snapshot;
  const [newer, older, era] = [keys.get(number), keys.get(number - 1), state.eras[number]];
  if (newer === undefined || older === undefined || era === undefined) return null;
  const chain = makeChainPart(group.groupId, number, newer.chainKey, older.chainKey);
  if (!era.linksContent) return { link: { chain, content: null }, whole: true };
  if (newer.contentKey === null || older.contentKey === null) return { link: { chain, content: null }, whole: false };
  const content = makeContentPart(group.groupId, number, newer.contentKey, older.contentKey);
  return { link: { chain, content }, whole: true };
}

/** Whether this is the very link of its era, as far as this account can say what that must be. */
export function isRightLink(group: OpenGroup, era: number, link: EraLink): boolean {
  const right = rightLink(group, era);
  return right !== null && right.whole && equalBytes(linkHash(right.link), linkHash(link));
}

function isThere(held: readonly EraLink[], { link, whole }: RightLink): boolean {
  const chain = held.filter((one) => equalBytes(one.chain, link.chain));
  if (!whole || link.content === null) return chain.length > 0;
  const { content } = link;
  return held.some((one) => one.content !== null && equalBytes(one.content, content)) && chain.length > 0;
}

async function repair(
  parts: GroupParts,
  group: OpenGroup,
  token: GroupToken,
  era: number,
  link: EraLink,
): Promise<void> {
  const added = await group.server.addLink(token.token, { era, link, command: null });
  if (added === "ended") return;
  if (added === "no-room") await insist(parts, group, token, era, link);
  const by = group.state.eras[era]?.startedBy ?? null;
  await group.held.change((draft) =>
    warn(draft, "link-repaired", String(era), {
      noticedAt: parts.clock.now(),
      by,
      detail: `the link from era ${era} to the one before was missing or wrong; it was put right`,
    }),
  );
}

async function insist(
  parts: GroupParts,
  group: OpenGroup,
  token: GroupToken,
  era: number,
  link: EraLink,
): Promise<void> {
  if ((await placeLink(parts, group, token, era, link)) === "no-steward")
    await group.write({ kind: "statement", handedOn: { kind: "link", era, link } });
}

/** Puts a link into the place that the server keeps for a steward. */
export function placeLink(
  parts: GroupParts,
  group: OpenGroup,
  { token }: GroupToken,
  era: number,
  link: EraLink,
): ReturnType<typeof withCommand> {
  const operation = { kind: "link", era, hash: linkHash(link) } as const;
  return withCommand(parts, group, operation, (command) => group.server.addLink(token, { era, link, command }));
}
