import { accountIdOf, toHex, type GroupState } from "@unionhall/crypto";
import type { Profile } from "../session/session-door.ts";
import { profiles } from "../sync/group-store.ts";
import type { OpenGroup } from "../sync/open-group.ts";
import type { PersonName } from "./groups-door.ts";

/** The people of one group by their identity keys, read once for one answer. */
export class People {
  readonly #profiles: ReadonlyMap<string, Profile>;

  private constructor(known: ReadonlyMap<string, Profile>) {
    this.#profiles = known;
  }

  static async of(group: OpenGroup): Promise<People> {
    const stored = await group.held.store.map(profiles, group.groupId).entries();
    return new People(new Map(stored.map(({ id, value }) => [String(id), value.profile])));
  }

  /** Null: "someone holding the key". */
  name(identityKey: Uint8Array | null): PersonName {
    if (identityKey === null) return { accountId: null, name: "" };
    const accountId = toHex(accountIdOf(identityKey));
    return { accountId, name: this.#profiles.get(toHex(identityKey))?.name ?? accountId.slice(0, 8) };
  }

  /** Who has not said anything yet is shown by the start of the account id. */
  profile(identityKey: Uint8Array): Profile {
    const known = this.#profiles.get(toHex(identityKey));
    return known ?? { name: this.name(identityKey).name, union: null, country: null, languages: [] };
  }
}

/** The identity key of an account id (hex) that is or was in the group. */
export function identityOf(state: GroupState, accountId: string): Uint8Array | null {
  for (const { identityKey } of state.accounts.values())
    if (toHex(accountIdOf(identityKey)) === accountId) return identityKey;
  return null;
}
