/**
 * SQL: the key in `column` is within reach, for statements with the keys within reach, or null for all, as `parameter`. It stands
 * beside what a statement looks rows up by, so that it only ever passes over rows that were found.
 */
export function inReach(column: string, parameter: `$${number}`): string {
  return `(${parameter}::text[] is null or ${column} = any(${parameter}))`;
}
