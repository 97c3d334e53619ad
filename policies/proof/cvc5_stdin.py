"""Reads SMT-LIB from standard input and writes the results to standard output, like the program cvc5.

The Python package of cvc5 contains only the library and not the program.
"""

import re
import sys

import cvc5

# Comments, strings and quoted names, whose parentheses do not count.
OPAQUE = re.compile(r';[^\n]*|"(?:[^"]|"")*"|\|[^|]*\|')


def fresh():
    solver = cvc5.Solver()
    parser = cvc5.InputParser(solver)
    return solver, parser, parser.getSymbolManager()


solver, parser, symbols = fresh()
pending = ""
for line in sys.stdin:
    pending += line
    bare = OPAQUE.sub("", pending)
    if bare.count("(") > bare.count(")"):
        continue
    if pending.strip() == "(reset)":
        solver, parser, symbols = fresh()
    elif bare.strip():
        parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, pending, "stdin")
        while not (command := parser.nextCommand()).isNull():
            if answer := command.invoke(solver, symbols):
                sys.stdout.write(str(answer))
                sys.stdout.flush()
    pending = ""
