"""What both windows show alike: words, colours, alarms and the widgets that draw them.

Qt stands here and in the two windows alone. What decides (words, culprits, alarms, history) is pure and beside it.
"""
