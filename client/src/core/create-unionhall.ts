/**
 * Where core is put together.
 *
 * An engine (groups, invites, topics, their sync) plugs in as an {@link EngineMaker} (`engine.ts`): `readInvite` serves guests without an
 * account, `open` is called whenever the account becomes open on this device, and gets everything it may use in {@link EngineParts}: `account`
 * (keys, statements), `vault` (durable list of groups), `store` (sealed, transactional; `storage/store.ts`), `api` (HTTP over the contract's
 * endpoint data, `api/api.ts`), `live` (the websocket, `api/live.ts`), `clock`, `random`, `emit`. The doors it returns are called only between
 * `open` and `parts.stop`; before and after, this module answers with `no-account` or `locked`.
 *
 * `createUnionhall(platform)` uses the engine of `groups/engine.ts`; tests can give another.
 */
export {};
