"""The slash commands: one grammar, from which help and the reference are generated.

    /reassay <verb> [arguments] [because <reason>]

is at the start of a line of a comment. Quotes, code and HTML comments are ignored, several lines are several
commands in order, and text around them is talk. A verb is one module here: a new one is a file with its COMMAND, and a
line in COMMANDS of `registry.py`.
"""
