/** The formats of a folder of images; `auto` takes IDX where all four files are there, else CSV. */
export const IMAGE_FORMATS = ['auto', 'idx', 'csv'] as const;

/** One of `auto`, `idx` and `csv`. */
export type ImageFormat = (typeof IMAGE_FORMATS)[number];
