"""The tables on disk or in an object store: schemas, atomic files, manifests, readers."""

from stance.store.folder import Folder, LocalFolder


def open_folder(root: str) -> Folder:
    """Return the file operations of an output: a folder's path, or an address that fsspec knows (`s3://bucket/news`).

    Raises:
        ConfigError: no installed library speaks the address's protocol.
    """
    if root.startswith("file://"):
        return LocalFolder(root.removeprefix("file://"))
    if "://" not in root:
        return LocalFolder(root)
    from stance.store.objects import ObjectFolder

    return ObjectFolder(root)
