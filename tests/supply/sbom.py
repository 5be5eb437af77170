"""The list of all that is installed, as CycloneDX: `make sbom`.

cyclonedx-py lists the Python packages. Added here: the interpreter, the Debian packages that set-up asks for, as dpkg
knows them, and the libraries that wheels bring along, by their hashes. The whole is checked against the schema.
"""

import argparse
import hashlib
import json
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.tree import ROOT

SBOM = ROOT / "sbom.cdx.json"
QUERY = "${db:Status-Status}\t${Package}\t${Version}\t${Architecture}\n"
QT_FOLDER, QT_OWNER = "PySide6/Qt/lib", "pyside6_essentials"
Component = dict[str, Any]


def debian_components(told: str, system: dict[str, str]) -> list[Component]:
    """Of dpkg-query's answer in the form of QUERY: what is installed. `system` is /etc/os-release."""
    found = []
    for line in told.splitlines():
        status, name, version, machine = line.split("\t")
        if status == "installed":
            distro = f"{system['ID']}-{system.get('VERSION_ID', 'rolling')}"
            purl = f"pkg:deb/{system['ID']}/{quote(name, '')}@{quote(version, '')}?arch={machine}&distro={distro}"
            found.append({"type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl})
    return sorted(found, key=lambda component: component["name"])


def bundled_components(site: Path) -> dict[str, list[Component]]:
    """The shared libraries that wheels brought along, by the package: auditwheel's `NAME.libs`, and Qt itself."""
    found: dict[str, list[Component]] = {}
    files = (*site.glob("*.libs/*.so*"), *site.glob(f"{QT_FOLDER}/*.so*"))
    for file in sorted(files):
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        owner = file.parent.name.removesuffix(".libs") if file.parent.suffix == ".libs" else QT_OWNER
        component = {
            "type": "library",
            "name": file.name,
            "bom-ref": f"{owner}/{file.name}",
            "hashes": [{"alg": "SHA-256", "content": digest}],
        }
        found.setdefault(owner, []).append(component)
    return found


def whole(packages: Component, beside: list[Component], bundled: dict[str, list[Component]]) -> Component:
    """cyclonedx-py's list of packages, completed. Raises ValueError for libraries of a package that is not listed."""
    components = []
    left = dict(bundled)
    for package in packages["components"]:
        parts = left.pop(package["name"].lower().replace("-", "_"), [])
        components.append({**package, "components": [*package.get("components", []), *parts]} if parts else package)
    if left:
        raise ValueError(
            f"libraries of packages that are not listed: {', '.join(left)}; run make clean, then make sbom"
        )
    root = packages["metadata"]["component"]["bom-ref"]
    refs = [component["bom-ref"] for component in beside]
    dependencies = [
        {**each, "dependsOn": [*each.get("dependsOn", []), *refs]} if each["ref"] == root else each
        for each in packages["dependencies"]
    ]
    dependencies += [{"ref": ref} for ref in refs]
    return {**packages, "components": [*components, *beside], "dependencies": dependencies}


def interpreter(told: str) -> Component:
    """The Python that runs ours, by its own words: its implementation and version."""
    name, version = told.split()
    purl = f"pkg:generic/{name.lower()}@{version}"
    return {"type": "platform", "name": name, "version": version, "purl": purl, "bom-ref": purl}


def beside_packages(python: Path, names: list[str]) -> list[Component]:
    """The interpreter `python`, and what dpkg has of the packages `names`. Without dpkg, the interpreter alone."""
    ask = "import platform; print(platform.python_implementation(), platform.python_version())"
    told = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout
    found = [interpreter(told)]
    if shutil.which("dpkg-query"):
        # It complains of names that it does not know, and tells of the others.
        query = ["dpkg-query", "--show", f"--showformat={QUERY}", *names]
        told = subprocess.run(query, capture_output=True, text=True, check=False).stdout
        found += debian_components(told, platform.freedesktop_os_release())
    return found


def check(content: str) -> None:
    """Raises SystemExit with what CycloneDX's schema does not allow."""
    from cyclonedx.schema import SchemaVersion  # noqa: PLC0415  (only make sbom has it)
    from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415

    version = SchemaVersion.from_version(json.loads(content)["specVersion"])
    error = JsonStrictValidator(version).validate_str(content)
    if error is not None:
        sys.exit(f"farhand: the list is no valid CycloneDX {version.to_version()}: {error}")


def main() -> None:
    """Complete the list that cyclonedx-py wrote, check it and write it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("packages", type=Path, help="cyclonedx-py's list of .venv")
    parser.add_argument("python", type=Path, help="the interpreter under .venv")
    parser.add_argument("debian", nargs="*", help="Debian packages that set-up asks for")
    given = parser.parse_args()
    beside = beside_packages(given.python, given.debian)
    site = next((ROOT / ".venv" / "lib").glob("python*/site-packages"))
    packages = json.loads(given.packages.read_text(encoding="utf-8"))
    bundled = bundled_components(site)
    content = json.dumps(whole(packages, beside, bundled), indent=2) + "\n"
    check(content)
    SBOM.write_text(content, encoding="utf-8")
    libraries = sum(map(len, bundled.values()))
    print(
        f"farhand: {SBOM.name}: {len(packages['components'])} Python packages, {libraries} libraries within them,"
        f" {len(beside)} of the system; valid CycloneDX {packages['specVersion']}"
    )


if __name__ == "__main__":
    main()
