// A graph describes a computation; a session computes it.
import { Graph, Session } from 'cnn-node';

const graph = new Graph();
const scalar = graph.constant(3, { name: 'scalar' });
const vector = graph.constant([1, 2, 3], { name: 'vector' });
const matrix = graph.constant(
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  { name: 'matrix' },
);
const product = matrix.mul(vector).named('product');
const rowSums = product.reduceSum(1).named('rowSums');

// Nodes know their types and shapes, but hold no values.
console.log(String(product));
console.log(String(rowSums));

// One run computes all that is asked for, in one native call.
const session = new Session(graph);
const values = await session.run({ product, rowSums, total: product.reduceSum(), more: scalar.add(0.5) });
console.log(values.product.toArray());
console.log(values.rowSums.toArray());
console.log(values.total, values.more);

await session.close();
await session.run(scalar).catch((error) => console.log(`${error.code}: ${error.message}`));

// Output:
//
// product: float32 [2, 3] = mul(matrix, vector)
// rowSums: float32 [2] = reduceSum(product)
// [ [ 1, 4, 9 ], [ 4, 10, 18 ] ]
// [ 14, 32 ]
// 46 3.5
// DISPOSED: the session is closed. Make a new one: new Session(graph).
