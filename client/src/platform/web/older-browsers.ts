function unset(): void {
  throw new TypeError("a promise calls what it is made with at once");
}

function withResolvers<T>(this: PromiseConstructor): PromiseWithResolvers<T> {
  let resolve: PromiseWithResolvers<T>["resolve"] = unset;
  let reject: PromiseWithResolvers<T>["reject"] = unset;
  const promise = new this<T>((keep, fail) => {
    resolve = keep;
    reject = fail;
  });
  return { promise, resolve, reject };
}

function groupBy<K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/**
 * What browsers of the last years lack and this program uses: `Promise.withResolvers` (before Chrome 119, Safari 17.4) and `Map.groupBy` (before
 * Chrome 117, Safari 17.4). Page and worker import this before anything that uses them.
 * Gives the realm what it lacks, and leaves what it has.
 */
export function fillIn(realm: {
  readonly Promise: Partial<PromiseConstructor>;
  readonly Map: Partial<MapConstructor>;
}): void {
  realm.Promise.withResolvers ??= withResolvers;
  realm.Map.groupBy ??= groupBy;
}

fillIn(globalThis);
