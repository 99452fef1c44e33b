/** For Prisma: the row is in force now. */
export function inForce() {
  const now = new Date();
  return { effectiveFrom: { lte: now }, OR: [{ effectiveUntil: null }, { effectiveUntil: { gt: now } }] };
}
