internal import Foundation
internal import NumPyFunctions

/// Plots growths with matplotlib, into a folder.
struct GrowthPlots {
  private let folder: URL
  private let draw: PythonObject

  /// Creates the folder if necessary, and imports matplotlib, before anything is measured.
  ///
  /// - Throws: `Failure` when either fails; `StartError`.
  init(folder path: String) throws {
    folder = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw Failure("\(path): the folder cannot be made: \(error.reason)")
    }
    do {
      // A backend without a display;
      // https://matplotlib.org/stable/users/explain/figure/backends.html
      _ = try Python.import("matplotlib").use("Agg")
      draw = try Python.function(GrowthPlots.source, named: "draw")
    } catch let error as PythonError {
      let executable = try Python.installation.executable
      guard error.type == "ModuleNotFoundError" else {
        throw Failure("matplotlib of \(executable) cannot be imported: \(error.message)")
      }
      throw Failure(
        "plots are drawn by matplotlib, which is not among the packages of \(executable); install it "
          + "there (\(executable) -m pip install matplotlib, or apt-get install python3-matplotlib), "
          + "or leave out --plot")
    }
  }

  /// Writes a table and its plot, and replaces those of an earlier run.
  ///
  /// - Throws: `Failure` naming the file; `PythonError` when matplotlib fails.
  func write(_ table: GrowthTable, caption: String) throws {
    let growth = table.growth
    let picture = try draw(
      [growth.title, growth.axis, growth.cost, caption], growth.isLogarithmic, table.positions,
      growth.curves.map(\.name), growth.curves.map(\.isPython), growth.curves.map(\.work),
      table.costs)
    try file("png").write(Data([UInt8](picture)))
    try file("csv").write(Data(table.csv.utf8))

    func file(_ suffix: String) throws -> TargetFile {
      try TargetFile(
        folder.appendingPathComponent("\(growth.file).\(suffix)").path, replacesExisting: true)
    }
  }

  /// Costs are plotted in seconds, so that the ticks read `10 µs`.
  ///
  /// The name of each curve is at its end.
  private static let source = """
    import io
    import matplotlib.pyplot as plt
    from matplotlib.ticker import EngFormatter, FixedLocator, NullLocator

    OURS, PYTHON, INK, QUIET = "#d1495b", "#30638e", "#222222", "#777777"
    DASHES, MARKS = ["-", (0, (5, 2))], ["o", "s"]

    def draw(words, logarithmic, positions, names, are_python, works, costs):
        title, axis, cost, caption = words
        settings = {
            "font.size": 10, "axes.edgecolor": QUIET, "axes.labelcolor": INK, "text.color": INK,
            "xtick.color": INK, "ytick.color": INK, "axes.spines.top": False,
            "axes.spines.right": False}
        with plt.rc_context(settings):
            figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
            try:
                for name, is_python, work, values in zip(names, are_python, works, costs):
                    axes.plot(positions, [value / 1e9 for value in values], label=name,
                              color=PYTHON if is_python else OURS, linestyle=DASHES[work],
                              marker=MARKS[work], markersize=4, linewidth=1.8, clip_on=False)
                scale(axes, logarithmic, positions, axis)
                axes.set_xlabel(axis)
                axes.set_ylabel(cost)
                # Above the plot, where there are no curves.
                figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
                axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(-0.01, 1), ncol=2)
                figure.supxlabel(caption, fontsize=8, color=QUIET, x=0.01, ha="left")
                file = io.BytesIO()
                figure.savefig(file, format="png", dpi=144)
                return file.getvalue()
            finally:
                plt.close(figure)

    def scale(axes, logarithmic, positions, axis):
        axes.grid(axis="y", color="#dddddd", linewidth=0.8)
        axes.set_axisbelow(True)
        if logarithmic:
            axes.set_xscale("log", base=2 if "bytes" in axis else 10)
            axes.set_yscale("log")
            axes.yaxis.set_minor_locator(NullLocator())
        else:
            axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter(EngFormatter(unit="s"))
        axes.xaxis.set_major_locator(FixedLocator(positions))
        axes.xaxis.set_minor_locator(NullLocator())
        if "bytes" in axis:
            axes.set_xticks(positions, [size(count) for count in positions])
        else:
            axes.set_xticks(positions, [f"{count:,}" for count in positions])

    def size(count):
        for scale, unit in [(2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")]:
            if count >= scale: return f"{count // scale} {unit}"
        return f"{count} B"
    """
}
