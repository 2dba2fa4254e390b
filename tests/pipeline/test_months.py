"""The cut of a month into files depends on nothing but its articles."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from stance.ids import content_id
from stance.pipeline.months import FILE_ARTICLES, bucket_of, buckets_for

sizes = st.integers(0, 3_000_000)
ids = st.lists(st.integers().map(content_id), min_size=1, max_size=50)
powers = st.integers(0, 10).map(lambda power: 2**power)


@given(sizes)
def test_files_are_as_few_as_hold_the_articles(articles: int) -> None:
    buckets = buckets_for(articles)
    assert articles <= FILE_ARTICLES * buckets
    assert buckets == 1 or articles > FILE_ARTICLES * buckets // 2
    assert buckets & (buckets - 1) == 0


@given(ids, powers)
def test_finer_cuts_split_coarser_ones(names: list[str], buckets: int) -> None:
    array = pa.chunked_array([pa.array(names)])
    coarse, fine = bucket_of(array, buckets), bucket_of(array, 2 * buckets)
    assert (fine // 2 == coarse).all()
    assert ((coarse >= 0) & (coarse < buckets)).all()
