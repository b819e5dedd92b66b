// How numbers read in the command line's messages.

/** `55,000` */
export function count(n: number): string {
  return n.toLocaleString('en-US');
}

/** `0.4 s`, `15 s`, `2 min 5 s` */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `1 epoch`, `3 epochs` */
export function plural(n: number, word: string): string {
  return `${count(n)} ${word}${n === 1 ? '' : 's'}`;
}
