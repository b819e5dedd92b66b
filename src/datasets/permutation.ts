/**
 * A seeded source of 32-bit numbers: sfc32 (Chris Doty-Humphrey's Small Fast Counting generator, which passes
 * PractRand and BigCrush), started from the two halves of the seed and a stream number.
 */
function sfc32(seed: number, stream: number): () => number {
  let a = seed >>> 0;
  let b = Math.floor(seed / 2 ** 32) >>> 0;
  let c = stream >>> 0;
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  // Its author's number of rounds until neighbouring seeds have nothing in common.
  for (let i = 0; i < 12; i++) next();
  return next;
}

/**
 * The numbers 0 to n - 1 in a random order: Fisher-Yates over a generator that depends on `seed` and `epoch` alone,
 * so that any epoch's order can be had again without the ones before it.
 *
 * @param n number of rows, up to 2^32 - 1
 * @param seed any safe integer
 * @param epoch 0, 1, 2 ...; each has its own order
 * @example permutation(4, 7, 0); // Uint32Array, the same at every call
 */
export function permutation(n: number, seed: number, epoch = 0): Uint32Array {
  const random = sfc32(seed, epoch);
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  for (let i = n - 1; i > 0; i--) {
    // Scaling a 32-bit number prefers some positions by at most one part in 2^32 / n: nothing at these sizes.
    const j = Math.floor((random() / 2 ** 32) * (i + 1));
    const swapped = order[i]!;
    order[i] = order[j]!;
    order[j] = swapped;
  }
  return order;
}
