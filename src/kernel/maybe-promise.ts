/**
 * What is at hand, or will be. A value goes on at once: a promise, even one that is settled, would make a turn of the event loop and
 * garbage of every step that follows.
 */
export type MaybePromise<T> = T | Promise<T>;

/** Goes on with a value, now or when it is there. What `next` throws is thrown, or rejects. */
export function andThen<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/**
 * What becomes of each, in their order; at once if all of it is at hand. What `next` throws for one rejects, so that what was begun for others
 * is still waited for: a promise that nobody looks at ends the process if it is rejected.
 */
export function allOf<T, R>(items: readonly T[], next: (item: T, index: number) => MaybePromise<R>): MaybePromise<R[]> {
  const values = items.map((item, index) => attempt(() => next(item, index)));
  return values.some((value) => value instanceof Promise) ? Promise.all(values) : (values as R[]); // None of them is a promise.
}

/** The same of two of different kinds. */
export function bothOf<A, B>(first: () => MaybePromise<A>, second: () => MaybePromise<B>): MaybePromise<[A, B]> {
  const [a, b] = [attempt(first), attempt(second)];
  return a instanceof Promise || b instanceof Promise ? Promise.all([a, b]) : [a, b];
}

function attempt<T>(make: () => MaybePromise<T>): MaybePromise<T> {
  try {
    return make();
  } catch (error) {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- it is what was thrown
    return Promise.reject<T>(error);
  }
}
