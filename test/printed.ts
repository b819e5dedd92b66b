import assert from 'node:assert/strict';

const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g;

/**
 * Checks what a program printed against what its documentation says: the same characters, but for numbers where it
 * trains; another processor rounds otherwise, and training makes more of it.
 */
export function assertPrinted(printed: string, said: string, { trains }: { trains: boolean }): void {
  if (!trains) assert.equal(printed, said);
  assert.equal(printed.replace(NUMBER, '#'), said.replace(NUMBER, '#'), printed);
  const expected = said.match(NUMBER) ?? [];
  for (const [i, number] of (printed.match(NUMBER) ?? []).entries()) {
    const wanted = Number(expected[i]);
    assert.ok(
      Math.abs(Number(number) - wanted) <= 0.02 + 0.1 * Math.abs(wanted),
      `${number}, not ${wanted}, in:\n${printed}`,
    );
  }
}

/** Whether a program trains something. */
export function trains(source: string): boolean {
  return /\.fit\(|minimize\(|cnn train|cnn evaluate|cnn inspect/.test(source);
}
