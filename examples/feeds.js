// Placeholders: values that each run is given.
import { Graph, Session } from 'cnn-node';

const graph = new Graph();
const x = graph.placeholder({ name: 'x', shape: [null, 2] }); // as many rows as you like
const factor = graph.placeholder({ name: 'factor', dtype: 'int32', shape: [] });
const scaled = x.mul(factor).reduceSum(1);

const session = new Session(graph);
console.log((await session.run(scaled, { x: [[1, 2]], factor: 10 })).toArray());
console.log(
  (
    await session.run(scaled, {
      x: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      factor: 2,
    })
  ).toArray(),
);

// What does not fit is refused, by the placeholder's name.
for (const feeds of [{ x: [[1, 2]] }, { x: [[1, 2]], factor: 0.5 }, { x: [1, 2], factor: 1 }, { y: 0 }]) {
  await session.run(scaled, feeds).catch((error) => console.log(`${error.code}: ${error.message}`));
}
await session.close();

// Output:
//
// [ 30 ]
// [ 6, 14, 22 ]
// MISSING_FEED: placeholder "factor" was not fed. Give it a value: session.run(fetches, { factor: ... }).
// DTYPE_MISMATCH: placeholder "factor" cannot take such values: expected whole numbers (int32), received number 0.5.
// SHAPE_MISMATCH: placeholder "x" cannot take values of this shape: expected [null, 2], received [2].
// UNKNOWN_NAME: unknown placeholder "y". Known: x, factor.
