/**
 * One valid call or more of every TensorFlow op that this package uses: recorded from these calls of tfjs and of
 * `nativeOp`, so that the mutations of invalid-ops.test.ts start from what kernels really pass.
 */
import { AttrType, type OpAttr } from '../../../src/runtime/attributes.js';
import type { Binding } from '../../../src/runtime/binding.js';
import { DType } from '../../../src/runtime/capi.js';
import { native } from '../../../src/runtime/native.js';
import { nativeOp } from '../../../src/runtime/op.js';
import { Variable } from '../../../src/runtime/variable.js';
import * as tf from '../../../src/tf.js';

/** A tensor to make: small int32 tensors keep their values, since these are axes, shapes and indices. */
export interface InputSpec {
  dtype: number;
  shape: number[];
  values?: number[];
}

export interface OpCall {
  name: string;
  attrs: OpAttr[];
  inputs: InputSpec[];
  outputs: number;
}

const KEPT_VALUES = 8;

/** Runs the calls below and records every op that they execute, each signature once. */
export function recordCorpus(binding: Binding): OpCall[] {
  const calls = new Map<string, OpCall>();
  const execute = binding.executeOp;
  binding.executeOp = (name, attrs, inputIds, outputs) => {
    const inputs = inputIds.map((id): InputSpec => {
      const { dtype, shape } = binding.handles.get(id);
      const isSmall = dtype === DType.int32 && shape.reduce((a, b) => a * b, 1) <= KEPT_VALUES;
      const values = isSmall ? Array.from(binding.tensorDataSync(id) as Int32Array) : undefined;
      return { dtype, shape, values };
    });
    const call: OpCall = { name, attrs: [...attrs], inputs, outputs };
    calls.set(JSON.stringify(call), call);
    return execute.call(binding, name, attrs, inputIds, outputs);
  };
  try {
    tf.tidy(() => {
      for (const run of [...elementwise(), ...shapes(), ...images(), ...others(), ...fused(binding)]) run();
    });
  } finally {
    binding.executeOp = execute;
  }
  return [...calls.values()];
}

type Call = () => unknown;

const none: [number, number] = [0, 0];
const before: [number, number] = [1, 0];
const after: [number, number] = [0, 1];

const matrix = () => tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
const image = (channels = 2) => tf.ones([1, 4, 4, channels]) as tf.Tensor4D;
const volume = () => tf.ones([1, 3, 3, 3, 2]) as tf.Tensor5D;
const whole = () => tf.tensor1d([3, 1, 2], 'int32');
const truth = () => tf.tensor1d([1, 0, 1], 'bool');
const gradient = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor) => tf.grad(f)(x);

function elementwise(): Call[] {
  const unary = [
    ...[tf.abs, tf.acos, tf.acosh, tf.asin, tf.asinh, tf.atan, tf.atanh, tf.ceil, tf.cos, tf.cosh, tf.elu],
    ...[tf.erf, tf.exp, tf.expm1, tf.floor, tf.isFinite, tf.isInf, tf.isNaN, tf.leakyRelu, tf.log, tf.log1p],
    ...[tf.neg, tf.reciprocal, tf.relu, tf.relu6, tf.round, tf.rsqrt, tf.selu, tf.sigmoid, tf.sign, tf.sin],
    ...[tf.sinh, tf.softplus, tf.sqrt, tf.square, tf.tan, tf.tanh, tf.onesLike, tf.zerosLike, tf.step],
  ];
  const binary = [
    ...[tf.add, tf.sub, tf.mul, tf.div, tf.floorDiv, tf.mod, tf.pow, tf.maximum, tf.minimum, tf.atan2],
    ...[tf.squaredDifference, tf.equal, tf.notEqual, tf.less, tf.lessEqual, tf.greater, tf.greaterEqual],
  ];
  return [
    ...unary.map((op) => () => (op as (x: tf.Tensor) => tf.Tensor)(matrix())),
    ...binary.map((op) => () => op(matrix(), tf.tensor1d([1, 2, 3]))),
    ...[tf.abs, tf.neg, tf.sign, tf.square, tf.relu].map((op) => () => op(whole())),
    ...[tf.add, tf.mul, tf.maximum, tf.less].map((op) => () => op(whole(), whole())),
    ...[tf.elu, tf.relu, tf.tanh, tf.sigmoid, tf.softplus].map((op) => () => gradient(op, matrix())),
    () => tf.logicalAnd(truth(), truth()).logicalOr(truth()).logicalNot(),
    () => tf.where(truth(), whole(), whole()),
    () => tf.prelu(matrix(), tf.tensor2d([[0.1]])),
    () => tf.cast(matrix(), 'int32').cast('bool').cast('float32'),
    () => tf.complex(matrix(), matrix()).abs(),
    () => tf.real(tf.complex(matrix(), matrix())).add(tf.imag(tf.complex(matrix(), matrix()))),
    () => tf.addN([matrix(), matrix()]),
  ];
}

