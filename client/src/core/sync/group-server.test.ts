import { LogPage } from "@unionhall/server/contract";
import { expect, test } from "vitest";
import { HttpApi } from "../api/http-api.ts";
import { encodeWire } from "../api/wire-bytes.ts";
import { Unreachable, type Http } from "../platform.ts";
import { GroupServer } from "./group-server.ts";

test("after a page of the log that did not come, fewer items are asked for, and more again when pages come", async () => {
  const asked: number[] = [];
  let most = 10;
  const http: Http = {
    send: async ({ url }) => {
      const limit = Number(new URL(url).searchParams.get("limit"));
      asked.push(limit);
      if (limit > most) throw new Unreachable("too much for this network");
      const body = encodeWire(LogPage, { items: [], next: null, newestSeq: 0 });
      return { status: 200, headers: { "content-type": "application/cbor" }, body };
    },
  };
  const origin = "https://hall.example";
  const server = new GroupServer(new Uint8Array(32), new HttpApi(origin, http, null), origin);
  const read = () => server.log(new Uint8Array(32), 0);
  for (let page = 0; page < 3; page++) await expect(read()).rejects.toMatchObject({ problem: "offline" });
  expect(await read()).toMatchObject({ items: [] });
  expect(asked).toEqual([500, 125, 31, 8]);
  most = 500;
  for (let page = 0; page < 8; page++) await read();
  expect(asked.slice(4)).toEqual([16, 32, 64, 128, 256, 500, 500, 500]);
});
