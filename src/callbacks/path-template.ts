import { unknownName } from '../suggest.js';

/**
 * Fills the places of a path, written as in Python: `{epoch}`, `{epoch:02d}` (at least two digits), `{val_loss:.4f}`
 * (four decimals).
 *
 * @throws CnnError UNKNOWN_NAME for a place that there is no value for
 */
export function fillTemplate(template: string, values: Readonly<Record<string, number>>): string {
  return template.replace(
    /\{(\w+)(?::0?(\d+)d|:\.(\d+)f)?\}/g,
    (_, name: string, digits?: string, decimals?: string) => {
      const value = values[name];
      if (value === undefined) throw unknownName('place in a path', name, Object.keys(values));
      if (decimals !== undefined) return value.toFixed(Number(decimals));
      return String(value).padStart(Number(digits ?? 0), '0');
    },
  );
}
