/** How people, files and the API name things: lower-case ASCII words joined by hyphens. A key never changes. */
export type CatalogKey = string;

const KEY = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const MAX_LENGTH = 80;

export function isCatalogKey(text: string): text is CatalogKey {
  return text.length <= MAX_LENGTH && KEY.test(text);
}
