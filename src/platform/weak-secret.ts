/** Words that stand where a secret belongs until somebody makes one. None comes up by chance in what a machine has drawn. */
const PLACEHOLDER = /change.?me|placeholder|example|password|passwort|secret|pepper|default|replace|insert|dummy|qwerty|letmein/i;

/** A machine that draws 32 characters uses more different ones than this, even of 16. */
const MIN_DIFFERENT = 8;

/** Why this was not drawn by chance, or null. Whoever guesses begins with such. */
export function weaknessOf(secret: string): string | null {
  if (PLACEHOLDER.test(secret)) return "reads like a placeholder";
  if (new Set(secret).size < MIN_DIFFERENT) return "has too few different characters";
  if (/^(.{1,32})\1+$/.test(secret)) return "repeats itself";
  if (stepsInOrder(secret) > secret.length / 2) return "is a row of characters in their order";
  return null;
}

/** Passwords that come with things, and are tried first. */
const DEFAULT_PASSWORD = /^(postgres(ql)?|catalog|gateway|admin|root|user|test|demo|password|passwort|secret|change.?me|example|letmein|qwerty|1234)\d*$/i;

/** Why this password of a database is guessed at once, or null. None at all may be right: servers know callers in other ways, too. */
export function passwordWeaknessOf(databaseUrl: string): string | null {
  if (!URL.canParse(databaseUrl)) return null;
  const { username, password } = new URL(databaseUrl);
  if (password === "") return null;
  return password === username || DEFAULT_PASSWORD.test(password) ? "has a password that is guessed at once" : null;
}

/** How often a character is followed by the next one: abc, 123. */
function stepsInOrder(text: string): number {
  let steps = 0;
  for (let at = 1; at < text.length; at++) {
    if (Math.abs(text.charCodeAt(at) - text.charCodeAt(at - 1)) === 1) steps++;
  }
  return steps;
}
