/** What is compared with the server, and put right there: fetched once a group is here, so that nobody waits for it in front of a topic. */
export { checkBoxes } from "./box-check.ts";
export { checkLinks } from "./link-check.ts";
export { placeHandedOn } from "./place-handed-on.ts";
export { checkServer } from "./server-check.ts";
