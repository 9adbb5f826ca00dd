"""The API held against its own description, with an empty archive and a full one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from web_desk import BASE, WebDesk

from storage.sql import open_archive


def negative_data_is_refused(
    context: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> bool | None:
    """What cannot be meant is refused; also as too long, which schemathesis does not count among refusals."""
    return None if response.status_code in (414, 431) else negative_data_rejection(context, response, case)


HELD = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_is_refused,
    unsupported_method,
]


@pytest.fixture(scope="module")
def empty_desk(tmp_path_factory: pytest.TempPathFactory, web_desk: WebDesk) -> Iterator[WebDesk]:
    """An archive in which nothing ever was."""
    opened = open_archive(f"sqlite:///{tmp_path_factory.mktemp('empty') / 'shixun.db'}")
    yield WebDesk(opened, web_desk.now)
    opened.close()


def hold(desk: WebDesk) -> int:
    """Ask everything that is described, well and badly; how many addresses there were."""
    description = desk.client().get("/api/openapi.json").json()
    schema = schemathesis.openapi.from_dict(description)
    schema.app = desk.app()
    operations = [result.ok() for result in schema.get_all_operations()]
    for operation in operations:
        for mode in GenerationMode:
            if not (mode is GenerationMode.NEGATIVE and not operation.query and not operation.path_parameters):
                _ask(operation.as_strategy(generation_mode=mode))
    assert len(operations) == len(description["paths"])
    return len(operations)


def _ask(strategy: SearchStrategy[schemathesis.Case]) -> None:
    @settings(
        max_examples=5,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def asked(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=f"{BASE}/api", checks=HELD)

    asked()


def test_a_full_archive_answers_as_described(web_desk: WebDesk) -> None:
    assert hold(web_desk) > 20


def test_an_empty_archive_answers_as_described(empty_desk: WebDesk) -> None:
    assert hold(empty_desk) > 20
