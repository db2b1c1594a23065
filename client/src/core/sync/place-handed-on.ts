import type { HandedOn } from "@unionhall/crypto";
import { isRightBox, placeBox } from "./box-check.ts";
import type { GroupParts } from "./group-parts.ts";
import { isRightLink, placeLink } from "./link-check.ts";
import type { OpenGroup } from "./open-group.ts";

/**
 * Puts a box or link that a member handed on into a steward's place: a facilitator's name and place go to nothing but what it would have made
 * itself.
 */
export async function placeHandedOn(
  parts: GroupParts,
  group: OpenGroup,
  item: Exclude<HandedOn, { readonly kind: "account" }>,
): Promise<void> {
  const isRight = item.kind === "box" ? await isRightBox(parts, group, item) : isRightLink(group, item.era, item.link);
  if (!isRight) return;
  const token = await group.follow().freshToken();
  if (token === null) return;
  if (item.kind === "link") await placeLink(parts, group, token, item.era, item.link);
  else await placeBox(parts, group, token, item.era, { label: item.label, box: item.bytes });
}
