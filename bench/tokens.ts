import { JwtVerifier } from "../src/access/tokens/jwt-verifier.service.js";
import { systemClock } from "../src/platform/clock.js";
import { issuerOf, makePair, tokenOf } from "../test/support/token-issuer.js";

// What it takes to know a caller by a token, one after the other on one core: seen for the first time, and remembered.
// `node --import tsx bench/tokens.ts`

const TOKENS = 2_000;
const ROUNDS = 50;

for (const algorithm of ["ES256", "RS256", "PS256", "EdDSA"] as const) {
  const pair = makePair("bench", algorithm);
  const tokens = Array.from({ length: TOKENS }, (_, index) =>
    tokenOf(pair, systemClock.now(), { roles: ["customer"], sub: `customer-${index}`, customer: `customer-${index}` }),
  );
  const verifier = new JwtVerifier({
    issuers: [issuerOf([pair])],
    clock: systemClock,
    onKeysUnavailable: (_issuer, error) => {
      throw error;
    },
  });
  const microseconds = async (rounds: number): Promise<string> => {
    const since = performance.now();
    for (let round = 0; round < rounds; round++) {
      for (const token of tokens) if ((await verifier.verify(token)) === null) throw new Error("a good token was refused");
    }
    return (((performance.now() - since) * 1000) / (rounds * TOKENS)).toFixed(1);
  };
  console.log(`${algorithm}: ${await microseconds(1)} µs the first time, ${await microseconds(ROUNDS)} µs remembered (${tokens[0]?.length} bytes)`);
}
