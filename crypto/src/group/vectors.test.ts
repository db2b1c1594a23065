import { encode } from "../primitives/encoding.ts";
import { encodeSigned } from "../primitives/signed.ts";
import { frozenVectors } from "../testing/frozen-vectors.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { requestLabel } from "./box-labels.ts";
import { boxRecipients } from "./box-recipients.ts";
import { labelFor, makeBox } from "./boxes.ts";
import { entryKey, groupIdOf } from "./entry.ts";
import { entryHash, entryHeader, sealedEntryStructure } from "./entry-wire.ts";
import { nextEra } from "./era.ts";
import { makeEraLink } from "./era-link.ts";
import type { Operation } from "./operations.ts";
import { joinClaim } from "./membership.ts";
import { signPassChallenge } from "./pass.ts";
import { decodeGroupState, encodeGroupState } from "./state-codec.ts";
import { signStewardCommand, stewardSeedAfter } from "./steward.ts";
import { boxHash, linkHash } from "./stored-hashes.ts";
import { person, seedOf } from "./testing/people.ts";
import {
  admit,
  endInvite,
  foundingEntry,
  instantInvite,
  invite,
  join,
  leave,
  remove,
  revoke,
  changeRole,
  TestGroup,
} from "./testing/test-group.ts";

const [ana, bo] = [person("ana"), person("bo")];
const group = TestGroup.found(ana, { members: [bo], seed: "vectors" });
const { groupId } = group.state;
const zero = group.newest;
const one = nextEra(zero, groupId, seededRandom("era one"));
const origin = "https://hall.example";
const [, ofBo] = boxRecipients(group.state, group.state.eras[0] ?? fail());
const boxOfBo = makeBox(groupId, zero, ofBo ?? fail()) ?? fail();
const link = makeEraLink(groupId, one, zero, true);

function fail(): never {
  throw new RangeError("the vectors' group lacks something");
}

/** The signed entry that would do this, in the second place of the group. */
function signedEntry(...operations: readonly Operation[]): Uint8Array {
  return encodeSigned(group.write(bo, operations, { time: 1_750_000_001_000 }));
}

const lastWords = [{ device: bo.device().publicKey, heads: [{ number: 3, hash: seedOf("record") }] }];
const [founding] = group.items;
const command = (operation: Parameters<typeof signStewardCommand>[0]["operation"]) =>
  signStewardCommand({ origin, groupId, counter: 7, operation }, ana.stewardKey());
const started = { number: 1, passKey: one.pass.publicKey, labelKey: one.label.publicKey };

frozenVectors("group", {
  "group id": () => groupId,
  "first entry, sealed": () => encode(sealedEntryStructure, founding ?? fail()),
  "entry header": () => entryHeader({ groupId, index: 1, era: 0, startsEra: 1 }),
  "entry hash": () => entryHash(founding ?? fail()),
  "entry key": () => entryKey(zero.chainKey, 1),
  "entry: admit": () =>
    signedEntry(admit(bo, "facilitator", { request: seedOf("request"), invite: seedOf("i").slice(16) })),
  "entry: join": () => signedEntry(join(group, bo, 1)),
  "entry: remove": () => signedEntry(remove(bo, lastWords)),
  "entry: leave": () => signedEntry(leave(lastWords)),
  "entry: role": () => signedEntry(changeRole(bo, "member", lastWords)),
  "entry: rules": () => signedEntry({ kind: "rules", rules: { history: "from-joining", retentionDays: 90 } }),
  "entry: account-update": () => signedEntry(revoke(bo, 1, { lastWords })),
  "entry: invite": () => signedEntry(invite(1)),
  "entry: instant invite": () => signedEntry(instantInvite(1)),
  "entry: end-invite": () => signedEntry(endInvite(1)),
  "entry: cut": () => signedEntry({ kind: "cut", day: 20_254 }),
  "group id of a group founded anew": () => {
    const continues = { groupId, headIndex: 4, headHash: seedOf("head") };
    const rules = { history: "all", retentionDays: null } as const;
    const found = { kind: "found", rules, continues, stewardKey: ana.stewardKey().publicKey } as const;
    return groupIdOf(foundingEntry(ana, [found, group.era()]));
  },
  "join claim": () =>
    joinClaim({
      groupId,
      invite: seedOf("i").slice(16),
      identityKey: bo.key,
      device: bo.device().publicKey,
      boxKey: bo.boxKey().publicKey,
    }),
  "era 0: key": () => zero.eraKey,
  "era 1: key": () => one.eraKey,
  "era 1: chain key": () => one.chainKey,
  "era 1: content key": () => one.contentKey,
  "era 1: pass": () => one.pass.publicKey,
  "era 1: label key": () => one.label.publicKey,
  "era 1: commitment": () => one.eraCommitment,
  "era 1: commitment to the content key": () => one.contentCommitment,
  "link of era 1: chain part": () => link.chain,
  "link of era 1: content part": () => link.content ?? fail(),
  "link hash": () => linkHash(link),
  "box label": () => labelFor(groupId, zero, ofBo ?? fail()),
  "request label": () => requestLabel(seedOf("request"), groupId, 1),
  box: () => boxOfBo.box,
  "box hash": () => boxHash(boxOfBo.box),
  "steward seed after two": () => stewardSeedAfter(bo.boxKeyPair().secretKey, groupId, 2),
  "answer to a pass challenge": () => signPassChallenge({ origin, groupId, era: 1, nonce: seedOf("nonce") }, one.pass),
  "command: chain": () =>
    command({ kind: "chain", entryHash: seedOf("entry"), era: started, stewards: [ana.stewardKey().publicKey] }),
  "command: stewards": () => command({ kind: "stewards", stewards: [ana.stewardKey().publicKey] }),
  "command: limits": () => command({ kind: "limits", limits: [{ name: "record-bytes", value: 4096 }] }),
  "command: erase": () => command({ kind: "erase", recordId: seedOf("r").slice(16), recordHash: seedOf("record") }),
  "command: erase-blob": () => command({ kind: "erase-blob", blobId: seedOf("b").slice(16) }),
  "command: cut": () => command({ kind: "cut", day: 20_254, firstEraKept: 3 }),
  "command: delete": () => command({ kind: "delete" }),
  "command: box": () => command({ kind: "box", era: 1, boxLabel: boxOfBo.label, hash: boxHash(boxOfBo.box) }),
  "command: link": () => command({ kind: "link", era: 1, hash: linkHash(link) }),
  state: () => encodeGroupState(decodeGroupState(encodeGroupState(group.state))),
});
