import { runHall } from "./run-hall.ts";

await runHall();
