/** So many changes may wait for the kernel's answer before more lines are read: a bound for memory, not for speed. */
export const mostInFlight = 1_000;
