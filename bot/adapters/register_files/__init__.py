"""Reading a register from files. The public door: `read_register` and the trees it reads."""

from bot.adapters.register_files.configuration import CONFIGURATION_PATH
from bot.adapters.register_files.links import read_following
from bot.adapters.register_files.reader import read_register
from bot.adapters.register_files.tree import File, Mode, Tree, is_wanted
from bot.adapters.register_files.two_sides import read_two
from bot.adapters.register_files.working_tree import WorkingTree
from bot.domain.register.limits import MAX_FILE_BYTES

__all__ = [
    "CONFIGURATION_PATH",
    "MAX_FILE_BYTES",
    "File",
    "Mode",
    "Tree",
    "WorkingTree",
    "is_wanted",
    "read_following",
    "read_register",
    "read_two",
]
