/** The largest number of changes per call of the client. It bounds memory; speed does not depend on it. */
export const batchSize = 1_000;
