"""Gradients of first and second order, held to finite differences."""

import numpy as np

import numpyfn as tf

STEPS = ["np.tanh({})", "np.sin({})", "np.exp(np.tanh({}))", "np.sqrt({0} * {0} + 1.0)", "np.log1p({0} * {0})", "{} * {}",
         "{} + {}", "{} - 0.5 * {}", "{} / (1.0 + {} ** 2)", "np.sum({}, axis=0) * {}", "np.mean({}) * {}", "{}[::-1]",
         "np.where(mask, {}, {})", "np.concatenate([{}[1:], {}[:1]], axis=0)", "tf.py_function(inner, [{}, {}], tf.float64)",
         "tf.cond(np.sum({0}) > 0.1, lambda: {0} * {1}, lambda: np.sin({0}))",
         "tf.while_loop(lambda i, s: i < 3, lambda i, s: (i + 1, np.tanh(s * 0.9 + {1})), [tf.constant(0), {0}])[1]",
         "np.cumsum({} * {}, axis=0)", "np.maximum({}, {} - 9.0)", "weight * {}", "weight.value() * np.tanh({})",
         "traced({}, {})", "tf.map_fn(lambda e: np.sin(e) * 0.5, {})", "np.arctan2({}, 2.0 + {} ** 2)"]


def case(choice):
    size = choice.choice([1, 2, 3])
    numbers = np.random.default_rng(choice.getrandbits(32))
    start = numbers.uniform(-1, 1, (2, size))
    names, lines = ["x", "y"], []
    for number in range(choice.randint(2, 6)):
        lines.append(f"v{number} = " + choice.choice(STEPS).format(*[choice.choice(names[-4:]) for _ in range(2)]))
        names.append(f"v{number}")
    source = "def program(x, y):\n  " + "\n  ".join(lines) + f"\n  return np.sum({names[-1]} * np.tanh({names[-1]} + x))\n"
    weight = tf.Variable(numbers.uniform(0.5, 1.5, (size,)))
    scope = {"np": np, "tf": tf, "mask": numbers.uniform(0, 1, size) > 0.5, "weight": weight,
             "inner": lambda a, b: np.sin(a) * b, "traced": tf.function(lambda a, b: a * np.tanh(b) + weight)}
    exec(source, scope)
    program = scope["program"]
    if choice.random() < 0.5:
        program = tf.function(program)

    def slopes(x, y):
        with tf.GradientTape() as tape:
            tape.watch([x, y])
            value = program(x, y)
        return value, tape.gradient(value, [x, y, weight])

    def value(x, y, w):
        weight.assign(w)
        return float(program(tf.constant(x), tf.constant(y)))

    def steepness(x, y, w):
        """A number that the first gradients make, to be differentiated again."""
        weight.assign(w)
        return float(mixed(tf.constant(x), tf.constant(y)))

    def mixed(x, y):
        return sum(tf.reduce_sum(np.sin(part)) for part in slopes(x, y)[1] if part is not None)

    at = [start[0], start[1], weight.numpy().copy()]
    _, first = slopes(tf.constant(at[0]), tf.constant(at[1]))
    problem = differ(first, value, at)
    if problem:
        return f"{source}at {at}: the gradient by {problem}"
    if choice.random() < 0.5:
        x, y = tf.constant(at[0]), tf.constant(at[1])
        with tf.GradientTape() as tape:
            tape.watch([x, y])
            target = mixed(x, y)
        if isinstance(target, tf.Tensor):
            problem = differ(tape.gradient(target, [x, y, weight]), steepness, at)
            if problem:
                return f"{source}at {at}: the second gradient by {problem}"
    return None


def differ(gradients, function, at):
    for place, gradient in enumerate(gradients):
        for element in range(at[place].size):
            def moved(step):
                values = [x.copy() for x in at]
                values[place][element] += step
                return function(*values)

            exact = 0.0 if gradient is None else float(gradient.numpy().ravel()[element])
            # Two steps, so that a kink between them is told from a mistake.
            near = [(moved(step) - moved(-step)) / (2 * step) for step in (1e-5, 1e-6)]
            if abs(near[0] - near[1]) > 1e-3 * max(1, abs(near[0])):
                continue
            if min(abs(exact - each) for each in near) > 1e-3 * max(1, abs(exact)):
                function(*at)
                return f"{'x y weight'.split()[place]}[{element}] is {exact}, {near} by differences"
    function(*at)
    return None