function shapes(): Call[] {
  return [
    ...[tf.sum, tf.mean, tf.max, tf.min, tf.prod, tf.argMax, tf.argMin].map((op) => () => op(matrix(), 1)),
    ...[tf.any, tf.all].map((op) => () => op(truth())),
    () => tf.cumsum(matrix(), 1).cumprod(0),
    () => tf.softmax(matrix()),
    () => tf.concat([matrix(), matrix()], 1).slice([0, 1], [1, 2]).tile([2, 2]).reverse(0),
    () => tf.unstack(tf.stack([whole(), whole()])),
    () => tf.split(matrix(), [1, 2], 1),
    () => tf.pad(matrix(), [before, after]).transpose().reshape([6, 2]).expandDims(0).squeeze(),
    () => tf.mirrorPad(matrix(), [before, after], 'reflect'),
    () => tf.stridedSlice(matrix(), [0, 0], [2, 3], [1, 2]),
    () => tf.gather(matrix(), [1, 0], 1),
    () => tf.gatherND(matrix(), tf.tensor2d([0, 1], [1, 2], 'int32')),
    () => tf.scatterND(tf.tensor2d([1, 2], [2, 1], 'int32'), tf.tensor1d([1, 2]), [4]),
    () => tf.tensorScatterUpdate(tf.zeros([4]), tf.tensor2d([1, 2], [2, 1], 'int32'), tf.tensor1d([1, 2])),
    () => tf.sparseToDense(tf.tensor1d([1, 2], 'int32'), tf.tensor1d([1, 2]), [4], 0),
    () => tf.unsortedSegmentSum(matrix(), tf.tensor1d([0, 1], 'int32'), 2),
    () => tf.batchToSpaceND(tf.spaceToBatchND(image(), [2, 2], [none, none]), [2, 2], [none, none]),
    () => tf.depthToSpace(image(4), 2),
    () => tf.broadcastArgs([1, 3], [2, 1]),
    () => tf.oneHot(whole(), 4),
    () => tf.topk(matrix(), 2),
    () => tf.unique(whole()),
    () => tf.fill([2, 2], 3),
    () => tf.range(0, 5).add(tf.linspace(0, 1, 5)),
    () => tf.diag(whole()),
    () => tf.bincount(whole(), [] as unknown as tf.Tensor1D, 4),
  ];
}

function images(): Call[] {
  const filter = tf.ones([2, 2, 2, 3]) as tf.Tensor4D;
  const filter3d = tf.ones([2, 2, 2, 2, 3]) as tf.Tensor5D;
  const boxes = () => tf.tensor2d([0, 0, 1, 1, 0, 0, 0.5, 0.5], [2, 4]);
  const scores = () => tf.tensor1d([0.9, 0.8]);
  const spatial: ((x: tf.Tensor4D) => tf.Tensor)[] = [
    (x) => tf.conv2d(x, filter, 1, 'same'),
    (x) => tf.depthwiseConv2d(x, filter, 1, 'valid'),
    (x) => tf.maxPool(x, 2, 2, 'valid'),
    (x) => tf.avgPool(x, 2, 1, 'same'),
    (x) => tf.localResponseNormalization(x),
    (x) => tf.image.resizeBilinear(x, [3, 5]),
    (x) => tf.image.resizeNearestNeighbor(x, [3, 5]),
    (x) => tf.dilation2d(x, tf.ones([2, 2, 2]) as tf.Tensor3D, 1, 'same'),
  ];
  const spatial3d: ((x: tf.Tensor5D) => tf.Tensor)[] = [
    (x) => tf.conv3d(x, filter3d, 1, 'same'),
    (x) => tf.maxPool3d(x, 2, 1, 'valid'),
    (x) => tf.avgPool3d(x, 2, 1, 'same'),
  ];
  return [
    ...spatial.map((op) => () => gradient((x) => op(x as tf.Tensor4D), image())),
    ...spatial3d.map((op) => () => gradient((x) => op(x as tf.Tensor5D), volume())),
    () => tf.grad((f) => tf.conv2d(image(), f as tf.Tensor4D, 1, 'same'))(filter),
    () => tf.grad((f) => tf.conv3d(volume(), f as tf.Tensor5D, 1, 'same'))(filter3d),
    () => tf.grad((f) => tf.depthwiseConv2d(image(), f as tf.Tensor4D, 1, 'same'))(filter),
    () => tf.grad((f) => tf.dilation2d(image(), f as tf.Tensor3D, 1, 'same'))(tf.ones([2, 2, 2])),
    () => tf.conv2d(image(), filter, 1, [none, before, after, none]),
    () => tf.batchNorm(image(), tf.zeros([2]), tf.ones([2])),
    () => tf.image.cropAndResize(image(), boxes(), tf.tensor1d([0, 0], 'int32'), [2, 2]),
    () => tf.image.nonMaxSuppression(boxes(), scores(), 2),
    () => tf.image.nonMaxSuppressionPadded(boxes(), scores(), 2),
    () => tf.image.nonMaxSuppressionWithScore(boxes(), scores(), 2),
  ];
}

