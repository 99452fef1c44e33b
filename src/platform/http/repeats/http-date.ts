import { systemClock } from "../../clock.js";

let second = 0;
let text = "";

/** Now, as HTTP writes it (RFC 9110, 5.6.7), to the second. */
export function httpDate(): string {
  const now = systemClock.now();
  const its = Math.floor(now.getTime() / 1_000);
  if (its !== second) {
    second = its;
    text = now.toUTCString();
  }
  return text;
}
