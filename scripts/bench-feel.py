#!/usr/bin/env python3
"""FEEL on the DMN TCK: turns every decision that is an expression into a case and compares the values.

    scripts/bench-feel.py TCK [--program target/release/zhaoxi] [--show N]

TCK is a checkout of the DMN Technology Compatibility Kit. What a decision needs (inputs, other decisions, functions) becomes entries of a
context around its expression. Left out, and counted: decision tables, decision services, imported models, programs in Java. Values of a
type that the model asks for are compared as the expression gives them, because coercion to that type is the model's and not FEEL's.
"""
import argparse
import csv
import json
import re
import subprocess
import tempfile
import xml.etree.ElementTree as tree
from decimal import Decimal
from pathlib import Path

EXPRESSIONS = {"literalExpression", "context", "invocation", "list", "conditional", "for", "some", "every", "filter",
               "functionDefinition", "decisionTable", "relation"}
# Folders whose cases test the model around the expressions: programs in Java, types of decisions, decision services.
OF_MODELS = ("0076-", "0082-", "0085-")


class LeftOut(Exception):
    """Why a decision is no case."""


def local(element):
    return element.tag.rsplit("}", 1)[-1]


def children(element, name):
    return [child for child in element if local(child) == name]


def child(element, name):
    return next(iter(children(element, name)), None)


def expression_in(element):
    found = [one for one in element if local(one) in EXPRESSIONS]
    if not found:
        raise LeftOut("no logic")
    return text_of(found[0])


def text_of(element) -> str:
    """An expression of a model as FEEL."""
    kind = local(element)
    part = lambda name: expression_in(child(element, name))
    if kind == "literalExpression":
        written = child(element, "text")
        return (written.text or "") if written is not None else ""
    if kind == "context":
        entries, result = [], None
        for entry in children(element, "contextEntry"):
            variable = child(entry, "variable")
            if variable is None:
                result = expression_in(entry)
            else:
                entries.append(f"{variable.get('name')}: {expression_in(entry)}")
        if result is None:
            return "{" + ", ".join(entries) + "}"
        return "{" + ", ".join([*entries, f"z__result: {result}"]) + "}.z__result"
    if kind == "invocation":
        given = [f"{child(one, 'parameter').get('name')}: {expression_in(one)}" for one in children(element, "binding")]
        return f"{expression_in(element)}({', '.join(given)})"
    if kind == "list":
        return "[" + ", ".join(text_of(one) for one in element if local(one) in EXPRESSIONS) + "]"
    if kind == "conditional":
        return f"if {part('if')} then {part('then')} else {part('else')}"
    if kind == "for":
        return f"for {element.get('iteratorVariable')} in {part('in')} return {part('return')}"
    if kind in ("some", "every"):
        return f"{kind} {element.get('iteratorVariable')} in {part('in')} satisfies {part('satisfies')}"
    if kind == "filter":
        return f"({part('in')})[{part('match')}]"
    if kind == "functionDefinition":
        return function(element)
    raise LeftOut(kind)


def function(element) -> str:
    if element.get("kind", "FEEL") != "FEEL":
        raise LeftOut("external")
    names = ", ".join(one.get("name") for one in children(element, "formalParameter"))
    return f"function({names}) {expression_in(element)}"


def value_of(element):
    """A value of a test, as FEEL and as what is to be compared."""
    kind_of = "{http://www.w3.org/2001/XMLSchema-instance}"
    value, items, parts = child(element, "value"), child(element, "list"), children(element, "component")
    if value is not None:
        if value.get(kind_of + "nil") == "true":
            return "null", None
        kind, text = (value.get(kind_of + "type") or "xsd:string").split(":")[-1], value.text or ""
        if kind in ("decimal", "double", "float", "integer", "int", "long"):
            return text, Decimal(text)
        if kind == "boolean":
            return text.strip(), text.strip() == "true"
        call = {"date": "date", "time": "time", "dateTime": "date and time", "duration": "duration"}.get(kind)
        if call:
            return f'{call}("{text}")', ("duration", text) if kind == "duration" else text
        return json.dumps(text, ensure_ascii=False), text
    if items is not None and items.get(kind_of + "nil") != "true":
        found = [value_of(one) for one in children(items, "item")]
        return "[" + ", ".join(text for text, _ in found) + "]", [value for _, value in found]
    if parts:
        found = {one.get("name"): value_of(one) for one in parts}
        return "{" + ", ".join(f"{name}: {text}" for name, (text, _) in found.items()) + "}", {n: v for n, (_, v) in found.items()}
    return "null", None


