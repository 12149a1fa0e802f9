# What a developer can do here. `.venv/bin/just` lists it; CI calls the same recipes.

set positional-arguments

export PATH := justfile_directory() / ".venv" / "bin" + ":" + env("PATH")

# list the recipes
default:
    @just --list

# what main must pass; .ci/run does the same from a clean clone, by the commands of the README
check: lint types layers test demo

# all tests, or those that are named
test *tests:
    pytest -q -n 2 "$@"

# all tests again, on PostgreSQL what they keep in files of SQLite otherwise
test-postgresql *tests:
    KOHYO_TESTS_ON=postgresql pytest -q -n 2 "$@"

# tests without browsers, other programs, killed processes and whole stories
test-fast *options:
    pytest -q -n 2 --ignore tests/feeds/browser --ignore tests/feeds/clients --ignore tests/demo \
        --ignore tests/feeds/test_notify_killed.py --ignore tests/feeds/test_hostile.py "$@"

# style, and what a linter knows of mistakes
lint:
    ruff check .
    ruff format --check .

# types, strictly
types:
    mypy

# who may import whom
layers:
    lint-imports

# the documents: do they say what the code does, and do their commands run?
docs:
    pytest -q tests/docs

# the incident that kohyo starts from, lived through on loopback
demo:
    kohyo demo

# what silence and alarms, facts and reading are worth; takes minutes
bench:
    python -m bench.truth
    python -m bench.facts
    python bench/reading.py
    python -m bench.incidents

# what kohyo costs beside plain Scrapy and other watchers, and whether that grows; takes an hour
bench-speed *options:
    python -m bench.speed "$@"

# how late news is seen, beside other policies at equal requests; takes minutes
bench-freshness *options:
    python -m bench.freshness "$@"

# what serving and publishing take, in one run on one archive
bench-serving *options:
    python -m bench.serving "$@"

# what picking the pages that are due costs among a million
bench-due *options:
    python -m bench.due "$@"

# many runs at once, killed and cut off, over hosts that note how they are asked
together *options:
    python -m tests.fire.together "$@"

# the same with workers that share visits; with --throughput four of them beside one
sharing *options:
    python -m tests.fire.sharing "$@"

# the pictures of the README, with a Chromium on the machine
screenshots:
    python -m tests.feeds.browser.screenshots

# the wheel, which holds exactly the four packages
wheel:
    rm -rf dist
    pip wheel -q --no-deps -w dist .
    test "$(python -m zipfile -l dist/*.whl | sed 1d | cut -d/ -f1 | grep -v dist-info | sort -u | xargs)" \
        = "feeds monitor spiders storage"

# the manual page, of what --help says
man:
    mkdir -p dist && python -m monitor.cli.upkeep.man_page > dist/kohyo.1

# every dependency pinned by hash, to publish beside a release; wants uv. Git holds uv.lock, which says the same
requirements:
    uv export -q --locked --no-dev --no-emit-project --extra postgres --extra notify -o dist/requirements.txt

# what outsiders, kills and full disks can do, in the long form; takes hours
fire:
    KOHYO_FIRE_EXAMPLES=500 pytest -q tests/fire
    python -m tests.fire.killing --points 200
    python bench/mutants.py --sample 300
