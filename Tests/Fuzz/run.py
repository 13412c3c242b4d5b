"""Runs cases of one kind: run.py KIND FIRST COUNT SECONDS PLACE, by `numpyfn python`.

The number of each case is its seed, and is written to the file PLACE before the case runs.
"""

import importlib
import os
import random
import sys
import time
import traceback
import warnings

kind, first, count, seconds, place = sys.argv[1], *map(int, sys.argv[2:4]), float(sys.argv[4]), sys.argv[5]
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
module = importlib.import_module(f"fuzz_{kind}")
warnings.simplefilter("ignore")
end = time.monotonic() + seconds
done = 0
with open(place, "w") as file:
    for seed in range(first, first + count):
        if done and time.monotonic() > end:
            break
        file.seek(0)
        file.write(str(seed))
        file.truncate()
        file.flush()
        try:
            problem = module.case(random.Random(seed))
        except Exception:
            problem = traceback.format_exc()
        if problem:
            print(f"\0failure {seed} {problem}", flush=True)
        done += 1
print(f"\0cases {done}\0", flush=True)
