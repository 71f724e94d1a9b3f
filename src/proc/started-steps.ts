/**
 * The steps of a generator, the first of which is made immediately: a file that cannot be read fails before anything is
 * printed. A caller that ends its loop early finishes the generator, which closes its files.
 */
export function startSteps<Step>(steps: Generator<Step>): Iterable<Step> {
  const first = steps.next();
  function* started(): Generator<Step> {
    try {
      for (let next = first; !next.done; next = steps.next()) yield next.value;
    } finally {
      steps.return(undefined);
    }
  }
  return started();
}
