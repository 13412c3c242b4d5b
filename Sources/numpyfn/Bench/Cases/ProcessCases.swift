internal import NumPyFunctions

extension BenchCases {
  /// Cases that can be measured only in a separate process.
  static let processes: [BenchCase] = [
    BenchCase(name: "process start to first result") { _ in
      let time = try Python.function(started, named: "time")
      let executable = try Python.installation.executable
      let commands = [
        try [BenchProcess.executable, "bench", FirstResult.name],
        [executable, "-c", "import numpy; print(numpy.sinh(1.0))"],
      ]
      let contenders = commands.map { command in
        Contender { repeats in try Double(time(command, repeats)) }
      }
      return Contest(ours: contenders[0], python: contenders[1])
    },
    BenchCase(
      name: "peak memory, identity over 1 GiB", unit: .bytes, isMeasuredOnce: true
    ) { _ in
      let run = try Python.function(printed, named: "printed")
      let contenders = PeakMemory.Side.allCases.map { side in
        Contender { _ in
          try Double(run([BenchProcess.executable, "bench", PeakMemory.name, side.rawValue]))
        }
      }
      return Contest(ours: contenders[0], python: contenders[1])
    },
  ]

  /// Starts a program repeatedly.
  private static let started = """
    import subprocess, time as clock

    def time(command, repeats):
        begin = clock.perf_counter_ns()
        for _ in range(repeats): subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return clock.perf_counter_ns() - begin
    """

  /// The number that a program prints.
  private static let printed = """
    import subprocess

    def printed(command):
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    """
}
