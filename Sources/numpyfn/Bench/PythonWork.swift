internal import NumPyFunctions

/// The Python functions that the cases call, and a loop in Python that times Python.
///
/// Both sides of a case use the same function objects.
struct PythonWork {
  private let evaluate: PythonObject
  private let timer: PythonObject
  private let stay: PythonObject

  /// - Throws: `StartError`, `PythonError`.
  init() throws {
    evaluate = try Python.function(PythonWork.source, named: "evaluate")
    timer = try evaluate("timer")
    stay = try evaluate("stay")
  }

  /// The value of an expression in which the names of the source text below are known.
  ///
  /// - Throws: `PythonError`.
  func callAsFunction(_ expression: String) throws -> PythonObject {
    try evaluate(expression)
  }

  /// Work in Python: an expression for a function without parameters.
  ///
  /// The loop around it calls that function, as the loop around work in Swift calls a closure.
  ///
  /// - Throws: `PythonError` when it is no such expression.
  func contender(_ expression: String, threads: Int = 1) throws -> Contender {
    let time = try timer(evaluate(expression), threads)
    return Contender(isOnOneThread: threads == 1) { repeats in try Double(time(repeats)) }
  }

  /// Calls `body` with this thread, and those that it makes meanwhile, on one core of those that it may
  /// use, another in each round.
  ///
  /// One core may be slower than another for a while. Where the system keeps no thread on a core, `body` is
  /// just called.
  ///
  /// - Throws: what `body` throws; `PythonError`.
  func onOneCore(inRound round: Int, _ body: () throws -> Void) throws {
    let before = try stay(round)
    do {
      try body()
    } catch {
      try stay(round, before)
      throw error
    }
    try stay(round, before)
  }

  private static let source = """
    import ctypes, itertools, os, threading, time
    import numpy as np

    def nothing(): pass
    def identity(*xs): return xs[0]
    def add1(x): return x + np.float32(1)
    def sinh(x): return np.sinh(x)
    def square(x): return x * x

    def chain(x, n, one):
        for _ in range(n): x = x + one
        return x

    def mixed(x):
        y = np.abs(x * x + x - np.float32(0.5))
        y = np.tanh(np.exp(-np.sqrt(y)))
        return np.maximum(y, x) * x

    # Never lets go of the GIL.
    def busy(x):
        total = 0.0
        for i in range(20000): total += i * 0.5
        return np.float32(total) + x

    scalar = np.array(1, np.float32)
    one = np.float32(1)

    def ones(count): return np.ones(count, np.float32)
    def slope(count): return np.linspace(-1, 1, count, dtype=np.float32)
    def strings(count): return np.array([b"item %d" % i for i in range(count)], object)

    def evaluate(expression): return eval(expression, globals())

    # Whether glibc gives pages back after each array of some megabytes, which then takes several times
    # as long, depends on what the process has done before: it keeps them, as in a Python that has
    # warmed up. The numbers are M_MMAP_THRESHOLD, the most to which glibc raises it by itself, and
    # M_TRIM_THRESHOLD.
    try:
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(-3, 32 << 20)
        mallopt(-1, 1 << 30)
    except (AttributeError, OSError):
        pass

    # Has this thread stay on one core, or on those given, and says on which it may be so far.
    def stay(round, cores=None):
        if not hasattr(os, "sched_setaffinity"): return None
        before = sorted(os.sched_getaffinity(0))
        try:
            os.sched_setaffinity(0, cores or {before[round % len(before)]})
        except OSError:
            pass
        return before

    def timer(work, threads):
        # In a thread of Python's own: those of the program have NumPy's arrays in its memory pool,
        # from the first callback on.
        def alone(repeats):
            times = []
            def run():
                try:
                    # What a new thread has to get first, memory above all, is not counted.
                    work()
                    begin = time.perf_counter_ns()
                    for _ in itertools.repeat(None, repeats): work()
                    times.append(time.perf_counter_ns() - begin)
                except BaseException as error:
                    times.append(error)
            thread = threading.Thread(target=run)
            thread.start()
            thread.join()
            if isinstance(times[0], BaseException): raise times[0]
            return times[0]

        def together(repeats):
            ready, begun = threading.Barrier(threads + 1), threading.Event()
            def run():
                work()
                ready.wait()
                begun.wait()
                for _ in itertools.repeat(None, repeats): work()
            team = [threading.Thread(target=run) for _ in range(threads)]
            for thread in team: thread.start()
            ready.wait()
            begin = time.perf_counter_ns()
            begun.set()
            for thread in team: thread.join()
            return (time.perf_counter_ns() - begin) / threads

        return alone if threads == 1 else together
    """
}
