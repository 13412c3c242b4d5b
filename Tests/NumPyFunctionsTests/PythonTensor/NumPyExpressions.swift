// Expressions that must have one value, dtype and shape whether their variables are NumPy's arrays or
// tensors; see PythonOracle for the variables. Dtypes are left out where NumPy refuses them, where it
// has changed its mind between 1.x and 2.x, and for bits of whole numbers, which are no operation.

import NumPyFunctions

/// One expression, and for which dtypes of its variables it is tried.
struct NumPyExpression: Sendable, CustomStringConvertible {
  let text: String
  let dtypes: [DType]

  var description: String { text }

  static let every: [DType] = [.float32, .float64, .int64, .complex128, .bool, .int8, .uint8]
  static let real = every.filter { !$0.isComplex }
  static let numbers = every.filter { $0 != .bool }
  static let realNumbers = numbers.filter { !$0.isComplex }
  static let floating: [DType] = [.float32, .float64]
  static let onlyBool: [DType] = [.bool]
  static let butFloat32 = every.filter { $0 != .float32 }
  static let butUInt8 = every.filter { $0 != .uint8 }

  fileprivate static func table(_ rows: [([DType], [String])]) -> [NumPyExpression] {
    rows.flatMap { dtypes, texts in texts.map { NumPyExpression(text: $0, dtypes: dtypes) } }
  }
}

extension NumPyExpression {
  /// Operators, with tensors, arrays, NumPy scalars and Python numbers on either side.
  static let operators = table([
    (
      every,
      [
        "x + y",
        "x * y",
        "x / y",
        "x ** y",
        "x ** 0.5",
        "2 ** x",
        "x + 1",
        "1 + x",
        "x + 1.5",
        "1.5 - x",
        "x * 2",
        "2 * x",
        "x / 2",
        "2 / x",
        "x + 1j",
        "x + True",
        "x @ m",
        "v @ m",
        "x @ v",
        "v @ w",
        "a @ sq",
        "abs(x)",
        "x < y",
        "x <= y",
        "x == y",
        "x != y",
        "x > y",
        "x >= y",
        "x < 0.5",
        "0.5 < x",
        "x == 1",
        "3 >= x",
        "x + v",
        "x + row",
        "x * np.float32(2)",
        "np.float32(2) * x",
        "x + np.arange(3)",
        "np.arange(3) - x",
        #"x * np.ones(3, "float32")"#,
        "np.ones((2, 3)) / x",
        "np.ones((4, 2)) @ x",
        "x + [1, 2, 3]",
        "[1.0, 2.0, 3.0] + x",
        "x + np.True_",
        "np.float_power(x, 2)",
        #"np.ones_like(x, dtype="int32")"#,
        #"f"{s}" == f"{s}""#,
      ]
    ),
    (
      numbers,
      [
        "x - y",
        "x ** 2",
        "x ** 2.0",
        "-x",
        "+x",
      ]
    ),
    (
      real,
      [
        "x // y",
        "x % y",
        "divmod(x, y)",
        "x // 2",
        "7 // x",
        "x % 2",
      ]
    ),
    (
      onlyBool,
      [
        "x & y",
        "x | y",
        "x ^ y",
        "~x",
      ]
    ),
    (
      butFloat32,
      [
        "np.float64(2) * x"
      ]
    ),
    (
      butUInt8,
      [
        "x * np.int8(2)"
      ]
    ),
  ])
}

