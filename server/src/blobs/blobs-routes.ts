import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
import { type Clock, dayOf } from "../clock.ts";
import { BeginBlob, ListBlobs, PutChunk, ReadBlob, ReadChunk } from "../contract/blobs.ts";
import { type AccessDeps, requireToken, tokenBeforeBody } from "../groups/group-access.ts";
import { costOf } from "../groups/token-rates.ts";
import { decoded } from "../http/decoded.ts";
import { ProblemError } from "../http/problem.ts";
import { limited } from "../http/rate-limit.ts";
import { described } from "../http/route.ts";
import { beginBlob, type BlobAddress, listBlobs, putChunk, readBlobState, readChunk } from "./blobs-store.ts";

export interface BlobRouteDeps extends AccessDeps {
  readonly clock: Clock;
}

/** Sealed files in chunks, for a token of the newest era (protocol sections 4 and 9). */
export const blobRoutes: FastifyPluginAsyncTypebox<BlobRouteDeps> = async (app, deps) => {
  const { db } = deps;
  const today = (): number => dayOf(deps.clock());
  const addressOf = (request: FastifyRequest, params: AddressParams, cost = 1): BlobAddress => ({
    access: requireToken(deps, request, decoded(params.groupId), cost),
    blobId: decoded(params.blobId),
  });

  app.route({
    ...described(ListBlobs),
    handler: async (request) => {
      const access = requireToken(deps, request, decoded(request.params.groupId));
      return listBlobs(db, access, decoded(request.query.after ?? ""), today());
    },
  });

  app.route({
    ...described(BeginBlob, limited("upload")),
    ...tokenBeforeBody(deps),
    handler: async (request) => beginBlob(db, addressOf(request, request.params), request.body, today()),
  });

  app.route({
    ...described(ReadBlob),
    handler: async (request) => readBlobState(db, addressOf(request, request.params), today()),
  });

  app.route({
    ...described(PutChunk, limited("upload")),
    ...tokenBeforeBody(deps),
    handler: async (request, reply) => {
      const sealed = chunkIn(request);
      const address = addressOf(request, request.params, costOf(sealed.length, 1));
      await putChunk(db, address, { place: request.params.place, sealed }, today());
      await reply.code(204).send(null);
    },
  });

  app.route({
    ...described(ReadChunk),
    handler: async (request, reply) => {
      const sealed = await readChunk(db, addressOf(request, request.params), request.params.place, today());
      // Beside what stands on every reply (`security-headers.ts`): no browser shows what comes from here, whatever its bytes pretend to be.
      return reply.type("application/octet-stream").header("content-disposition", "attachment").send(sealed);
    },
  });
};

interface AddressParams {
  readonly groupId: string;
  readonly blobId: string;
}

/** @throws {ProblemError} `unsupported-media-type` */
function chunkIn({ body, headers }: FastifyRequest): Uint8Array {
  if (headers["content-type"] !== PutChunk.bodyType || !(body instanceof Uint8Array))
    throw new ProblemError("unsupported-media-type");
  return body;
}
