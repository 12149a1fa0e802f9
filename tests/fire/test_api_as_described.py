"""The API does what it says of itself, asked whatever its description allows and forbids."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from feeds.web.routes.openapi import describe_api
from tests.feeds import sample
from tests.feeds.test_api import fill
from tests.feeds.test_deciding import application

FEW = 6
ASKED = int(os.environ.get("KOHYO_FIRE_EXAMPLES", FEW))
DESCRIBED = describe_api(writable=True)["paths"]
MODES = [
    pytest.param(mode, method, path, id=f"{mode.name.lower()}-{method}-{path}")
    for path, operations in DESCRIBED.items()
    for method in operations.keys() & {"get", "post"}
    for mode in GenerationMode
    if mode.is_positive or operations[method].get("parameters") or "requestBody" in operations[method]
]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    archive = sample.archive(tmp_path_factory.mktemp("described"))
    fill(archive)
    yield schemathesis.openapi.from_asgi("/api/openapi.json", application(archive).app)
    archive.close()


@pytest.mark.parametrize(("mode", "method", "path"), MODES)
def test_every_answer_is_as_described(described: Any, mode: GenerationMode, method: str, path: str):
    @settings(
        max_examples=ASKED,
        derandomize=ASKED == FEW,  # the same few for everybody; many are asked at random
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=described[path][method.upper()].as_strategy(generation_mode=mode))
    def asked(case: schemathesis.Case) -> None:
        # 400 is the documented answer to words that cannot be searched for, and to rows that are not there.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    asked()
