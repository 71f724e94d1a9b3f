/** So many changes are made at once, at most: a bound for memory, not for speed. */
export const mostChanges = 1_000;
