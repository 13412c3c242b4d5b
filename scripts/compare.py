"""Runs `numpyfn bench` and the peers in turns, and prints one Markdown table; see scripts/compare."""

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys

# The package of each system, and what its column is called.
SYSTEMS = {
    "tensorflow": ("tensorflow-cpu", "tf.function"),
    "jax": ("jax", "jax.jit"),
    "torch": ("torch", "PyTorch"),
}

# What is asked for, as a multiple of the system's own time.
LIMITS = {
    ("scalar sinh, y*y", "tensorflow"): 0.001,
    ("py_function a*a scalar", "tensorflow"): 0.02,
    ("py_function a*a scalar, with gradient", "tensorflow"): 0.03,
    ("10k strings identity", "tensorflow"): 0.35,
    ("trace: 1000 additions", "tensorflow"): 0.1,
    ("trace: 10000 additions", "tensorflow"): 0.1,
    ("graph: 100 scalar adds", "jax"): 1.0,
    ("graph: 10 elementwise ops, 1M", "jax"): 1.0,
    ("graph: matmul 512", "jax"): 1.05,
}


def run(command, **environment):
    """The JSON that a program prints; None, and what it said, when it fails."""
    done = subprocess.run(
        command, env=os.environ | environment, text=True, capture_output=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return None, f"status {done.returncode}: {last}"
    return json.loads(done.stdout), None


def installed():
    """The version of each peer that is there, and in words those that are not."""
    versions, missing = {}, []
    for system, (package, _) in SYSTEMS.items():
        try:
            versions[system] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            missing.append(f"{package} (pip found no build for Python {platform.python_version()})")
    return versions, missing


def measure(options, systems):
    """All figures: {case: {system: [nanoseconds of each round]}}, and in words what failed."""
    found, failures = {}, {}
    flags = (["--quick"] if options.quick else [])
    flags += (["--filter", options.filter] if options.filter else [])
    peers = [sys.executable, "scripts/peers.py"]
    for turn in range(options.rounds):
        # Ours last: the table has the order of the peers' cases.
        commands = [(system, [*peers, *flags, system]) for system in systems]
        commands += [("ours", [".build/release/numpyfn", "bench", "--json", *flags])]
        for name, command in commands if turn % 2 == 0 else reversed(commands):
            print(f"[{turn + 1}/{options.rounds}] {name}", file=sys.stderr)
            # Both with the NumPy of .build/peers, whatever the shell says.
            figures, failure = run(command, NUMPYFN_PYTHON=sys.executable, PYTHONPATH="")
            if failure:
                failures[name] = failure
                continue
            for case, medians in figures.items():
                for system, value in medians.items():
                    if value is not None and system in ("ours", "python", name):
                        found.setdefault(case, {}).setdefault(system, []).append(value)
    return found, failures


def duration(nanoseconds):
    for scale, unit in [(1e9, "s"), (1e6, "ms"), (1e3, "µs")]:
        if nanoseconds >= scale:
            return f"{nanoseconds / scale:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


def ratio(case, system, medians):
    """Ours as a part of theirs, with a mark where a limit is set."""
    if system not in medians:
        return "–"
    value = medians["ours"] / medians[system]
    text = f"{value:.2g}" if value < 100 else f"{value:.0f}"
    limit = LIMITS.get((case, system))
    return text if limit is None else f"{text} {'✓' if value <= limit else '✗'} ≤ {limit:g}"


def table(found, systems):
    columns = ["python", *systems]
    heads = ["Python"] + [SYSTEMS[system][1] for system in systems]
    lines = ["| case | ours | " + " | ".join(f"ours / {head}" for head in heads) + " |",
             "|---|---:|" + "---:|" * len(columns)]
    for case, rounds in found.items():
        # Memory is no time, and no peer's.
        if "ours" not in rounds or "memory" in case:
            continue
        medians = {system: statistics.median(values) for system, values in rounds.items()}
        cells = [ratio(case, system, medians) for system in columns]
        lines.append(f"| {case} | {duration(medians['ours'])} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def machine():
    """The processor in words."""
    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo") as lines:
            name = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return f"{os.cpu_count()} cores of {name}, {platform.system()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition(";")[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each has its turn")
    parser.add_argument("--quick", action="store_true", help="rough figures")
    parser.add_argument("--filter", default="", help="only cases with this text in their name")
    options = parser.parse_args()
    versions, missing = installed()
    load = os.getloadavg()[0]
    found, failures = measure(options, list(versions))
    if "ours" in failures:
        sys.exit(f"numpyfn bench failed: {failures['ours']}")

    names = [f"{SYSTEMS[system][0]} {version}" for system, version in versions.items()]
    about = [f"Python {platform.python_version()}", f"NumPy {importlib.metadata.version('numpy')}"]
    today = datetime.date.today().strftime("%-d %B %Y")
    print(f"{today}, {machine()}; {', '.join(about + names)}; medians of {options.rounds} turns.")
    if load > 0.5:
        print(f"Other programs were running: the load was {load:.1f} before the first turn.")
    for line in missing + [f"{name}: {failure}" for name, failure in failures.items()]:
        print(f"Missing: {line}")
    print(f"\n{table(found, list(versions))}")


if __name__ == "__main__":
    main()
