# What a person types here; `make help` lists it. Everything runs from .venv, which make builds and keeps current.
# An interrupted set-up is repaired by the next make: each step leaves a stamp in .venv when it is done, and what
# stands there without its stamp is thrown away.

SHELL := /bin/sh
.SHELLFLAGS := -eu -c
.ONESHELL:
.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help install demo test lint screenshots bench sim windows attacks mutate fuzz lock sbom clean

# ROS, for one, sets this: foreign packages and pytest plugins would come before ours.
unexport PYTHONPATH PYTHONHOME

# To choose another: make PYTHON=/path/to/python3. Without it the first of these that is new enough, or another that runs
# much faster: a Python compiled without profile-guided optimisation takes 1.7 times as long for a tick.
PYTHONS = $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 $(SYSTEM_PYTHONS))
SYSTEM_PYTHONS = $(addprefix /usr/bin/,python3 python3.14 python3.13 python3.12 python3.11)
RUN := .venv/bin/python -m
LOG := .venv/install.log
# For make mutate alone, which installs it: it brings thirty packages that nobody else needs.
MUTMUT := mutmut>=3.8,<4
# For make fuzz alone, which installs it.
ATHERIS := atheris>=3,<4
# For make lock alone, which installs it beside .venv's own packages: uv resolves once for every Python from 3.11 on, and by
# PyPI itself, whatever indexes this host's pip is told of.
UV := uv>=0.9,<1
# For make sbom alone, likewise.
CYCLONEDX := cyclonedx-bom>=7.2,<8
PYX := $(wildcard */*.pyx */*/*.pyx)

# A venv holds absolute paths: one that was moved or copied here, made by hand, or whose Python is gone is built anew.
ifneq ($(file < .venv/packages)$(wildcard .venv/bin/python),$(CURDIR).venv/bin/python)
$(shell rm -f .venv/packages .venv/compiled .venv/installed)
endif
ifneq ($(strip $(foreach source,$(PYX),$(if $(wildcard $(source:.pyx=.*.so)),,missing))),)
$(shell rm -f .venv/compiled)
endif

help:  ## show this list (the default)
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/\1 \2/p' Makefile | while read -r target text; do
		printf '  make %-11s %s\n' "$$target" "$$text"
	done

install: .venv/installed  ## set up .venv: system libraries (apt), Python packages, compiled modules

demo: install  ## set up if need be, then run both sides for 30 s: two arms follow two hands
	@.venv/bin/farhand demo --seconds 30

test: lint  ## set up if need be, then the whole suite: style, types and tests; CI runs this
	@$(functions)
	say 'testing safety/, which must be covered whole, line and branch'
	$(RUN) pytest -q tests/safety --cov
	say 'testing everything else'
	$(RUN) pytest -m 'not sim and not bench and not attack and not windows' --ignore tests/safety

lint: install  ## check style (ruff) and types (mypy) only
	@$(functions)
	say 'checking style and types'
	$(RUN) ruff check --quiet
	$(RUN) ruff format --check --quiet
	$(RUN) mypy --no-error-summary

screenshots: install  ## draw both windows and their widgets in every state and language, to runs/screenshots
	@$(functions)
	python=.venv/bin/python
	find_missing
	test -z "$$windows" || fail "no pictures without these packages (by their Debian names): $$windows"
	nice $(RUN) bench.screenshots

bench: install  ## measure the figures (pytest-benchmark); see also `.venv/bin/farhand bench --help`
	@$(RUN) pytest -m bench bench tests

sim: install  ## long simulated runs: ten thousand seeds of each procedure, and every planted bug (hours)
	@$(RUN) pytest -m sim

windows: install  ## engage, cut, freeze, take, give and kill in real windows beside real processes (about three minutes)
	@$(RUN) pytest -m windows tests

attacks: install  ## attack a real patient's side while a surgeon works, one attack a test (about three minutes)
	@$(RUN) pytest -m attack tests/attacks

mutate: install  ## change safety/ in thousands of small ways: does a test notice each? (about an hour)
	@$(functions)
	$(RUN) mutmut --help > /dev/null 2>&1 || quietly 'installing mutmut' $(RUN) pip install '$(MUTMUT)'
	rm -rf mutants
	# A test that fails by itself would "kill" every mutant: mutmut runs them clean first, and stops.
	nice $(RUN) mutmut run || fail 'mutmut did not run to its end'
	$(RUN) tests.mutation.check

fuzz: install  ## a million hostile inputs to every decoder, and a siege of the raw ports (about five minutes)
	@$(functions)
	.venv/bin/python -c 'import atheris' 2> /dev/null || quietly 'installing atheris' $(RUN) pip install '$(ATHERIS)'
	nice $(RUN) tests.fuzz.campaign || fail 'inputs that failed are kept in runs/fuzz, beside the log of each decoder'

lock:  ## pin all Python packages anew, with their hashes, in requirements.lock (needs the network)
	@$(functions)
	lock
	find_python
	install_system_packages
	bring uv '$(UV)'
	"$$python" -c '$(print_build_requirements)' > .venv/build.txt
	quietly 'pinning the newest of what pyproject.toml allows' env UV_CUSTOM_COMPILE_COMMAND='make lock' \
		.venv/tools/bin/uv pip compile --no-config --universal --python-version 3.11 --generate-hashes --upgrade --quiet \
		--extra dev pyproject.toml .venv/build.txt --output-file requirements.lock
	say 'requirements.lock is new: run make test, then commit it'

sbom: install  ## write sbom.cdx.json: what is installed, with versions and licences (CycloneDX)
	@$(functions)
	python=.venv/bin/python
	bring cyclonedx-py '$(CYCLONEDX)'
	quietly 'listing Python packages' .venv/tools/bin/python -m cyclonedx_py environment --pyproject pyproject.toml \
		--mc-type application --sv 1.6 --output-file .venv/packages.cdx.json .venv/bin/python
	list_system_packages
	.venv/tools/bin/python -m tests.supply.sbom .venv/packages.cdx.json "$$(.venv/bin/python -c '$(print_python)')" $$listed

clean:  ## remove .venv and all that was built
	@rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	rm -rf mutants
	rm -f $(PYX:.pyx=.c) $(PYX:.pyx=.*.so)
	find . -name __pycache__ -prune -exec rm -rf {} +


.venv/packages: pyproject.toml requirements.lock
	@$(functions)
	lock
	! up_to_date $@ $^ || exit 0
	find_python
	install_system_packages
	if test ! -e $@; then
		rm -rf .venv
		mkdir .venv
		quietly 'creating .venv' "$$python" -m venv .venv
	fi
	begin $@ '$(CURDIR)'
	# What builds comes first: a package that is built here then fetches no build tool past the lock.
	.venv/bin/python -c '$(print_build_entries)' > .venv/build.lock
	quietly 'installing build tools' $(RUN) pip install --require-hashes --requirement .venv/build.lock
	quietly 'installing Python packages (about a minute)' \
		$(RUN) pip install --require-hashes --no-build-isolation --requirement requirements.lock
	end $@

# The Python that compiled, Cython and numpy are in the stamp: when one changes, all is compiled again.
.venv/compiled: .venv/packages setup.py $(PYX) $(wildcard */*.pxd */*/*.pxd)
	@$(functions)
	lock
	! up_to_date $@ $^ || exit 0
	versions=$$(.venv/bin/python -c 'import sys, Cython, numpy; print(sys.version, Cython.__version__, numpy.__version__)')
	if test "$$versions" = "$$(cat $@ 2>/dev/null)" && up_to_date $@ setup.py; then
		task='compiling what changed'
	else
		task='compiling (about half a minute)'
		rm -rf build $(PYX:.pyx=.c)
	fi
	begin $@ "$$versions"
	quietly "$$task" .venv/bin/python setup.py build_ext --inplace
	end $@

# Editable: the packages that run are those of this folder.
.venv/installed: .venv/packages | .venv/compiled
	@$(functions)
	lock
	! up_to_date $@ $^ || exit 0
	begin $@ ''
	quietly 'installing the farhand command' $(RUN) pip install --no-deps --no-build-isolation --editable .
	end $@
	say "ready ($(LOG) tells what was done)"


# Python without indented lines: make takes the white space from the start of a recipe's lines.
define print_build_requirements
import pathlib, tomllib
print(*tomllib.loads(pathlib.Path("pyproject.toml").read_text())["build-system"]["requires"], sep="\n")
endef

# Their entries in requirements.lock: each begins at the margin, its hashes are indented.
define print_build_entries
import pathlib, re, tomllib
requires = tomllib.loads(pathlib.Path("pyproject.toml").read_text())["build-system"]["requires"]
names = {re.match(r"[\w.-]+", each)[0].lower() for each in requires}
entries = re.split(r"\n(?=\S)", pathlib.Path("requirements.lock").read_text())
print(*(entry for entry in entries if entry.partition("==")[0] in names), sep="\n")
endef

# Prints where the interpreter itself lies, so that .venv does not hang on another venv that happens to be active.
define print_python
import os, sys
print(os.path.realpath(sys._base_executable))
sys.exit(sys.version_info < (3, 11))
endef

# Prints how many microseconds a thousand turns of a small loop take: the best of many, so that a busy host hardly counts.
define print_speed
import timeit
print(int(min(timeit.repeat("x = (x[1], x[0] + 1.0); y = min(x)", "x = (0.0, 1.0)", number=1000, repeat=1000)) * 1e6))
endef

define functions
say() { echo "farhand: $$*"; }

fail() { say "$$*" >&2; exit 1; }

# One make at a time sets up. The processes of one that was killed hold the lock until they have ended, too.
lock() {
	exec 9< Makefile
	flock --nonblock 9 || { say 'waiting until another make has set up this folder'; flock 9; }
}

# up_to_date STAMP FILE...
up_to_date() {
	done=$$1; shift
	test -e "$$done" || return 1
	for file; do
		! test "$$file" -nt "$$done" || return 1
	done
}

# begin STAMP TEXT, end STAMP. The stamp gets the time of the begin: what is edited meanwhile is newer. A step that fails
# gets its old stamp back and is tried again as it stands; only one that was killed in the middle starts from nothing.
begin() {
	stamp=$$1
	mv -f "$$stamp" "$$stamp.before" 2> /dev/null || rm -f "$$stamp.before"
	echo "$$2" > .venv/begun
}
end() {
	mv .venv/begun "$$1"
	rm -f "$$1.before"
}

# quietly TASK COMMAND...: one line for people; the rest is logged, and its end shown on failure.
quietly() {
	say "$$1"
	task=$$1; shift
	"$$@" >> $(LOG) 2>&1 && return
	test ! -e "$${stamp:-}.before" || mv "$$stamp.before" "$$stamp"
	tail -n 15 $(LOG) >&2
	! grep -qE 'Temporary failure|Failed to fetch|NewConnection|NameResolution|[Tt]imed out' $(LOG) ||
		say 'the package index was not reached: is there a network, and https_proxy set where it needs one?' >&2
	! tail -n 15 $(LOG) | grep -q 'DO NOT MATCH THE HASHES' ||
		say 'what came is not what requirements.lock names (see Expected and Got above): a damaged download, or not the real package' >&2
	fail "failed while $$task. The whole log is in $(LOG). Once the cause is gone, run make again."
}

find_python() {
	python=
	fastest=
	for candidate in $(PYTHONS); do
		found=$$("$$candidate" -c '$(print_python)' 2>/dev/null) || continue
		test "$$found" != "$$python" || continue
		speed=$$("$$found" -c '$(print_speed)')
		if test -z "$$python" || { test $$((speed * 5)) -lt $$((fastest * 4)) && can_serve "$$found"; }; then
			python=$$found fastest=$$speed
		fi
	done
	test -z "$$python" || return 0
	found=$$(for candidate in $(PYTHONS); do "$$candidate" --version 2>/dev/null || true; done | tr '\n' ' ')
	fail "needs Python 3.11 or later; found: $${found:-none}. Install python3.11 or later, or name one:" \
		"make PYTHON=/path/to/python3"
}

# Sets `missing` to the Debian names of what this system lacks, and `windows` to those that only windows, their sound and
# their tests need. evdev compiles against linux/input.h.
find_missing() {
	version=$$("$$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
	include=$$("$$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')
	cc=$${CC:-$$("$$python" -c 'import sysconfig; print(sysconfig.get_config_var("CC"))')}
	missing=
	printf '#include <stdlib.h>\n#include <linux/input.h>\n' | $$cc -E - > /dev/null 2>&1 || missing="gcc libc6-dev"
	test -e "$$include/Python.h" || missing="$$missing $$version-dev"
	"$$python" -c 'import ensurepip, venv' 2> /dev/null || missing="$$missing $$version-venv"
	windows=$$("$$python" -I protocol/desktop.py)
}

# Sets `listed` to the Debian names of all that set-up would install where it is missing.
list_system_packages() {
	version=$$("$$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
	listed="gcc libc6-dev $$version-dev $$version-venv $$("$$python" -I protocol/desktop.py all)"
}

# bring COMMAND REQUIREMENT: a tool of one target alone, in a venv beside ours: what is installed stays what is locked.
bring() {
	test ! -x ".venv/tools/bin/$$1" || return 0
	mkdir -p .venv
	test -x .venv/tools/bin/python || quietly 'creating .venv/tools' "$$python" -m venv .venv/tools
	quietly "installing $$1" .venv/tools/bin/python -m pip install "$$2"
}

# can_serve PYTHON: whether it has what a venv and compiling take, or we may install that. A plainer Python that is
# complete is better than one that somebody would have to be called for. In a shell of its own, for what it sets.
can_serve() (
	python=$$1
	find_missing
	test -z "$$missing" || { test "$$(id -u)" = 0 && command -v apt-get > /dev/null; }
)

# First complete what was interrupted. A dpkg outlives the apt that was killed above it; on a machine just started another
# may be upgrading the system: wait for either, up to ten minutes.
install_by_apt() {
	quietly "installing system packages: $$1" sh -euc "
		tries=0
		until dpkg --configure -a; do tries=\$$((tries + 1)); test \$$tries -lt 300; sleep 2; done
		apt-get update
		DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends $$1"
}

# What only windows need stops nobody: without it all else works, and tests of windows are skipped.
install_system_packages() {
	find_missing
	test -n "$$missing$$windows" || return 0
	if ! command -v apt-get > /dev/null; then
		test -z "$$missing" || fail "this system lacks (by their Debian names): $$missing. Install them, then run make again."
		say "no windows will open: this system lacks (by their Debian names): $$windows" >&2
		return 0
	fi
	if test "$$(id -u)" != 0; then
		as_root=su
		! command -v sudo > /dev/null || as_root='sudo sh'
		test -n "$$missing" || say 'no windows will open, for this system lacks some packages; all else works. To install them:' >&2
		test -z "$$missing" || say 'this system lacks some packages. Type this, then run make again:' >&2
		echo "    $$as_root -c 'apt-get update && apt-get install -y --no-install-recommends $$missing $$windows'" >&2
		test -z "$$missing" || exit 1
		return 0
	fi
	mkdir -p .venv
	test -n "$$missing" || { (install_by_apt "$$windows") || say "no windows will open, for they were not installed: $$windows" >&2; return 0; }
	install_by_apt "$$missing $$windows"
	find_missing
	test -z "$$missing" || fail "$$missing still missing for $$python, although installed. Try another: make PYTHON=/usr/bin/python3"
	test -z "$$windows" || say "no windows will open: $$windows still missing, although installed" >&2
}
endef
