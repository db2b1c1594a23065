import { checkBoxes } from "./box-check.ts";
import type { GroupParts } from "./group-parts.ts";
import type { GroupToken } from "./group-server.ts";
import { checkLinks } from "./link-check.ts";
import type { OpenGroup } from "./open-group.ts";
import { checkServer } from "./server-check.ts";

/** What is compared with the server, and put right there: fetched once a group is here, so that nobody waits for it in front of a topic. */
export { placeHandedOn } from "./place-handed-on.ts";

/** The list of stewards, and unless that was done for this era boxes and links. */
export async function compare(
  parts: GroupParts,
  group: OpenGroup,
  token: GroupToken,
  isCompared: boolean,
): Promise<void> {
  await checkServer(parts, group, token);
  if (isCompared) return;
  await checkBoxes(parts, group, token);
  await checkLinks(parts, group, token);
}