function others(): Call[] {
  return [
    () => tf.matMul(matrix(), matrix(), false, true),
    () => tf.einsum('ij,kj->ik', matrix(), matrix()),
    () => tf.spectral.ifft(tf.spectral.fft(tf.complex(tf.ones([4]), tf.ones([4])))),
    () => tf.multinomial(matrix(), 3, 7),
    () => tf.tensor1d(['a', 'long enough for the heap of strings']).reshape([2, 1]).tile([1, 2]),
    () => tf.string.staticRegexReplace(tf.tensor1d(['ab', 'cb']), 'b', 'd'),
  ];
}

/** Ops of the runtime, layers, losses and optimizers, which tfjs-node's kernels do not have. */
function fused(binding: Binding): Call[] {
  const labels = () => tf.tensor1d([0, 2], 'int32');
  const scale = () => tf.ones([2]);
  const seed = () => tf.tensor1d([1, 2], 'int32');
  /** An op that changes variables: their resources come first, then scalars, the gradient, and scalars. */
  const update =
    (name: string, count: number, before: number, after = 0) =>
    () => {
      const variables = Array.from({ length: count }, () => new Variable(scale()));
      const scalars = (length: number) => Array.from({ length }, () => tf.scalar(0.5));
      const tensors = [...scalars(before), scale(), ...scalars(after)];
      const ids = [...variables.map((v) => v.resource!), ...native()!.backend.getInputTensorIds(tensors)];
      binding.executeOp(name, [{ name: 'T', type: AttrType.type, value: DType.float32 }], ids, 0);
      for (const variable of variables) variable.dispose();
    };
  return [
    () => nativeOp('SoftmaxCrossEntropyWithLogits', [matrix(), matrix()], {}, 2),
    () => nativeOp('SparseSoftmaxCrossEntropyWithLogits', [matrix(), labels()], {}, 2),
    () => nativeOp('BiasAdd', [matrix(), tf.ones([3])]),
    () => nativeOp('BiasAddGrad', [matrix()]),
    () => nativeOp('ReluGrad', [matrix(), matrix()]),
    () => nativeOp('L2Loss', [matrix()]),
    () => nativeOp('InTopKV2', [matrix(), labels(), tf.scalar(1, 'int32')]),
    () => nativeOp('SelectV2', [truth(), whole(), whole()]),
    () =>
      nativeOp('FusedBatchNormV3', [image(), scale(), scale(), scale(), scale()], { is_training: false }, 6),
    () => {
      const forward = nativeOp(
        'FusedBatchNormV3',
        [image(), scale(), scale(), tf.tensor([]), tf.tensor([])],
        {},
        6,
      );
      nativeOp('FusedBatchNormGradV3', [image(), image(), scale(), ...forward.slice(3)], {}, 5);
    },
    () => nativeOp('StatelessRandomUniform', [tf.tensor1d([2, 3], 'int32'), seed()], { dtype: 'float32' }),
    () => nativeOp('StatelessTruncatedNormal', [tf.tensor1d([2, 3], 'int32'), seed()], { dtype: 'float32' }),
    () => nativeOp('StatelessRandomNormal', [tf.tensor1d([2, 3], 'int32'), seed()], { dtype: 'float32' }),
    update('ResourceApplyGradientDescent', 1, 1),
    update('ResourceApplyKerasMomentum', 2, 1, 1),
    update('ResourceApplyAdam', 3, 6),
    update('ResourceApplyRMSProp', 3, 4),
    update('ResourceApplyCenteredRMSProp', 4, 4),
    update('ResourceApplyAdagradV2', 2, 2),
    update('ResourceApplyAdadelta', 3, 3),
    () => {
      const variable = new Variable(scale());
      variable.assignAdd(scale());
      variable.assignSub(variable.read());
      variable.dispose();
    },
  ];
}
