/** `@unionhall/server`: a hall to start, for scripts and tests. */
export { type Config, readSettings, type Secrets, type Settings } from "./config.ts";
export { runHall } from "./run-hall.ts";
export { StartError } from "./start-error.ts";
export { type RunningHall, startHall, type StartOptions } from "./start-hall.ts";
