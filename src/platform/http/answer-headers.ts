/**
 * What every answer says to browsers, unless a page of ours says something else: take it for nothing but what it is, show
 * it nowhere, load nothing for it, keep it nowhere, and let no page of another origin embed it. CORS is not touched by the
 * last: it decides about requests that ask for it. Strict-Transport-Security is for whoever ends TLS and owns the name.
 */
export const ANSWER_HEADERS = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
} as const;
