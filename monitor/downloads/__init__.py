"""What can be taken away: changes as lines for programs and for spreadsheets, visits as files that replay tools read.

Each file is a generator of bytes: nothing is held but the piece that is being written. What is read of an archive is
read in many short transactions; what is found while a file is written is left to the next one.
"""
