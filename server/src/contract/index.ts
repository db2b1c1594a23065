export { AnyProblem, Problem, type ProblemCode, problemCodes, problems } from "./problem.ts";
export { Bytes, BytesUpTo, Count, Day, Exact, GroupId, Hash, Id16, RawBytes, Secret, SigningKey } from "./shapes.ts";
export { fromBase64url, toBase64url } from "./base64url.ts";
export { type Authorization, authorizationSchemes, type Endpoint, type Plane } from "./endpoint.ts";
export { limits } from "./limits.ts";
