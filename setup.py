"""Compiles every `.pyx` beside our Python; all else is declared in pyproject.toml."""

from pathlib import Path

import numpy
from Cython.Build import cythonize
from setuptools import Extension, setup

PACKAGES = ("kinematics", "protocol", "bench")

# No fast-math and no contraction: the compiled kinematics must agree with the reference to 1e-12 on every machine.
COMPILE_ARGS = ["-O3", "-ffp-contract=off", "-fno-math-errno", "-Wall", "-Wno-unused-function"]


def extension(source: Path) -> Extension:
    return Extension(
        name=".".join(source.with_suffix("").parts),
        sources=[str(source)],
        include_dirs=[numpy.get_include()],
        define_macros=[("NPY_NO_DEPRECATED_API", "NPY_1_7_API_VERSION")],
        extra_compile_args=COMPILE_ARGS,
    )


sources = sorted(path for package in PACKAGES for path in Path(package).glob("*.pyx"))
setup(ext_modules=cythonize([extension(source) for source in sources], language_level=3))
