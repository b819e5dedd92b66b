// The models in Node. tfjs-layers and cnn-node take the same words; `layers` is either's.
export const inputShapes = { deep: [32, 32, 3] };

export function makeLayers(layers, model) {
  const inputShape = inputShapes[model] ?? [28, 28];
  const convolutions = () =>
    [32, 64, 128].flatMap((filters, i) => [
      ...[0, 1].flatMap((j) => [
        layers.conv2d({
          ...{ filters, kernelSize: 3, padding: 'same', useBias: false },
          ...(i + j === 0 && { inputShape }),
        }),
        layers.batchNormalization({ momentum: 0.9 }),
        layers.activation({ activation: 'relu' }),
      ]),
      i < 2 ? layers.maxPooling2d({ poolSize: 2 }) : layers.globalAveragePooling2d({}),
    ]);
  const dense = (units) => layers.dense({ units, activation: 'relu' });
  const digits = {
    softmax: () => [layers.flatten({ inputShape })],
    mlp: () => [
      ...[layers.flatten({ inputShape }), dense(512), layers.dropout({ rate: 0.2 })],
      ...[dense(512), layers.dropout({ rate: 0.2 })],
    ],
    wide: () => [layers.flatten({ inputShape }), dense(2048), dense(2048)],
    cnn: () => [
      layers.reshape({ inputShape, targetShape: [28, 28, 1] }),
      layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dropout({ rate: 0.5 }),
    ],
    deep: convolutions,
  };
  return [...digits[model](), layers.dense({ units: 10, activation: 'softmax' })];
}
