import type { Detector } from '../detector.js';
import { chanceLevel } from './chance-level.js';
import { classImbalance } from './class-imbalance.js';
import { confidentMistakes } from './confident-mistakes.js';
import { deadUnits } from './dead-units.js';
import { dropout } from './dropout.js';
import { duplicateSamples } from './duplicate-samples.js';
import { explodingGradients } from './exploding-gradients.js';
import { initialScale } from './initial-scale.js';
import { inputScale } from './input-scale.js';
import { labelLeak } from './label-leak.js';
import { learningRateHigh } from './learning-rate-high.js';
import { learningRateLow } from './learning-rate-low.js';
import { overfitting } from './overfitting.js';
import { saturatedUnits } from './saturated-units.js';
import { symmetricWeights } from './symmetric-weights.js';
import { vanishingGradients } from './vanishing-gradients.js';

/** Every detector, in the order in which findings are told: causes before what follows from them. */
export const detectors: readonly Detector[] = [
  inputScale,
  duplicateSamples,
  labelLeak,
  classImbalance,
  symmetricWeights,
  initialScale,
  dropout,
  deadUnits,
  saturatedUnits,
  explodingGradients,
  vanishingGradients,
  learningRateHigh,
  learningRateLow,
  confidentMistakes,
  chanceLevel,
  overfitting,
];
