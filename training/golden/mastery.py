#!/usr/bin/env python3
"""Writes libs/mastery/src/tracing/golden.json: predictions of a reference implementation in numpy for generated learners.

  python3 training/golden/mastery.py FOLDER > libs/mastery/src/tracing/golden.json

FOLDER holds knowledge_tracing_reference.py. Learners, items, skills and weights are drawn from a fixed seed; the weights are
not fitted, so that every feature counts.
"""
import json
import sys

import numpy as np

sys.path.insert(0, sys.argv[1])
import knowledge_tracing_reference as reference  # noqa: E402

SKILLS, ITEMS, LEARNERS, STEPS = 18, 40, 14, 60


def pattern(answers):
    """A leading 1, then one bit for each answer, the latest lowest."""
    code = 1
    for answer in answers:
        code = code << 1 | answer
    return code


SIMPLE = {
    'b': 'bias', 'ta': 'all attempts', 'tw': 'all right', 'ia': 'item attempts', 'iw': 'item right', 'gw': 'mean right',
    'gf': 'mean wrong', 'acc': 'accuracy', 'e3': 'average 3', 'e10': 'average 10', 'e30': 'average 30', 'r10': 'residual 10',
    'r30': 'residual 30', 'bi': 'item difficulty', 'bs': 'skills difficulty', 'bibs_n': 'difficulty gap', 'sr': 'skill residual',
    'sd': 'skill average', 'sd5': 'skill fast', 'gap': 'gap', 'gapxsd': 'gap × average', 'srn': 'residual × attempts',
    'sdn': 'average × attempts', 'pos': 'position', 'rxb': 'residual × difficulty', 'fa': 'first', 'nm': 'streaks',
    'nsk': 'skills met', 'nmr': 'streaks a skill', 'r5': 'residual 5',
}
NUMBERED = {
    's': 'skill', 'i': 'item', 'sa': 'skill attempts', 'sw': 'skill right', 'dup': 'same item again', 'il': 'item last', 'ilg': 'item gap',
    'r30_': 'skill × residual 30', 'sd_': 'skill × average', 'gap_': 'skill × gap', 'fa_': 'skill × first', 'pi': 'item × last',
    'fan': 'firsts', 'bq': 'difficulty bin', 'zq': 'level bin', 'x': 'skill transfer', 'last': 'last', 'seen': 'seen',
}


def feature(key):
    """Our name of a feature, and its arguments."""
    if isinstance(key, str):
        return [SIMPLE[key]]
    name, *arguments = key
    if name == 'pat':
        return ['pattern', pattern(arguments[0])]
    if name == 'pa':
        return ['pattern × attempts', pattern(arguments[0]), arguments[1]]
    if name == 'ps':
        return ['skill pattern', arguments[0], pattern(arguments[1])]
    if name == 'rl':
        return ['run', arguments[0], 2 if arguments[1] is None else arguments[1]]
    return [NUMBERED[name], *(int(argument) for argument in arguments)]


def main():
    rng = np.random.default_rng(20261125)
    skills = [tuple(sorted(int(s) for s in rng.choice(SKILLS, size=rng.integers(1, 4), replace=False))) for _ in range(ITEMS)]
    learners = []
    for _ in range(LEARNERS):
        ability = rng.normal(0.3, 1)
        items = [int(i) for i in rng.integers(0, ITEMS, size=STEPS)]
        answers = [int(rng.random() < 1 / (1 + np.exp(-ability - 0.05 * (i - ITEMS / 2)))) for i in items]
        learners.append((items, [skills[i] for i in items], answers))
    half = LEARNERS // 2
    difficulties, _ = reference.difficulties(learners[:half])
    vocabulary = reference.Vocab()
    reference.featurize(learners, vocabulary, difficulties, None, 'max', False)
    vocabulary.frozen = True
    model = reference.LR(len(vocabulary), 1.0)
    model.w = rng.normal(0, 0.2, len(vocabulary))
    rows = reference.featurize(learners, vocabulary, difficulties, None, 'max', False)
    predictions = model.p(rows[:3])
    json.dump({
        'skills': skills,
        'learners': [{'items': items, 'answers': answers} for items, _, answers in learners],
        'difficultiesFrom': half,
        'weights': [[*feature(key), float(model.w[column])] for key, column in vocabulary.items()],
        'predictions': [float(p) for p in predictions],
    }, sys.stdout, separators=(',', ':'), ensure_ascii=False)
    print()


main()
