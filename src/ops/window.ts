/** Whether windows stay within the input, or the input is filled with zeros so that strides of 1 keep its size. */
export type Padding = 'valid' | 'same';

/** A window along one axis. */
export interface Window {
  readonly size: number;
  readonly stride: number;
  readonly dilation?: number;
}

/** Number of places of a window along an axis; null where the axis is not known. */
export function placesOf(extent: number | null, window: Window, padding: Padding) {
  if (extent === null) return null;
  if (padding === 'same') return Math.ceil(extent / window.stride);
  return Math.max(0, Math.floor((extent - reachOf(1, window)) / window.stride) + 1);
}

/** How far along an axis the given number of places reach, the first of them at its start: windows that stay within. */
export function reachOf(places: number, { size, stride, dilation = 1 }: Window): number {
  return (places - 1) * stride + (size - 1) * dilation + 1;
}

/** Zeros before and after an axis for `padding: 'same'`: as evenly as can be, the odd one after. */
export function zerosAround(extent: number, window: Window): [number, number] {
  const total = Math.max(0, reachOf(Math.ceil(extent / window.stride), window) - extent);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}