extension NumPyExpression {
  /// NumPy's functions, under all names that mean an operation of ours.
  static let functions = table([
    (
      every,
      [
        "np.add(x, y)",
        "np.subtract(x, 1)",
        "np.multiply(2, x)",
        "np.divide(x, y)",
        "np.true_divide(x, y)",
        "np.power(x, 2)",
        "np.absolute(x)",
        "np.abs(x)",
        "np.sqrt(x)",
        "np.square(x)",
        "np.reciprocal(x)",
        "np.exp(x)",
        "np.expm1(x)",
        "np.log(x)",
        "np.log2(x)",
        "np.log10(x)",
        "np.log1p(x)",
        "np.sin(x)",
        "np.cos(x)",
        "np.tan(x)",
        "np.arcsin(x)",
        "np.arccos(x)",
        "np.arctan(x)",
        "np.sinh(x)",
        "np.cosh(x)",
        "np.tanh(x)",
        "np.arcsinh(x)",
        "np.arccosh(x)",
        "np.arctanh(x)",
        "np.maximum(x, y)",
        "np.minimum(x, 0.5)",
        "np.greater(x, y)",
        "np.less(x, y)",
        "np.equal(x, y)",
        "np.not_equal(x, y)",
        "np.greater_equal(x, y)",
        "np.less_equal(x, y)",
        "np.logical_and(x, y)",
        "np.logical_or(x, y)",
        "np.logical_xor(x, y)",
        "np.logical_not(x)",
        "np.isnan(x)",
        "np.isinf(x)",
        "np.isfinite(x)",
        "np.matmul(x, m)",
        "np.add.reduce(x)",
        "np.add.reduce(x, axis=1, keepdims=True)",
        "np.multiply.reduce(x, axis=None)",
        "np.add.accumulate(x, axis=1)",
        "np.add.outer(v, w)",
        "np.multiply.outer(x, v)",
        "np.sum(x)",
        "np.sum(x, axis=0)",
        "np.sum(x, 1)",
        "np.sum(x, axis=(0, 1), keepdims=True)",
        #"np.sum(x, axis=-1, dtype="float64")"#,
        "np.mean(x)",
        "np.mean(x, axis=0)",
        "np.mean(x, axis=1, keepdims=True)",
        "np.prod(x)",
        "np.prod(x, axis=0)",
        "np.var(x)",
        "np.var(x, axis=0, ddof=1)",
        "np.std(x)",
        "np.std(x, axis=1, keepdims=True)",
        "np.any(x)",
        "np.all(x, axis=0)",
        "np.cumsum(x)",
        "np.cumsum(x, axis=1)",
        "np.count_nonzero(x)",
        "np.count_nonzero(x, axis=0)",
        "np.average(x)",
        "np.average(x, axis=0)",
        "np.average(x, weights=y)",
        "np.where(x > y, x, y)",
        "np.where(x > y, x, 0)",
        "np.where(x > y, 1.0, x)",
        "np.where(x > y, 1.0, 2.0)",
        "np.where(x > y)",
        "np.where(np.array([True, False, True]), x, y)",
        "np.clip(x, 0.2, 0.6)",
        "np.clip(x, None, 3)",
        "np.clip(x, 2, None)",
        "np.clip(x, v, 8)",
        "np.real(x)",
        "np.imag(x)",
        "np.dot(x, m)",
        "np.dot(v, w)",
        "np.dot(x, 2)",
        "np.dot(v, a.transpose(0, 2, 1)[0].T)",
        "np.dot(x, a)",
        "np.inner(v, w)",
        "np.inner(x, y)",
        "np.vdot(x, y)",
        "np.outer(v, w)",
        "np.tensordot(x, m, 1)",
        "np.tensordot(a, x, axes=([0, 1], [0, 1]))",
        "np.tensordot(a, m, axes=([1, 2], [0, 1]))",
        "np.trace(sq)",
        "np.trace(x, offset=1)",
        "np.diagonal(sq)",
        "np.diagonal(x, 1)",
        "np.diagonal(x, -1)",
        "np.diagonal(a, axis1=1, axis2=2)",
        "np.linalg.norm(x)",
        "np.linalg.norm(v, 1)",
        "np.linalg.norm(x, axis=0)",
        "np.linalg.norm(v, np.inf)",
        "np.reshape(x, (3, 2))",
        "np.reshape(x, -1)",
        "np.reshape(x, (3, -1))",
        "np.ravel(x)",
        "np.transpose(x)",
        "np.transpose(a, (2, 0, 1))",
        "np.swapaxes(a, 0, 2)",
        "np.moveaxis(a, 0, -1)",
        "np.moveaxis(a, (0, 1), (2, 0))",
        "np.expand_dims(x, 0)",
        "np.expand_dims(x, (0, 3))",
        "np.squeeze(row)",
        "np.squeeze(row, axis=0)",
        "np.broadcast_to(v, (2, 3))",
        "np.broadcast_arrays(x, v)",
        "np.flip(x)",
        "np.flip(x, 0)",
        "np.flipud(x)",
        "np.fliplr(x)",
        "np.roll(x, 1)",
        "np.roll(x, 1, axis=1)",
        "np.roll(x, (1, 2), axis=(0, 1))",
        "np.tile(x, 2)",
        "np.tile(x, (2, 1))",
        "np.tile(v, (2, 2))",
        "np.repeat(x, 2)",
        "np.repeat(x, 2, axis=0)",
        "np.repeat(v, [1, 0, 2])",
        "np.concatenate([x, y])",
        "np.concatenate((x, y), axis=1)",
        "np.concatenate([x, y], axis=None)",
        "np.concatenate([x, np.ones((1, 3))])",
        "np.stack([x, y])",
        "np.stack([x, y], axis=-1)",
        "np.vstack([x, v])",
        "np.hstack([x, y])",
        "np.hstack([v, w])",
        "np.dstack([x, y])",
        "np.column_stack([v, w])",
        "np.atleast_1d(s)",
        "np.atleast_2d(v)",
        "np.atleast_3d(x)",
        "np.split(q, 3)",
        "np.split(q, [2, 5])",
        "np.split(x, 3, axis=1)",
        "np.array_split(q, 4)",
        "np.vsplit(x, 2)",
        "np.hsplit(x, 3)",
        "np.pad(x, 1)",
        "np.pad(x, ((1, 0), (0, 2)), constant_values=7)",
        #"np.pad(x, 1, mode="edge")"#,
        #"np.pad(v, 2, mode="reflect")"#,
        #"np.pad(v, 2, mode="symmetric")"#,
        #"np.pad(v, 2, mode="wrap")"#,
        "np.tril(x)",
        "np.triu(x, 1)",
        "np.take(x, [0, 2], axis=1)",
        "np.take(x, [0, 5])",
        "np.take(x[:0], [9], axis=1)",
        "np.take(x[:0, :0], [0], axis=-1)",
        "np.take(x, np.array([[0, 1], [1, 0]]), axis=0)",
        "np.take_along_axis(x, np.array([[0], [2]]), axis=1)",
        "np.argwhere(x)",
        "np.nonzero(x)",
        "np.flatnonzero(x)",
        "np.diff(x)",
        "np.diff(q, n=2)",
        "np.diff(x, axis=0)",
        "np.zeros_like(x)",
        "np.full_like(x, 3)",
        "np.copy(x)",
        "np.shape(x)",
        "np.ndim(x)",
        "np.size(x)",
        "np.array_equal(x, x)",
        "np.allclose(x, x)",
        "np.result_type(x, y)",
        "np.iscomplexobj(x)",
        "np.exp2(x)",
        "np.tanh(x @ m).mean()",
      ]
    ),
    (
      real,
      [
        "np.floor_divide(x, y)",
        "np.remainder(x, y)",
        "np.mod(x, y)",
        "np.divmod(x, y)",
        "np.fabs(x)",
        "np.rint(x)",
        "np.arctan2(x, y)",
        "np.hypot(x, y)",
        "np.maximum.reduce(x, axis=1)",
        #"np.add(x, y, dtype="float64")"#,
        "np.max(x)",
        "np.amax(x, axis=1)",
        "np.min(x, axis=0)",
        "np.amin(x)",
        "np.argmax(x)",
        "np.argmax(x, axis=1)",
        "np.argmin(x, axis=0)",
        "np.logaddexp(x, y)",
        "np.deg2rad(x)",
        "np.degrees(x)",
      ]
    ),
    (
      numbers,
      [
        "np.negative(x)",
        "np.positive(x)",
        "np.conjugate(x)",
        "np.conj(x)",
        "np.average(x, axis=1, weights=v)",
        "np.angle(x)",
        "np.sqrt(np.sum(np.square(x - y), axis=-1))",
        "np.exp(-x) / (1 + np.exp(-x))",
      ]
    ),
    (
      realNumbers,
      [
        "np.sign(x)",
        "np.ptp(x)",
        "np.ptp(x, axis=0)",
        "np.round(x)",
        "np.round(x, 1)",
        "np.around(x, 2)",
        "np.log(np.sum(np.exp(x - np.max(x, axis=1, keepdims=True)), axis=1))",
      ]
    ),
    (
      floating,
      [
        "np.floor(x)",
        "np.ceil(x)",
        "np.trunc(x)",
        "np.fix(x)",
      ]
    ),
    (
      onlyBool,
      [
        "np.bitwise_and(x, y)",
        "np.invert(x)",
      ]
    ),
  ])
}

