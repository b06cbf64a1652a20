// Gives the precompiled header a target of its own, which every other target reuses.
