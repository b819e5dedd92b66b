/** The formats of a folder of images; `auto` takes IDX where all four files are there, else CSV. */
export type ImageFormat = 'auto' | 'idx' | 'csv';

export const IMAGE_FORMATS: readonly ImageFormat[] = ['auto', 'idx', 'csv'];
