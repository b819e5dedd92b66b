// jit compiles any function of tensors into one native call, as tf.function does in Python.
import { jit, ready, tf } from 'cnn-node';

await ready();

let traced = 0;
const step = jit((x, v) => {
  traced++; // JavaScript runs only while a new signature is traced
  const unit = v.div(v.square().sum().sqrt());
  return x.mul(unit).sum(1); // the matrix times the vector
});

// Power iteration: the largest eigenvalue of a symmetric matrix.
const matrix = tf.tensor2d([
  [4, 1, 0],
  [1, 3, 1],
  [0, 1, 2],
]);
let v = tf.ones([3]);
for (let i = 0; i < 50; i++) {
  const next = step(matrix, v);
  v.dispose();
  v = next;
}
console.log(`largest eigenvalue ${v.norm().dataSync()[0].toFixed(4)}, traced ${traced} time`);

// The traced program can be read.
console.log(String(step.trace(matrix, v)));

// A value cannot be read while tracing: it does not exist yet.
const bad = jit((x) => x.mul(x.dataSync()[0]));
try {
  bad(matrix);
} catch (error) {
  console.log(error.code);
}
step.dispose();

// Output:
//
// largest eigenvalue 4.7321, traced 1 time
// %0: float32[3,3] = Argument()
// %1: float32[3] = Argument()
// %2: float32[3] = Square(%1) {T=1}
// %3: int32[1] = Const()
// %4: float32[] = Sum(%2, %3) {keep_dims=false, T=1, Tidx=3}
// %5: float32[] = Sqrt(%4) {T=1}
// %6: float32[3] = RealDiv(%1, %5) {T=1}
// %7: float32[3,3] = Mul(%0, %6) {T=1}
// %8: int32[1] = Const()
// %9: float32[3] = Sum(%7, %8) {keep_dims=false, T=1, Tidx=3}
// TRACE_READ
