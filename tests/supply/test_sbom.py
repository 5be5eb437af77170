"""The list of what is installed leaves out nothing that it was told of, and invents nothing."""

import hashlib

import pytest

from tests.supply.sbom import bundled_components, debian_components, interpreter, whole

TOLD = "installed\tgcc\t4:12.2.0-3\tamd64\nnot-installed\tpython3.11-venv\t\tamd64\ninstalled\tg++\t1.2+deb12u1\tall\n"
DEBIAN = {"ID": "debian", "VERSION_ID": "12"}
PYZMQ = {"type": "library", "name": "pyzmq", "version": "27.1.0", "bom-ref": "pyzmq==27.1.0"}
PACKAGES = {
    "specVersion": "1.6",
    "metadata": {"component": {"bom-ref": "root-component", "name": "farhand"}},
    "components": [PYZMQ],
    "dependencies": [{"ref": "root-component", "dependsOn": ["pyzmq==27.1.0"]}, {"ref": "pyzmq==27.1.0"}],
}


@pytest.fixture
def bundled(tmp_path):
    (tmp_path / "pyzmq.libs").mkdir()
    (tmp_path / "pyzmq.libs" / "libzmq-1.so.5").write_bytes(b"code")
    (tmp_path / "pyzmq").mkdir()
    return bundled_components(tmp_path)


def test_debian_packages_that_are_installed_are_named_with_their_versions():
    assert [(each["name"], each["version"]) for each in debian_components(TOLD, DEBIAN)] == [
        ("g++", "1.2+deb12u1"),
        ("gcc", "4:12.2.0-3"),
    ]


def test_their_addresses_are_those_of_the_package_url_specification():
    assert [each["purl"] for each in debian_components(TOLD, DEBIAN)] == [
        "pkg:deb/debian/g%2B%2B@1.2%2Bdeb12u1?arch=all&distro=debian-12",
        "pkg:deb/debian/gcc@4%3A12.2.0-3?arch=amd64&distro=debian-12",
    ]


def test_a_library_that_a_wheel_brought_stands_under_its_package_with_its_hash(bundled):
    (package,) = whole(PACKAGES, [], bundled)["components"]
    (library,) = package["components"]
    assert library["name"] == "libzmq-1.so.5"
    assert library["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(b"code").hexdigest()}]


def test_qts_own_libraries_stand_under_the_wheel_that_brings_them(tmp_path):
    folder = tmp_path / "PySide6" / "Qt" / "lib"
    folder.mkdir(parents=True)
    (folder / "libQt6Core.so.6").write_bytes(b"code")
    (library,) = bundled_components(tmp_path)["pyside6_essentials"]
    assert library["bom-ref"] == "pyside6_essentials/libQt6Core.so.6"


def test_a_library_of_a_package_that_is_not_listed_is_told(bundled):
    with pytest.raises(ValueError, match="pyzmq"):
        whole({**PACKAGES, "components": []}, [], bundled)


def test_what_is_not_of_python_stands_beside_the_packages_and_the_root_depends_on_it():
    python = interpreter("CPython 3.11.2\n")
    listed = whole(PACKAGES, [python], {})
    assert listed["components"] == [PYZMQ, python]
    assert python["version"] == "3.11.2"
    assert listed["dependencies"] == [
        {"ref": "root-component", "dependsOn": ["pyzmq==27.1.0", "pkg:generic/cpython@3.11.2"]},
        {"ref": "pyzmq==27.1.0"},
        {"ref": "pkg:generic/cpython@3.11.2"},
    ]