def case_of(model, name, inputs) -> str:
    """A decision of a model with all it needs, as one expression."""
    decisions = {one.get("name"): one for one in model if local(one) == "decision"}
    if name not in decisions:
        raise LeftOut("decision service")
    by_id, entries, seen = {one.get("id"): one for one in model if one.get("id")}, [], set()

    def need(element):
        for requirement in children(element, "informationRequirement") + children(element, "knowledgeRequirement"):
            for reference in requirement:
                other = by_id.get(reference.get("href", "").rsplit("#", 1)[-1])
                if other is None:
                    raise LeftOut("import")
                if other.get("name") in seen:
                    continue
                seen.add(other.get("name"))
                kind = local(other)
                if kind == "inputData":
                    entries.append((other.get("name"), inputs.get(other.get("name"), "null")))
                elif kind == "decision":
                    need(other)
                    entries.append((other.get("name"), expression_in(other)))
                elif kind == "businessKnowledgeModel":
                    need(other)
                    entries.append((other.get("name"), function(child(other, "encapsulatedLogic"))))
                else:
                    raise LeftOut(kind)

    need(decisions[name])
    text = expression_in(decisions[name])
    return "{" + ", ".join(f"{key}: {one}" for key, one in [*entries, ("z__z", text)]) + "}.z__z" if entries else text


def cases_in(folder: Path):
    cases, left_out = [], {}
    for file in sorted((folder / "TestCases").glob("compliance-level-*/*/*-test-*.xml")):
        tests = tree.parse(file).getroot()
        try:
            model = tree.parse(file.parent / child(tests, "modelName").text).getroot()
        except OSError:
            continue
        for test in children(tests, "testCase"):
            inputs = {one.get("name"): value_of(one)[0] for one in children(test, "inputNode")}
            for result in children(test, "resultNode"):
                expected = child(result, "expected")
                try:
                    text = case_of(model, result.get("name"), inputs)
                    named = f"{file.stem}/{test.get('id')}/{result.get('name')}"
                    cases.append((named, text, value_of(expected)[1] if expected is not None else None))
                except LeftOut as why:
                    left_out[str(why)] = left_out.get(str(why), 0) + 1
    return cases, left_out


def length(text):
    parts = re.fullmatch(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?", str(text))
    if not parts:
        return text
    number = [Decimal(one or 0) for one in parts.groups()[1:]]
    sign = -1 if parts[1] else 1
    return sign * (number[0] * 12 + number[1]), sign * (number[2] * 86400 + number[3] * 3600 + number[4] * 60 + number[5])


def alike(expected, found) -> bool:
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, Decimal):
        # The kit itself compares to eight places.
        return isinstance(found, Decimal) and abs(expected - found) <= Decimal("1e-8") * max(1, abs(found))
    if isinstance(expected, tuple):
        return length(expected[1]) == length(found)
    if isinstance(expected, list):
        return isinstance(found, list) and len(expected) == len(found) and all(map(alike, expected, found))
    if isinstance(expected, dict):
        return isinstance(found, dict) and expected.keys() == found.keys() and all(alike(expected[key], found[key]) for key in expected)
    return expected == found


def published(folder: Path):
    results = sorted((folder / "TestResults/DecisionToolkit").glob("*/tck_results.csv"))
    rows = [row[3] for row in csv.reader(results[-1].open(encoding="utf-8"))] if results else []
    return rows.count("SUCCESS"), len(rows)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("tck", type=Path)
    parser.add_argument("--program", default="target/release/zhaoxi")
    parser.add_argument("--show", type=int, default=0)
    arguments = parser.parse_args()
    cases, left_out = cases_in(arguments.tck)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for _, text, _ in cases:
            file.write(json.dumps({"expr": text, "context": {}}, ensure_ascii=False) + "\n")
        file.flush()
        done = subprocess.run([arguments.program, "feel", "--cases", file.name], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert len(lines) == len(cases), (len(lines), len(cases))
    counts, wrong = {True: [0, 0], False: [0, 0]}, []
    for (named, text, expected), line in zip(cases, lines):
        outcome = json.loads(line, parse_float=Decimal, parse_int=Decimal)
        # A text that does not parse has no value: the kit expects null there.
        right = alike(expected, outcome.get("value"))
        of_model = named.startswith(OF_MODELS) or re.search(r"instance of (t\d|t[A-Z]|t_|list<t_)", text) is not None
        counts[of_model][0] += right
        counts[of_model][1] += 1
        if not right:
            wrong.append((named, of_model, text, expected, line))
    good, total = published(arguments.tck)
    right, of = counts[False]
    print(f"FEEL cases                {right} of {of}: {100 * right / of:.2f} %")
    print(f"cases about the model     {counts[True][0]} of {counts[True][1]} (types of decisions, services, programs in Java)")
    print(f"left out                  {sum(left_out.values())}: {left_out}")
    if total:
        print(f"the library, published    {good} of {total}: {100 * good / total:.2f} % (whole models)")
    for named, of_model, text, expected, line in wrong[: arguments.show]:
        print(f"{'model' if of_model else 'FEEL '} {named} | {text[:160]!r} | {expected} | {line[:120]}")


if __name__ == "__main__":
    main()
