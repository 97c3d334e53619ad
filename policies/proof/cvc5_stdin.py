"""Speaks SMT-LIB on standard input and output, as the program cvc5 does, which no package brings: its library does."""

import re
import sys

import cvc5

# What can hold a parenthesis that is none: a comment, a string, a quoted name.
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
