/** The changes that are made at once, at most: a bound for memory, not for speed. */
export const batchSize = 1_000;
