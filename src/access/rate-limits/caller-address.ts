const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/**
 * What callers without a credential are told apart by: an IPv4 address, or the first 64 bits of an IPv6 address, since whoever has one of
 * those has all of them. What is no address, as a proxy may hand on, is one caller.
 */
export function callerAddress(address: string): string {
  if (IPV4.test(address)) return address;
  const [bare = ""] = address.split("%", 1); // Without the zone, which only this machine knows.
  if (IPV4.test(bare)) return bare;
  const groups = readGroups(bare);
  if (groups === null) return "unknown";
  const [high = 0, low = 0] = groups.slice(6);
  // An IPv4 address in the clothes of the other kind.
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

/** The eight groups of an IPv6 address, or null if it is none. */
function readGroups(text: string): readonly number[] | null {
  const hexadecimal = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...bytes: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const halves = hexadecimal.split("::");
  if (halves.length > 2) return null;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  if (![...head, ...tail].every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  return [...head, ...Array.from({ length: missing }, () => "0"), ...tail].map((group) => parseInt(group, 16));
}
