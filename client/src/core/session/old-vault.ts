import { equalBytes, nextGeneration, signDeviceStatement, type RootKeys } from "@unionhall/crypto";
import type { Platform } from "../platform.ts";
import { HallError } from "../problems.ts";
import { dayOf, newBoxKey } from "./new-device.ts";
import type { OpenSession } from "./open-session.ts";

/**
 * Ends a recovery: a group that knows statements of this account which the vault lacked shows that the hall gave out an old vault (protocol
 * section 3, threat model 14 and 44). That is said; and where the account had the generation of this recovery's
 * box key before, a newer one follows, so that later eras reach this device. Called again, it looks anew; a key whose secret
 * was kept and whose statement was not (the device was full in between) is not taken up again.
 *
 * @param keys of the root: only while somebody has just typed the words
 */
export async function mendOldVault(session: OpenSession, keys: RootKeys, platform: Platform): Promise<void> {
  const { vault, engine } = session;
  if (await vault.learn(engine.ownStatements())) await vault.sayOld();
  if (isOvertaken(session)) await renewBoxKey(session, keys, platform);
}

/** Whether the account had this device's generation, or a later one, before: a tie is decided by hashes, and another device may hold the other. */
function isOvertaken({ account }: OpenSession): boolean {
  const held = account.boxKeys();
  const newest = Math.max(...held.map(({ generation }) => generation));
  return [...account.state().boxKeys.values()].some(
    ({ generation, publicKey }) =>
      generation >= newest && !held.some(({ box }) => equalBytes(box.publicKey, publicKey)),
  );
}

async function renewBoxKey(session: OpenSession, keys: RootKeys, { clock, random }: Platform): Promise<void> {
  const { vault, account } = session;
  const { secrets, key } = newBoxKey(nextGeneration(account.state()), random);
  const { details } = account.device.statement.wire;
  if (details === null) throw new HallError("storage-evicted", "what certifies this device is damaged");
  const device = { signingKey: account.device.signing.publicKey, details, day: dayOf(clock.now()) };
  const statement = signDeviceStatement(keys.identity, device, key);
  // The secret is safe before anybody is told of the key.
  await vault.update((content) => ({ ...content, boxSecrets: [...content.boxSecrets, secrets] }));
  await vault.learn([statement.wire]);
}
