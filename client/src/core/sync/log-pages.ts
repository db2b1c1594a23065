import { HallError } from "../problems.ts";
import type { GroupServer, ServerLogItem, ServerLogPage } from "./group-server.ts";

/** Pages of one group's log from after `after` on, each of which goes on from the one before. @throws HallError as {@link readPage} */
export async function* logPages(
  server: GroupServer,
  token: Uint8Array,
  after: number,
  only?: "chain",
): AsyncGenerator<readonly ServerLogItem[]> {
  for (let from: number | null = after; from !== null;) {
    const page: ServerLogPage = await readPage(server, token, from, only);
    yield page.items;
    from = page.next;
  }
}

/**
 * One page of the log from after `after` on.
 *
 * @throws HallError `server-busy` when the token has ended; `server-lies` for a page that leads nowhere, or back
 */
export async function readPage(
  server: GroupServer,
  token: Uint8Array,
  after: number,
  only?: "chain",
): Promise<ServerLogPage> {
  const page = await server.log(token, after, only);
  if (page === null) throw new HallError("server-busy", "the group token has ended; it is asked for again");
  let last = after;
  for (const { seq } of page.items) {
    if (seq <= last || seq > page.newestSeq) throw lies("the hall shows items of the log out of their order");
    last = seq;
  }
  if (page.next !== null && (page.items.length === 0 || page.next < last || page.next > page.newestSeq))
    throw lies("the hall shows a page of the log that leads nowhere");
  return page;
}

function lies(detail: string): HallError {
  return new HallError("server-lies", detail);
}
