/** Bytes by which the process may grow before garbage is collected. */
const largestGrowth = 8 << 20;
/** Calls for each look at the size of the process, which takes as long as a small piece of work. */
const callsPerLook = 64;

/**
 * A function for work that makes much garbage, to be called after each piece of it. Runtimes let garbage grow to several
 * times of what is in use, which a program must not do that runs for weeks beside a company's traffic.
 */
export function memoryKeeper(residentSize: () => number, collectGarbage: () => void): () => void {
  let calls = 0;
  let limit = residentSize() + largestGrowth;
  return () => {
    if (++calls % callsPerLook !== 0 || residentSize() < limit) return;
    collectGarbage();
    limit = residentSize() + largestGrowth;
  };
}
