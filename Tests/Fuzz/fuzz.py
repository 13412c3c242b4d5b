"""Looks for wrong results, crashes and hangs with random input: see scripts/fuzz.

Each kind runs in a process of its own, which is started anew after a crash. A failure is printed with its
seed, and with the command that repeats it.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# Run by run.py, in a Python of `numpyfn python`.
IN_PYTHON = ["calls", "programs", "gradients", "nonsense", "reductions"]
# Run by the tests in Swift, whose seeds are moved.
IN_SWIFT = {"graphs": "RandomGraphTests", "tapes": "RandomTapeTests"}
# Run by libFuzzer, where there is one.
OF_BYTES = ["graph", "literal", "npy"]
# After so many seconds without a new case a process hangs.
PATIENCE = 120


class Kind:
    def __init__(self, name, seed, tool):
        self.name, self.seed, self.tool = name, seed, tool
        self.cases, self.failures = 0, 0

    def fail(self, seed, text):
        self.failures += 1
        print(f"FAILURE of {self.name}, seed {seed}: {text.strip()}", flush=True)
        print(f"  again: scripts/fuzz --case {seed} {self.name}", flush=True)

    def run(self, seconds, only=None):
        """Runs cases for so many seconds, or the one."""
        end = time.monotonic() + seconds
        first = self.seed if only is None else only
        while True:
            left = 1 if only is not None else end - time.monotonic()
            if left <= 0:
                return
            reached = self.run_process(first, left, only)
            if only is not None or reached is None:
                return
            first = reached + 1

    def run_process(self, first, seconds, only):
        """Runs cases in one process. Answers the seed at which it crashed or hung; None if it did not."""
        count = 1 if only is not None else 1 << 40
        with tempfile.TemporaryDirectory() as folder:
            place = os.path.join(folder, "place")
            command = [*self.tool, "python", os.path.join(HERE, "run.py"), self.name, str(first), str(count),
                       str(seconds), place]
            log = os.path.join(folder, "log")
            with open(log, "w") as output:
                process = subprocess.Popen(
                    command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
            known, since = first, time.monotonic()
            while process.poll() is None:
                time.sleep(0.05)
                now = read_number(place, first)
                if now != known:
                    known, since = now, time.monotonic()
                if time.monotonic() - since > PATIENCE:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
                    self.cases += known - first + 1
                    self.fail(known, f"no end after {PATIENCE} s")
                    return known
            known = read_number(place, first)
            with open(log, errors="replace") as output:
                text = output.read()
        if process.returncode != 0:
            self.cases += known - first + 1
            self.fail(known, f"the process ended with status {process.returncode}\n" + text[-2000:])
            return known
        for part in text.split("\0"):
            if part.startswith("failure "):
                _, seed, what = part.split(" ", 2)
                self.fail(int(seed), what)
            elif part.startswith("cases "):
                self.cases += int(part.split()[1])
        return None


def read_number(path, default):
    try:
        with open(path) as file:
            return int(file.read() or default)
    except (OSError, ValueError):
        return default


class SwiftKind(Kind):
    """Random graphs of Swift's own tests; each seed stands for eighty or eight hundred graphs."""

    def run_process(self, first, seconds, only):
        environment = dict(os.environ, NUMPYFN_FUZZ_SEED=str(first))
        found = subprocess.run(
            ["swift", "test", "--skip-build", "--disable-xctest", "--explicit-target-dependency-import-check",
             "error", "--filter", IN_SWIFT[self.name]],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.cases += 1
        if found.returncode != 0:
            lines = [line for line in found.stdout.splitlines() if "recorded an issue" in line]
            self.fail(first, "\n".join(lines[:5]) or found.stdout[-2000:])
        return first


class BytesKind(Kind):
    """Inputs that libFuzzer makes, led by which code they reach."""

    def run(self, seconds, only=None):
        program = os.environ.get("NUMPYFN_BYTES_FUZZER")
        if not program:
            print(f"{self.name}: this toolchain has no libFuzzer; left out", flush=True)
            return
        # A case is a whole run with its seed: libFuzzer makes the same inputs again.
        seed = self.seed if only is None else only
        corpus = os.path.join(HERE, "corpus", self.name)
        with tempfile.TemporaryDirectory() as folder:
            environment = dict(os.environ, NUMPYFN_FUZZ_KIND=self.name)
            command = [program, folder, corpus, f"-seed={seed % (1 << 31) or 1}", "-timeout=20",
                       "-rss_limit_mb=4096", "-max_len=4096", "-print_final_stats=1",
                       f"-artifact_prefix={folder}/found-"]
            command.append(f"-max_total_time={max(1, int(seconds))}")
            found = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            text = found.stdout.decode(errors="replace")
            for line in text.splitlines():
                if line.startswith("stat::number_of_executed_units:"):
                    self.cases += int(line.split(":")[-1])
            if found.returncode != 0:
                inputs = [name for name in os.listdir(folder) if name.startswith("found-")]
                shown = ""
                for name in inputs[:1]:
                    with open(os.path.join(folder, name), "rb") as file:
                        shown = f"the input {file.read()!r}\n"
                self.fail(seed, shown + text[-2000:])


def main():
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for all kinds together")
    parser.add_argument("--seed", type=int, help="where to begin; another each time by default")
    parser.add_argument("--case", type=int, help="the one case of a kind that is run")
    kinds = [*IN_PYTHON, *IN_SWIFT, *OF_BYTES]
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(kinds))
    options = parser.parse_args()
    chosen = options.kinds or kinds
    for name in chosen:
        if name not in kinds:
            parser.error(f"there is no kind {name!r}; the kinds are {', '.join(kinds)}")
    if options.case is not None and len(chosen) != 1:
        parser.error("--case is one of one kind: name it")
    seed = options.seed if options.seed is not None else int.from_bytes(os.urandom(4), "little")
    if options.case is None:
        print(f"seed {seed}", flush=True)
    tool = os.environ["NUMPYFN_TOOL"].split()
    results = []
    for name in chosen:
        kind = (SwiftKind if name in IN_SWIFT else BytesKind if name in OF_BYTES else Kind)(
            name, seed * 1_000_000, tool)
        kind.run(options.seconds / len(chosen), options.case)
        results.append(kind)
    print()
    for kind in results:
        print(f"{kind.name}: {kind.cases} cases, {kind.failures} failures")
    sys.exit(any(kind.failures for kind in results))


main()
