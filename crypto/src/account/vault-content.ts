/**
 * What an account's vault holds: its slow state (protocol section 3). Whatever is changed on one device and merged
 * on another carries the time of its last change. `extra` and settings keep what a newer version put there.
 */
import {
  anyData,
  bool,
  bytes,
  list,
  nullable,
  sortedSet,
  struct,
  text,
  time,
  uint,
  type ValueOf,
  word,
} from "../primitives/encoding.ts";
import { MAX_PER_ACCOUNT } from "./account-state.ts";
import { MAX_STATEMENTS, statementForm } from "./statements.ts";

const extras = () => sortedSet(struct({ name: text({ minBytes: 1, maxBytes: 64 }), value: anyData() }), { max: 64 });

/** The private halves of one box key generation. */
export const boxSecretsForm = struct({
  generation: uint({ max: 0xffff_ffff }),
  /** X-Wing seed, 32 bytes */
  boxSecretKey: bytes(32),
  /** X25519, 32 bytes */
  labelSecretKey: bytes(32),
});
export type BoxSecrets = ValueOf<typeof boxSecretsForm>;

/** A group of this account. Kept after leaving, so that what was readable stays readable. */
export const vaultGroupForm = struct({
  groupId: bytes(32),
  kind: word("working-group", "notebook"),
  /** Number and key (32) of the newest era this account holds. */
  era: uint({ max: 0xffff_ffff }),
  eraKey: bytes(32),
  /** Ed25519 seed of the steward key in this group, 32 bytes. */
  stewardSeed: bytes(32),
  standing: word("member", "left", "removed"),
  /** The group that was founded anew in its place. */
  continuedBy: nullable(bytes(32)),
  changed: time(),
  extra: extras(),
});
export type VaultGroup = ValueOf<typeof vaultGroupForm>;

/** An invite made by this account, so that its link can be shown again. */
export const vaultInviteForm = struct({
  groupId: bytes(32),
  /** What stands in the link, 16 bytes. */
  secret: bytes(16),
  expires: time(),
  ended: bool(),
  changed: time(),
  extra: extras(),
});
export type VaultInvite = ValueOf<typeof vaultInviteForm>;

/** A way into a group that has been begun, so that another device, or the same after a crash, can go on. */
export const pendingJoinForm = struct({
  groupId: bytes(32),
  /** What stands in the link, 16 bytes. */
  secret: bytes(16),
  /** Hash of the signed request; null where the invite is instant. */
  requestId: nullable(bytes(32)),
  /** Ed25519 seed of the steward key named in the request, 32 bytes. */
  stewardSeed: bytes(32),
  state: word("waiting", "done", "given-up"),
  changed: time(),
  extra: extras(),
});
export type PendingJoin = ValueOf<typeof pendingJoinForm>;

/** How the person is shown, from which each group's profile record is made. */
export const vaultProfileForm = struct({
  name: text({ maxBytes: 320 }),
  union: nullable(text({ maxBytes: 480 })),
  country: nullable(text({ maxBytes: 480 })),
  languages: list(text({ maxBytes: 64 }), { max: 32 }),
  changed: time(),
  extra: extras(),
});
export type VaultProfile = ValueOf<typeof vaultProfileForm>;

/** One setting. Names and values not known to this version are kept. */
export const settingForm = struct({
  name: text({ minBytes: 1, maxBytes: 64 }),
  value: anyData(),
  changed: time(),
});
export type Setting = ValueOf<typeof settingForm>;

export const vaultContentForm = struct({
  statements: list(statementForm, { max: MAX_STATEMENTS }),
  boxSecrets: sortedSet(boxSecretsForm, { max: MAX_PER_ACCOUNT }),
  groups: sortedSet(vaultGroupForm, { max: 4096 }),
  invites: sortedSet(vaultInviteForm, { max: 4096 }),
  pendingJoins: sortedSet(pendingJoinForm, { max: 1024 }),
  profile: nullable(vaultProfileForm),
  settings: sortedSet(settingForm, { max: 1024 }),
  extra: extras(),
});
export type VaultContent = ValueOf<typeof vaultContentForm>;

/** A vault in which nothing stands yet. */
export const emptyVaultContent: VaultContent = {
  statements: [],
  boxSecrets: [],
  groups: [],
  invites: [],
  pendingJoins: [],
  profile: null,
  settings: [],
  extra: [],
};
