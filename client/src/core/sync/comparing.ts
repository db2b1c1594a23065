/** What is compared with the server, and put right there: fetched once a group is here, so that nobody waits for it in front of a topic. */
export { checkBoxes, isRightBox, placeBox } from "./box-check.ts";
export { checkLinks, isRightLink, placeLink } from "./link-check.ts";
export { checkServer } from "./server-check.ts";
