import { toHex } from "@unionhall/crypto";
import { expect, test } from "vitest";
import { Unreachable, type HttpRequest } from "../../client/src/core/platform.ts";
import { createWorld, type Member, type TestHall, type World } from "../world.ts";

interface VaultRow {
  readonly vault: Uint8Array | null;
  readonly vault_tag: Uint8Array | null;
}

/** What the hall keeps as this person's vault. */
async function vaultOf({ hall }: World<TestHall>, who: Member): Promise<VaultRow> {
  return hall.app.databases.accounts
    .selectFrom("account")
    .select(["vault", "vault_tag"])
    .where("id", "=", accountIdOf(who))
    .executeTakeFirstOrThrow();
}

/** The hall goes back to another vault, and answers everything as if it had always been that one. */
async function putVault({ hall }: World<TestHall>, who: Member, row: VaultRow): Promise<void> {
  await hall.app.databases.accounts.updateTable("account").set(row).where("id", "=", accountIdOf(who)).execute();
}

/** A first recovery, honest: the vault goes on, the account has a second box key. Then all devices are closed, and the hall goes back to before. */
async function recoveredAndTakenBack(world: World<TestHall>, who: Member): Promise<Member> {
  const old = await vaultOf(world, who);
  const second = world.stranger(who.name);
  await second.recover(who.words);
  await world.settle();
  await second.close();
  await who.close();
  await putVault(world, who, old);
  return second;
}

function accountIdOf({ accountId }: Member): Buffer {
  return Buffer.from(accountId, "hex");
}

async function vaultTrouble(of: Member): Promise<string | undefined> {
  const state = await of.hall.session.state();
  return state.kind === "open" ? state.vaultTrouble?.kind : state.kind;
}

async function boxGeneration(of: Member): Promise<number | undefined> {
  return (await of.parts()).account.state().boxKey?.generation;
}

test("attack 44: an old vault at recovery is recognised and said, and the account gets a box key that counts", async () => {
  await using world = await createWorld({ people: ["ana", "bo"] });
  const { ana, bo } = world;
  const group = await ana.foundGroup("Strike", { admits: [bo] });
  await world.settle();
  const second = await recoveredAndTakenBack(world, bo);
  const third = world.stranger("bo");
  await third.recover(bo.words);
  expect(await vaultTrouble(third)).toBe("old");
  expect(await boxGeneration(third)).toBe(2);
  const devices = (await third.parts()).account.state().devices;
  expect(devices.has(toHex((await second.parts()).account.device.signing.publicKey))).toBe(true);
  await world.settle();

  // An era begun by somebody else reaches the device: its box key is the one that counts.
  const cleo = await world.person("cleo");
  await ana.admit(group.groupId, [cleo]);
  await ana.remove(cleo, group);
  await ana.post(group, "after the removal");
  await world.settle();
  expect(await third.texts(group)).toContain("after the removal");
  await third.hall.session.dismissVaultTrouble();
  expect(await vaultTrouble(third)).toBeUndefined();
});

test("attack 44: an old vault is recognised also where the hall keeps the groups back until the recovery is done", async () => {
  await using world = await createWorld({ people: ["ana", "bo"] });
  const { ana, bo } = world;
  await ana.foundGroup("Strike", { admits: [bo] });
  await world.settle();
  await recoveredAndTakenBack(world, bo);
  const third = world.stranger("bo");
  const noGroups = ({ url }: HttpRequest): Promise<void> =>
    url.includes("/api/groups/") ? Promise.reject(new Unreachable()) : Promise.resolve();
  third.between.lies = { hold: noGroups };
  await third.recover(bo.words);
  expect(await third.hall.groups.list()).toEqual([]);
  expect(await vaultTrouble(third)).toBeUndefined();
  third.between.lies = {};
  await third.until(
    () => boxGeneration(third),
    (generation) => generation === 2,
  );
  expect(await vaultTrouble(third)).toBe("old");
});

test("attack 14: a hall that says it has no vault of an account lies, and nothing is made of it", async () => {
  await using world = await createWorld({ people: ["ana"] });
  const { ana } = world;
  await ana.foundGroup("Strike");
  await world.settle();
  const fresh = world.stranger("ana");
  const kept = await vaultOf(world, ana);
  await putVault(world, ana, { vault: null, vault_tag: null });
  await expect(fresh.recover(ana.words)).rejects.toMatchObject({ problem: "server-lies" });
  expect(await fresh.hall.session.state()).toEqual({ kind: "empty" });
  await putVault(world, ana, kept);
  await fresh.recover(ana.words);
  expect((await fresh.hall.groups.list()).map(({ name }) => name)).toEqual(["Strike"]);
});

test("attack 14: a device that is given an older vault keeps its own, says so, and puts it back", async () => {
  await using world = await createWorld({ people: ["ana"] });
  const { ana } = world;
  await ana.foundGroup("First");
  await world.settle();
  const old = await vaultOf(world, ana);
  await ana.foundGroup("Second");
  await world.settle();
  await putVault(world, ana, old);
  await ana.reopen();
  await ana.until(
    () => vaultTrouble(ana),
    (kind) => kind === "old",
  );
  expect((await ana.hall.groups.list()).map(({ name }) => name).toSorted()).toEqual(["First", "Second"]);
});

test("attack 14: a vault taken from another account is refused, and said", async () => {
  await using world = await createWorld({ people: ["ana", "bo"] });
  const { ana, bo } = world;
  await ana.foundGroup("Hers");
  await world.settle();
  await putVault(world, ana, await vaultOf(world, bo));
  await ana.reopen();
  await ana.until(
    () => vaultTrouble(ana),
    (kind) => kind === "refused",
  );
  expect((await ana.hall.groups.list()).map(({ name }) => name)).toEqual(["Hers"]);
});
