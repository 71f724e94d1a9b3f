/** Bytes by which the process may grow before garbage is collected. */
const largestGrowth = 4 << 20;
/** Calls between two looks at the size of the process. A look takes as long as a small piece of work. */
const callsPerLook = 64;

/**
 * A function to call after each piece of work that makes much garbage. Runtimes let garbage grow to several times the memory
 * in use, which is too much for a program that runs for weeks on a director.
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
