import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { AddBoxes, BoxQuery, FindBoxes, FoundBoxes, NewBoxes } from "../contract/boxes.ts";
import { groupLimits } from "../contract/group-limits.ts";
import { AddLink, LinkPage, NewLink, ReadLinks } from "../contract/groups.ts";
import { type AccessDeps, requireNewest, requireToken, tokenBeforeBody } from "../groups/group-access.ts";
import type { GroupPlane } from "../groups/group-plane.ts";
import { readGroup } from "../groups/group-store.ts";
import { decodeStructure } from "../groups/wire-body.ts";
import { decoded } from "../http/decoded.ts";
import { limited } from "../http/rate-limit.ts";
import { described } from "../http/route.ts";
import { sendCbor } from "../log/log-routes.ts";
import { findBoxes } from "./boxes-store.ts";
import { readLinks } from "./links-store.ts";

export interface BoxRouteDeps extends AccessDeps {
  readonly plane: GroupPlane;
}

/** Boxes by label, and era links (protocol section 4). */
export const boxRoutes: FastifyPluginAsyncTypebox<BoxRouteDeps> = async (app, deps) => {
  const { db, plane } = deps;
  app.route({
    ...described(FindBoxes, limited("anonymous")),
    handler: async (request, reply) => {
      const { labels, hashesOnly } = decodeStructure(BoxQuery, request.body, groupLimits.frameBytes);
      const group = await readGroup(db, decoded(request.params.groupId));
      const found = await findBoxes(db, group.no, labels, hashesOnly);
      return sendCbor(reply, FoundBoxes, Array.from(found));
    },
  });

  app.route({
    ...described(AddBoxes, limited("anonymous")),
    ...tokenBeforeBody(deps),
    handler: async (request) => {
      const { groupId, token } = requireToken(deps, request, decoded(request.params.groupId));
      return plane.addBoxes(groupId, decodeStructure(NewBoxes, request.body, groupLimits.frameBytes), token);
    },
  });

  app.route({
    ...described(ReadLinks),
    handler: async (request, reply) => {
      const access = requireToken(deps, request, decoded(request.params.groupId));
      const group = await requireNewest(db, access);
      const { from, to } = request.query;
      const last = Math.min(to, from + groupLimits.linksPerPage - 1);
      return sendCbor(reply, LinkPage, await readLinks(db, group.no, from, last));
    },
  });

  app.route({
    ...described(AddLink, limited("anonymous")),
    ...tokenBeforeBody(deps),
    handler: async (request, reply) => {
      const { groupId, token } = requireToken(deps, request, decoded(request.params.groupId));
      await plane.addLink(groupId, decodeStructure(NewLink, request.body, groupLimits.frameBytes), token);
      await reply.code(204).send(null);
    },
  });
};
