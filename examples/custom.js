// A layer, a loss and a callback of your own.
import { Callback, initializers, Layer, optimizers, Sequential, setRandomSeed, tf } from 'cnn-node';

setRandomSeed(3);

/** y = a x^2 + b x + c, elementwise: learns three numbers. */
class Parabola extends Layer {
  static className = 'Parabola';

  build() {
    const initializer = initializers.zeros();
    this.terms = this.addWeight({ name: 'terms', shape: [3], initializer });
  }

  call(x) {
    const [a, b, c] = tf.unstack(this.terms.read());
    return x.square().mul(a).add(x.mul(b)).add(c);
  }

  computeOutputShape(shape) {
    return shape;
  }
}

/** Errors count as themselves, not squared: outliers pull less. */
const absoluteError = (yTrue, yPred) => yTrue.sub(yPred).abs().mean(-1);

class EveryTenth extends Callback {
  onEpochEnd(epoch, { loss }) {
    if ((epoch + 1) % 10 === 0) console.log(`epoch ${epoch + 1}: loss ${loss.toFixed(3)}`);
  }
}

const x = Array.from({ length: 200 }, (_, i) => [i / 50 - 2]);
const y = x.map(([value], i) => [0.5 * value ** 2 - value + 2 + (i % 20 === 0 ? 10 : 0)]); // with outliers
const model = new Sequential([new Parabola({ inputShape: [1] })]);
model.compile({ optimizer: optimizers.adam({ learningRate: 0.05 }), loss: absoluteError });
await model.fit(x, y, { epochs: 40, batchSize: 20, verbose: 0, callbacks: [new EveryTenth()] });
console.log('a, b, c =', [...model.getWeights()[0].data].map((value) => value.toFixed(1)).join(', '));
model.dispose();

// Output:
//
// epoch 10: loss 0.517
// epoch 20: loss 0.512
// epoch 30: loss 0.516
// epoch 40: loss 0.516
// a, b, c = 0.5, -1.0, 2.0
