import {
  boxKeyPair,
  labelKeyPair,
  parseRecoveryPhrase,
  rootKeys,
  signRevokeStatement,
  statementForGroups,
  toHex,
} from "@unionhall/crypto";
import { expect, test } from "vitest";
import { createWorld, type Member } from "../world.ts";
import { junk } from "../world/own-program.ts";

/** What the 12 words can sign about a lost device, without it. */
async function revocationOf({ words }: Member, device: Uint8Array) {
  const phrase = await parseRecoveryPhrase(words.join(" "));
  if (phrase.kind !== "root") throw new TypeError("12 words");
  const key = { generation: 9, publicKey: boxKeyPair(junk(32)).publicKey, labelKey: labelKeyPair(junk(32)).publicKey };
  const fact = { signingKey: device, day: 20_500 };
  return statementForGroups(signRevokeStatement(rootKeys(phrase.root).identity, fact, key));
}

test("attack 8: what a revoked device writes is refused from the revocation on, what it wrote before stays", async () => {
  await using world = await createWorld({ people: ["ana", "bongani", "chidi"] });
  const { ana, bongani, chidi } = world;
  const group = await ana.foundGroup("Waste services", { admits: [bongani, chidi] });
  await world.settle();
  const again = world.stranger("bongani's new phone");
  await again.recover(bongani.words);
  await world.settle();
  await bongani.post(group, "from the phone that was still his");
  await again.post(group, "from the new one");
  await world.settle();

  const { account } = await bongani.parts();
  const statement = await revocationOf(bongani, account.device.signing.publicKey);
  const { identityKey } = account;
  await (await ana.group(group.groupId)).propose([{ kind: "account-update", identityKey, statements: [statement] }]);
  await world.settle();
  // The thief writes on.
  const stolen = await bongani.group(group.groupId);
  const text = { kind: "post", reply: null, mentions: [], files: [] } as const;
  const topic = Uint8Array.from(Buffer.from(group.topicId, "hex"));
  await stolen.write({ ...text, text: "by the thief" }, { topic });
  await again.post(group, "from the new one, later");
  await world.settle();

  const good = ["opening", "from the phone that was still his", "from the new one", "from the new one, later"];
  const late = await world.person("dolores");
  await ana.admit(group.groupId, [late]);
  await world.settle();
  for (const reader of [ana, chidi, again, late]) {
    expect(await reader.texts(group)).toEqual(good);
    const refused = await reader.hall.topics.refused(group.groupId);
    expect(refused.map(({ reason }) => reason)).toEqual(["device-revoked"]);
  }
  // Nor does the group's record take anything from it.
  const { state } = await ana.group(group.groupId);
  const known = state.accounts.get(toHex(identityKey))?.devices ?? [];
  expect(known.filter(({ revokedAt }) => revokedAt !== null)).toHaveLength(1);
});
