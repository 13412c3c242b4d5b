internal import NumPyFunctions

/// The Python functions that the cases call, and a timing loop in Python.
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

  /// The value of an expression, which can use the names of the source text below.
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

  /// Calls `body` with this thread, and threads that it creates, restricted to one of its cores: another one
  /// in each round.
  ///
  /// One core may temporarily be slower than another. If the system cannot restrict a thread to a core,
  /// `body` is just called.
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

    # Never releases the GIL.
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

    # Whether glibc returns the pages of each array of some megabytes to the system, which makes an array
    # several times slower, depends on the history of the process. Here it keeps them, as in a warmed-up
    # Python. -3 is M_MMAP_THRESHOLD, set to the largest value to which glibc raises it by itself; -1 is
    # M_TRIM_THRESHOLD.
    try:
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(-3, 32 << 20)
        mallopt(-1, 1 << 30)
    except (AttributeError, OSError):
        pass

    # Restricts this thread to one core, or to the given ones, and returns its previous cores.
    def stay(round, cores=None):
        if not hasattr(os, "sched_setaffinity"): return None
        before = sorted(os.sched_getaffinity(0))
        try:
            os.sched_setaffinity(0, cores or {before[round % len(before)]})
        except OSError:
            pass
        return before

    def timer(work, threads):
        # In a thread that Python creates: threads of the program allocate NumPy's arrays in the
        # memory pool after their first callback.
        def alone(repeats):
            times = []
            def run():
                try:
                    # A first call is not timed, since a new thread must first get memory.
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
