/** The one place that reads the time. Rules take an instant; whoever calls them asks a clock. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
