// Flatten makes one row of a picture: 32 rows of 32 pixels of 3 colours are 3,072 numbers.
import { layers, ready, Sequential, tf } from 'cnn-node';

await ready();
const model = new Sequential([layers.flatten({ inputShape: [32, 32, 3] })]);
console.log(model.inputShape, '->', model.outputShape);

const pictures = tf.zeros([8, 32, 32, 3]);
const rows = await model.predict(pictures);
console.log(rows.shape);

// Output:
//
// [ null, 32, 32, 3 ] -> [ null, 3072 ]
// [ 8, 3072 ]
