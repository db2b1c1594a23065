import { expect, test } from "vitest";
import { fillIn } from "./older-browsers.ts";

/** A realm as an older browser has it. */
function olderRealm() {
  class OlderPromise<T> extends Promise<T> {}
  class OlderMap<K, V> extends Map<K, V> {}
  void Object.assign(OlderPromise, { withResolvers: undefined });
  Object.assign(OlderMap, { groupBy: undefined });
  const realm = { Promise: OlderPromise, Map: OlderMap };
  expect(realm.Promise.withResolvers).toBeUndefined();
  fillIn(realm);
  return realm;
}

test("a promise with its ends in hand is kept and broken as everywhere else", async () => {
  const { Promise: Older } = olderRealm();
  const kept = Older.withResolvers<number>();
  kept.resolve(5);
  expect(await kept.promise).toBe(5);
  const broken = Older.withResolvers<number>();
  broken.reject(new Error("no"));
  await expect(broken.promise).rejects.toThrow("no");
});

test("grouping gives what the built-in one gives", () => {
  const { Map: Older } = olderRealm();
  const words = ["ana", "bo", "cleo", "dan", "eli", "bo"];
  const byLength = (word: string, index: number): number => (index === 0 ? 0 : word.length);
  expect(Older.groupBy(words, byLength)).toEqual(Map.groupBy(words, byLength));
});

test("what a realm has stays its own", () => {
  const { withResolvers } = Promise;
  fillIn(globalThis);
  expect(Promise.withResolvers).toBe(withResolvers);
});
