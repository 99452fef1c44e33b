/**
 * What is at hand, or will be. A value goes on at once: a promise, even one that is settled, would make a turn of the event loop and
 * garbage of every step that follows.
 */
export type MaybePromise<T> = T | Promise<T>;

/** Goes on with a value, now or when it is there. What `next` throws is thrown, or rejects. */
export function andThen<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** All of them, in their order: at once if all are at hand. Rejects with the first that does. */
export function all<T>(values: readonly MaybePromise<T>[]): MaybePromise<T[]> {
  return values.some((value) => value instanceof Promise) ? Promise.all(values) : (values as T[]); // None of them is a promise.
}

/**
 * What becomes of each, in their order. What `next` throws for one rejects, so that what was begun for others is still waited for: a promise that nobody
 * looks at ends the process if it is rejected.
 */
export function allOf<T, R>(items: readonly T[], next: (item: T, index: number) => MaybePromise<R>): MaybePromise<R[]> {
  return all(
    items.map((item, index) => {
      try {
        return next(item, index);
      } catch (error) {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- it is what was thrown
        return Promise.reject<R>(error);
      }
    }),
  );
}

/** Two of different kinds. */
export function both<A, B>(a: MaybePromise<A>, b: MaybePromise<B>): MaybePromise<[A, B]> {
  return a instanceof Promise || b instanceof Promise ? Promise.all([a, b]) : [a, b];
}
