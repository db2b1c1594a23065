import { linkHash } from "@unionhall/crypto/verify";
import { sql } from "kysely";
import type { EraLink, LinkPage } from "../contract/groups.ts";
import { groupLimits } from "../contract/group-limits.ts";
import type { GroupReader, GroupTransaction } from "../groups/group-store.ts";
import { placeFor } from "./boxes-rules.ts";

/** Adds a link beside those held, never over them. The group's row is locked. False where there is no room. */
export async function addLink(
  db: GroupTransaction,
  groupNo: number,
  era: number,
  link: EraLink,
  stewardKey: Uint8Array | null,
): Promise<boolean> {
  const { rows } = await sql<{ hash: Buffer; steward_key: Buffer | null }>`select hash, steward_key from era_link
    where group_no = ${groupNo} and era = ${era}`.execute(db);
  const held = rows.map((row) => ({ hash: row.hash, stewardKey: row.steward_key }));
  const hash = linkHash(link);
  const place = placeFor(held, hash, stewardKey);
  if (place.kind === "held") return true;
  if (place.kind === "no-room") return false;
  const own = place.kind === "stewards" ? place.stewardKey : null;
  await sql`insert into era_link (group_no, era, place, hash, steward_key, chain, content)
    values (${groupNo}, ${era}, ${held.length}, ${hash}, ${own}, ${link.chain}, ${link.content})`.execute(db);
  return true;
}

/** Links of eras `from` to `to`, both included, in order; of each era those held, the one it came with first. */
export async function readLinks(db: GroupReader, groupNo: number, from: number, to: number): Promise<LinkPage> {
  const { rows } = await sql<{ era: number; chain: Buffer; content: Buffer | null }>`select era, chain, content
    from era_link where group_no = ${groupNo} and era between ${from} and ${to}
    and place < ${groupLimits.candidatesPerReply} order by era, place`.execute(db);
  const byEra = Map.groupBy(rows, ({ era }) => era);
  return [...byEra].map(([era, links]) => ({
    era,
    links: links.map(({ chain, content }) => ({ chain, content })),
  }));
}

/** Takes away the content part of the links that open content keys of eras before `firstEraKept`. */
export async function dropContentLinks(db: GroupTransaction, groupNo: number, firstEraKept: number): Promise<void> {
  await sql`update era_link set content = null
    where group_no = ${groupNo} and era <= ${firstEraKept} and content is not null`.execute(db);
}
