"""Compiles every `.pyx` beside our Python; all else is declared in pyproject.toml."""

from pathlib import Path

import numpy
from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

PACKAGES = ("kinematics", "protocol", "slave/plants", "bench", "bench/emulator")

# No fast-math and no contraction: the compiled kinematics must agree with the reference to 1e-12 on every machine.
COMPILE_ARGS = ["-O3", "-ffp-contract=off", "-fno-math-errno", "-Wall", "-Wno-unused-function"]


class BuildExt(build_ext):
    """Compiles each module once, whether pip or `build_ext --inplace` asks for it."""

    def finalize_options(self) -> None:
        """Keep in build/ what is built for use in this folder: pip would compile it anew, in a temporary one."""
        super().finalize_options()
        if self.inplace:
            self.build_lib = "build/inplace"
            self.build_temp = "build/temp"


def extension(source: Path) -> Extension:
    """The compiled module beside its `.pyx`, importable by the same name."""
    return Extension(
        name=".".join(source.with_suffix("").parts),
        sources=[str(source)],
        include_dirs=[numpy.get_include()],
        define_macros=[("NPY_NO_DEPRECATED_API", "NPY_1_7_API_VERSION")],
        extra_compile_args=COMPILE_ARGS,
    )


sources = sorted(path for package in PACKAGES for path in Path(package).glob("*.pyx"))
setup(
    ext_modules=cythonize([extension(source) for source in sources], language_level=3),
    cmdclass={"build_ext": BuildExt},
)
