/** It was not there in time. */
export const LATE = Symbol("late");

/** What was promised, or that it takes longer. */
export function within<T>(limitMs: number, promised: Promise<T>): Promise<T | typeof LATE> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, limitMs, LATE);
    promised.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- it is what was promised
        reject(error);
      },
    );
  });
}
