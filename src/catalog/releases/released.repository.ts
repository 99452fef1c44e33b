/** Keeps rows that belong to releases. */
export interface ReleasedRepository {
  /** Whether all of this release is in memory: then everything is answered at once, and keys may as well be asked for one by one. Absent = never. */
  isAtHand?(release: number): boolean;
}
