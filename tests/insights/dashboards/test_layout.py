"""The grid: tiles never overlap, never leave the twelve columns, and go where they were sent."""

from hypothesis import given
from hypothesis import strategies as st

from insights.dashboards import layout
from insights.dashboards.layout import Box

BOX = st.builds(Box, st.just(0), st.integers(0, 11), st.integers(0, 30), st.integers(1, 12), st.integers(1, 6))
BOXES = st.lists(BOX, max_size=12).map(
    lambda boxes: [Box(n, box.x, box.y, box.w, box.h) for n, box in enumerate(boxes, 1)]
)


def assert_tidy(boxes, ids):
    assert {box.id for box in boxes} == ids
    assert len(boxes) == len(ids)
    for n, box in enumerate(boxes):
        assert box.x >= 0 and box.w >= 1 and box.x + box.w <= 12
        assert not any(box.overlaps(other) for other in boxes[n + 1 :])
        touches_above = any(box.shares_columns(other) and other.bottom == box.y for other in boxes)
        assert box.y == 0 or touches_above, "a tile floats up as far as it can"


@given(BOXES)
def test_compact_is_tidy_and_stays_as_it_is_the_second_time(boxes):
    once = layout.compact(boxes)
    assert_tidy(once, {box.id for box in boxes})
    assert layout.compact(once) == once


@given(BOXES, st.integers(1, 12), st.integers(1, 6))
def test_a_new_tile_finds_room_without_moving_others(boxes, w, h):
    before = layout.compact(boxes)
    after = layout.place(before, 99, w, h)
    assert_tidy(after, {box.id for box in boxes} | {99})
    assert [box for box in after if box.id != 99] == before


@given(BOXES.filter(bool), st.sampled_from(layout.DIRECTIONS), st.data())
def test_every_step_keeps_the_grid_tidy(boxes, direction, data):
    chosen = data.draw(st.sampled_from(boxes)).id
    assert_tidy(layout.step(boxes, chosen, direction), {box.id for box in boxes})


@given(BOXES.filter(bool), st.integers(-5, 20), st.integers(-5, 60), st.data())
def test_a_drag_to_anywhere_keeps_the_grid_tidy(boxes, x, y, data):
    chosen = data.draw(st.sampled_from(boxes)).id
    assert_tidy(layout.move(boxes, chosen, x, y), {box.id for box in boxes})


def test_down_passes_the_next_tile_and_up_comes_back():
    boxes = [Box(1, 0, 0, 6, 4), Box(2, 0, 4, 6, 2), Box(3, 6, 0, 6, 4)]
    down = layout.step(boxes, 1, "down")
    assert down == [Box(2, 0, 0, 6, 2), Box(3, 6, 0, 6, 4), Box(1, 0, 2, 6, 4)]
    assert layout.step(down, 1, "up") == layout.compact(boxes)


def test_right_changes_places_with_an_equal_neighbour():
    boxes = [Box(1, 0, 0, 4, 2), Box(2, 4, 0, 8, 2)]
    assert layout.step(boxes, 1, "right") == [Box(2, 0, 0, 8, 2), Box(1, 8, 0, 4, 2)]


def test_right_goes_one_column_where_there_is_room_and_stops_at_the_edge():
    assert layout.step([Box(1, 0, 0, 6, 2)], 1, "right") == [Box(1, 1, 0, 6, 2)]
    assert layout.step([Box(1, 6, 0, 6, 2)], 1, "right") == [Box(1, 6, 0, 6, 2)]


def test_wider_takes_a_column_and_pushes_the_neighbour_down():
    boxes = [Box(1, 0, 0, 6, 2), Box(2, 6, 0, 6, 2)]
    assert layout.step(boxes, 1, "wider") == [Box(1, 0, 0, 7, 2), Box(2, 6, 2, 6, 2)]
