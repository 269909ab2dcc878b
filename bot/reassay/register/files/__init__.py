"""Reading a register from files: `read_register` and the file trees that it reads."""

from reassay.register.configuration import CONFIGURATION_PATH
from reassay.register.files.links import read_following
from reassay.register.files.parsed_files import ParsedFiles
from reassay.register.files.reader import read_register
from reassay.register.files.tree import File, Mode, Tree, is_wanted
from reassay.register.files.working_tree import WorkingTree
from reassay.register.limits import MAX_FILE_BYTES

__all__ = [
    "CONFIGURATION_PATH",
    "MAX_FILE_BYTES",
    "File",
    "Mode",
    "ParsedFiles",
    "Tree",
    "WorkingTree",
    "is_wanted",
    "read_following",
    "read_register",
]
