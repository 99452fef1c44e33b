/** It was not there in time. */
export const LATE = Symbol("late");

/** What was promised, or that it takes longer. */
export async function within<T>(limitMs: number, promised: Promise<T>): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => (timer = setTimeout(() => resolve(LATE), limitMs)));
  try {
    return await Promise.race([promised, late]);
  } finally {
    clearTimeout(timer);
  }
}
