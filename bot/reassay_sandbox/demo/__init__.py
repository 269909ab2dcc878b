"""The demo: the whole main job on a local GitHub, told as a story whose every claim is checked."""
