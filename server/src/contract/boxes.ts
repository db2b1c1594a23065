import { Type, type Static } from "typebox";
import type { Endpoint } from "./endpoint.ts";
import { groupLimits } from "./group-limits.ts";
import { Problem } from "./problem.ts";
import { Exact, GroupId, RawBytes } from "./shapes.ts";
import { WireBytes, WireBytesUpTo, WireCount, WireList, WireNullable } from "./wire.ts";

const BoxLabel = WireBytes(16);

/** An era key sealed to one account, under the label that only it and members of the era can compute. */
export const LabelledBox = Exact({ label: BoxLabel, box: WireBytesUpTo(groupLimits.boxBytes) });
export type LabelledBox = Static<typeof LabelledBox>;

const groupParams = Exact({ groupId: GroupId });

/** Body of {@link FindBoxes}, as CBOR. */
export const BoxQuery = Exact({
  labels: WireList(BoxLabel, groupLimits.labelsPerQuery),
  /** True: of each box its BLAKE2b-256 instead of the box, for comparing with one's own computation. */
  hashesOnly: Type.Boolean(),
});
export type BoxQuery = Static<typeof BoxQuery>;

/** One of the boxes held under a label; `box` is its hash (32) where only hashes were asked for. */
export const FoundBox = Exact({ label: BoxLabel, era: WireCount(), box: WireBytesUpTo(groupLimits.boxBytes) });
export type FoundBox = Static<typeof FoundBox>;

/** Reply of {@link FindBoxes}, as CBOR: in the order of the labels asked for; under one label, the oldest first. */
export const FoundBoxes = WireList(FoundBox, groupLimits.labelsPerQuery * groupLimits.candidatesPerReply);
export type FoundBoxes = Static<typeof FoundBoxes>;

/** Boxes by label. The label is the capability: no token. Labels that nothing stands under are left out. */
export const FindBoxes = {
  method: "POST",
  path: "/api/groups/:groupId/boxes/find",
  plane: "group",
  authorization: "none",
  params: groupParams,
  body: RawBytes,
  bodyLimit: 16 * 1024,
  response: {
    200: RawBytes,
    400: Problem("malformed-request"),
    404: Problem("unknown-group"),
    410: Problem("group-deleted"),
    413: Problem("body-too-large"),
  },
} as const satisfies Endpoint;

/**
 * Body of {@link AddBoxes}, as CBOR. `command` is a steward's of kind `box` over this box; with it there is one more place per steward and label.
 * At most 500 of the boxes carry one.
 */
export const NewBoxes = Exact({
  era: WireCount(),
  boxes: WireList(
    Exact({
      label: BoxLabel,
      box: WireBytesUpTo(groupLimits.boxBytes),
      command: WireNullable(WireBytesUpTo(groupLimits.commandBytes)),
    }),
    groupLimits.boxesPerRequest,
  ),
});
export type NewBoxes = Static<typeof NewBoxes>;

/**
 * Adds boxes of a kept era beside those held; never overwrites. `added` counts those that were new; those that found no room are left out and
 * counted in `noRoom`.
 */
export const AddBoxes = {
  method: "POST",
  path: "/api/groups/:groupId/boxes",
  plane: "group",
  authorization: "group-token",
  params: groupParams,
  body: RawBytes,
  bodyLimit: groupLimits.chainRequestBytes,
  response: {
    200: Exact({ added: Type.Integer(), noRoom: Type.Integer() }),
    400: Problem("malformed-request"),
    401: Problem("token-required", "token-ended"),
    403: Problem("steward-refused", "signature-refused"),
    404: Problem("unknown-group", "unknown-era"),
    409: Problem("era-ended", "steward-counter-used"),
    410: Problem("group-deleted"),
    413: Problem("body-too-large"),
    429: Problem("too-many-requests"),
  },
} as const satisfies Endpoint;
