// A multilayer perceptron on MNIST: two hidden layers of 512 units, with dropout.
import { datasets, layers, Sequential, setRandomSeed } from 'cnn-node';

setRandomSeed(1);
const { train, validation, test } = await datasets.mnist.load();
const model = new Sequential([
  layers.flatten({ inputShape: [28, 28] }),
  layers.dense({ units: 512, activation: 'relu' }),
  layers.dropout({ rate: 0.2 }),
  layers.dense({ units: 512, activation: 'relu' }),
  layers.dropout({ rate: 0.2 }),
  layers.dense({ units: 10, activation: 'softmax' }),
]);
model.summary({ print: console.log });
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });

const { history } = await model.fit(train, {
  batchSize: 128,
  epochs: 10,
  validationData: validation,
  verbose: 0,
});
for (let i = 0; i < 10; i++) {
  const [loss, accuracy, valLoss, valAccuracy] = ['loss', 'accuracy', 'val_loss', 'val_accuracy'].map(
    (name) => history[name][i].toFixed(4),
  );
  console.log(`Epoch ${i + 1}: loss ${loss}, accuracy ${accuracy}; validation ${valLoss}, ${valAccuracy}`);
}
const { loss, accuracy } = await model.evaluate(test, { verbose: 0 });
console.log(`Test score: ${loss.toFixed(4)}`);
console.log(`Test accuracy: ${accuracy.toFixed(4)}`);
model.dispose();

// Output:
//
// Model: "sequential"
// ┌─────────────────────┬──────────────┬─────────┐
// │ Layer (type)        │ Output Shape │ Param # │
// ├─────────────────────┼──────────────┼─────────┤
// │ flatten (Flatten)   │ [null, 784]  │       0 │
// │ dense (Dense)       │ [null, 512]  │ 401,920 │
// │ dropout (Dropout)   │ [null, 512]  │       0 │
// │ dense_1 (Dense)     │ [null, 512]  │ 262,656 │
// │ dropout_1 (Dropout) │ [null, 512]  │       0 │
// │ dense_2 (Dense)     │ [null, 10]   │   5,130 │
// └─────────────────────┴──────────────┴─────────┘
//  Total params: 669,706 (2.55 MB)
//  Trainable params: 669,706 (2.55 MB)
//  Non-trainable params: 0 (0.00 B)
// Epoch 1: loss 0.2603, accuracy 0.9217; validation 0.0891, 0.9740
// Epoch 2: loss 0.1053, accuracy 0.9688; validation 0.0737, 0.9776
// Epoch 3: loss 0.0778, accuracy 0.9754; validation 0.0680, 0.9800
// Epoch 4: loss 0.0558, accuracy 0.9821; validation 0.0700, 0.9786
// Epoch 5: loss 0.0454, accuracy 0.9859; validation 0.0658, 0.9816
// Epoch 6: loss 0.0407, accuracy 0.9870; validation 0.0617, 0.9826
// Epoch 7: loss 0.0343, accuracy 0.9886; validation 0.0655, 0.9842
// Epoch 8: loss 0.0311, accuracy 0.9899; validation 0.0714, 0.9818
// Epoch 9: loss 0.0263, accuracy 0.9915; validation 0.0735, 0.9836
// Epoch 10: loss 0.0261, accuracy 0.9910; validation 0.0737, 0.9808
// Test score: 0.0697
// Test accuracy: 0.9823
