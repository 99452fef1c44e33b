import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { Overloaded } from "../overloaded.js";

/** Could not be serialized, chosen as the victim of a deadlock, waited too long for a lock, took too long: all of it undone. */
const COLLISIONS = new Set(["40001", "40P01", "55P03", "57014"]);
const MAX_ATTEMPTS = 4;

/** Whether a statement was undone because of what others did at the same time, so that it may be sent again. */
function isCollision(error: unknown): boolean {
  return error instanceof pg.DatabaseError && COLLISIONS.has(error.code ?? "");
}

/** Sends a whole unit of work again, a few times, when it collided with others. What still collides then had no effect. */
export async function retryCollisions<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isCollision(error)) throw error;
      if (attempt === MAX_ATTEMPTS) throw new Overloaded("others hold what this needs", { cause: error });
      // Two that collided would collide again if they waited equally long.
      await sleep(randomInt(5, 20) * 2 ** attempt);
    }
  }
}
