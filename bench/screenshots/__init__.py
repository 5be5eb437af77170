"""Pictures of both windows and of what they are made of, in every state and language: `make screenshots`.

Drawn on a display in memory from made-up records, so that they show what no run shows at will. Each file of scenes has
`scenes()`; `__main__` lists the files.
"""
