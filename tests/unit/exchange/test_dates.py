"""Days that no record can hold are refused, so that nothing counts from them."""

import pytest

from multifocal.exchange.dates import day_of


@pytest.mark.parametrize("text", ["9999-12-31", "2999", "0001-01-01", "2026-13", "2026-02-30", "x"])
def test_a_day_that_can_not_be_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a date|must be in|out of range"):
        day_of(text)
