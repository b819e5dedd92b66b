export type { Finding, FindingCode, Severity } from './finding.js';
export { type InspectOptions, inspect } from './inspect.js';
