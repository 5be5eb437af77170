"""One decoder under a coverage-guided fuzzer (atheris), in a process of its own: `python -m tests.fuzz.explore`.

For make fuzz, which alone has atheris. The process ends itself after so many inputs and leaves a report; where
something undeclared is raised, or one input takes too long, libFuzzer ends it and leaves the input.
"""

import gc
import json
import os
import random
import sys
import warnings
from pathlib import Path
from typing import NoReturn

from tests.tree import PACKAGES

INSTRUMENTED = (*PACKAGES, "tomllib", "gzip")
INPUT_MAX_S = 20
MEMORY_MAX_MIB = 1024
WARM_SHARE = 0.3
"""Of the inputs: what is allocated within them is not yet growth."""


def resident_kib() -> int:
    """Memory that this process holds now."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def main(name: str, inputs: int, folder: Path) -> NoReturn:
    """Explore until so many inputs have been read; what they were is kept in `folder`/corpus, for the next run."""
    import atheris  # noqa: PLC0415

    with atheris.instrument_imports(include=list(INSTRUMENTED)):
        from tests.fuzz.mutations import DATA_MAX, damaged  # noqa: PLC0415
        from tests.fuzz.scratch import board  # noqa: PLC0415
        from tests.fuzz.table import DECODERS  # noqa: PLC0415
    warnings.simplefilter("error")
    decoder = next(each for each in DECODERS if each.name == name)
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    (folder / "seeds").mkdir(exist_ok=True)
    for number, sample in enumerate(decoder.samples):
        (folder / "seeds" / str(number)).write_bytes(sample)
    count = warm_kib = 0

    def read(data: bytes) -> None:
        nonlocal count, warm_kib
        decoder.survive(data)
        count += 1
        if count == int(inputs * WARM_SHARE):
            warm_kib = resident_kib()
        if count == inputs:
            grew_kib = resident_kib() - warm_kib
            report = {"inputs": count, "grew_kib": grew_kib, "corpus": len(list((folder / "corpus").iterdir()))}
            (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")
            board().remove()
            os._exit(0)

    def mutate(data: bytes, size_max: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.5:
            return damaged(chance, (data, data, *decoder.samples))[:size_max]
        return bytes(atheris.Mutate(data, size_max))

    options = (f"-max_len={DATA_MAX}", "-len_control=0", f"-timeout={INPUT_MAX_S}", f"-rss_limit_mb={MEMORY_MAX_MIB}")
    places = (f"-artifact_prefix={folder}/", str(folder / "corpus"), str(folder / "seeds"))
    atheris.Setup([sys.argv[0], *options, *places], read, custom_mutator=mutate)
    atheris.Fuzz()
    sys.exit("the fuzzer ended before its inputs did")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
