/** All that only a recovery needs, fetched together. */
export { beginRecovering, listDevice, rootOfWords, vaultOfWords, verdictOnWords } from "./recovering.ts";
export { RecoveryEnd } from "./recovery-end.ts";
