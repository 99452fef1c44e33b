/**
 * Nobody can say whether a token is good, because its issuer's keys cannot be had. Not the caller's mistake: a "no" would have it
 * throw a good token away.
 */
export class KeysUnavailable extends Error {
  constructor(issuer: string) {
    super(`the keys of the issuer ${issuer} cannot be had`);
    this.name = "KeysUnavailable";
  }
}
