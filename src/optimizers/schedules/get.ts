import { resolve, type Serialized } from '../../registry.js';
import { classes } from './index.js';
import { LearningRateSchedule } from './learning-rate-schedule.js';

/** @throws CnnError UNKNOWN_NAME, INVALID_ARGUMENT */
export function getSchedule(identifier: LearningRateSchedule | Serialized): LearningRateSchedule {
  return resolve('learning-rate schedule', LearningRateSchedule, classes, identifier);
}