extension NumPyExpression {
  /// Methods and attributes of arrays.
  static let methods = table([
    (
      every,
      [
        "x.sum()",
        "x.sum(0)",
        "x.sum(axis=1, keepdims=True)",
        "x.mean(axis=0)",
        "x.prod()",
        "x.std(ddof=1)",
        "x.var(axis=0)",
        "x.cumsum()",
        "x.cumsum(axis=0)",
        "x.any()",
        "x.all(axis=1)",
        "x.reshape(3, 2)",
        "x.reshape((6,))",
        "x.reshape(-1)",
        "x.transpose()",
        "a.transpose(1, 0, 2)",
        "a.transpose((2, 1, 0))",
        "x.T",
        "a.T",
        #"x.astype("float32")"#,
        "x.astype(np.int16)",
        "x.astype(bool)",
        "x.ravel()",
        "x.flatten()",
        "row.squeeze()",
        "x.clip(0.3, 0.7)",
        "x.conj()",
        "x.conjugate()",
        "x.copy()",
        "s.item()",
        "x.item(2)",
        "x.tolist()",
        "x.dot(m)",
        "x.swapaxes(0, 1)",
        "x.repeat(2, axis=1)",
        "x.take([1, 0], axis=0)",
        "x.nonzero()",
        "x.trace()",
        "x.real",
        "x.imag",
        "x.shape",
        "x.ndim",
        "x.size",
        "x.itemsize",
        "x.nbytes",
        "x.tobytes()",
      ]
    ),
    (
      real,
      [
        "x.min()",
        "x.max(1)",
        "x.argmax()",
        "x.argmin(axis=1)",
      ]
    ),
    (
      realNumbers,
      [
        "x.round(1)"
      ]
    ),
  ])
}

extension NumPyExpression {
  /// Indices, and what makes sequences of arrays.
  static let indexing = table([
    (
      every,
      [
        "x[0]",
        "x[-1]",
        "x[1, 2]",
        "x[:, 1]",
        "x[::-1]",
        "x[:, ::2]",
        "x[..., 0]",
        "x[None]",
        "x[:, None, :]",
        "x[0:1]",
        "x[1:]",
        "x[5:]",
        "a[0, ..., 1]",
        "a[:, 1:, ::-2]",
        "x[[1, 0]]",
        "x[[0, 0, 1]]",
        "x[:, [2, 0]]",
        "x[np.array([1, 0])]",
        "x[np.array(1)]",
        "x[np.int64(1)]",
        "x[x > 1]",
        "x[np.array([True, False])]",
        "x[[True, False]]",
        "a[x > 1]",
        "x[0, [1, 2]]",
        "x[[0, 1, 0], [2, 0, -1]]",
        "x[np.arange(2), np.array([2, 1])]",
        "x[()]",
        "x[-3:-1:2]",
        "x[[]]",
        "len(x)",
        "list(x)",
        "[r.sum() for r in x]",
        "1 in x",
        "bool(s)",
        "bool(x[:1, :1])",
      ]
    )
  ])
}
