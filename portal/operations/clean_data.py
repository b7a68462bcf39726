"""Remove everything under `var/` after asking: the work of `make clean-data`."""

import shutil
import sys

from portal import environment
from portal.operations.installation import AlreadyRunning, Installation


def main() -> None:
    """Ask, then empty the folder; refuse while the portal runs over it."""
    var_dir = environment.var_dir()
    if not var_dir.exists() or not any(var_dir.iterdir()):
        print(f"{var_dir} holds nothing.")
        return
    try:
        Installation(var_dir).hold()
    except AlreadyRunning as other:
        sys.exit(f"The portal runs over {var_dir} ({other}). Stop it first.")
    print(f"This removes the database, all events, uploads and backups under {var_dir}.")
    if input("Type yes to go on: ").strip().lower() != "yes":
        sys.exit("Nothing was removed.")
    for path in var_dir.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != "lock":
            path.unlink()
    print("Removed.")


if __name__ == "__main__":
    main()
