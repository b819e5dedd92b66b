/** How every model of the command line is trained and scored: labels against probabilities of classes. */
export const classification = {
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
} as const;
