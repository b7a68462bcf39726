// Entry point of every page: mounts behaviours on elements that ask for them.
