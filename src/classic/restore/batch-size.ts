/** The largest number of changes per batch. It bounds memory; speed does not depend on it. */
export const batchSize = 1_000;
