export { findLearningRate, type LearningRateOptions, type LearningRateRange } from './find-learning-rate.js';
export type { Finding, FindingCode, Severity } from './finding.js';
export { Insight, type InsightOptions } from './insight.js';
export { type InspectOptions, inspect } from './inspect.js';
