const REDACTED = "[redacted]";

/** What is a credential whoever made it: schemes of the header, JSON web tokens, our keys by their prefix, passwords in addresses. */
const CREDENTIALS: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic) +[\w.~+/=-]+/gi, `$1 ${REDACTED}`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, REDACTED],
  [/\bcgk_\w+/g, `cgk_${REDACTED}`],
  [/(\w:\/\/[^\s:/@"]*):[^\s@"/]+@/g, `$1:${REDACTED}@`],
];

/** Shorter than this, a text is no secret worth the name, and would be found in words. */
const MIN_LENGTH = 6;

/** Takes these secrets, in every form that a log may give them, and whatever looks like a credential out of a text. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(
    secrets
      .filter((secret) => secret.length >= MIN_LENGTH)
      .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), Buffer.from(secret).toString("base64")]),
  );
  // The longest first, lest the half of one stay behind another.
  const known = [...forms].sort((one, other) => other.length - one.length);
  return (text) => {
    let rest = text;
    for (const secret of known) if (rest.includes(secret)) rest = rest.replaceAll(secret, REDACTED);
    for (const [pattern, replacement] of CREDENTIALS) rest = rest.replace(pattern, replacement);
    return rest;
  };
}
