"""The map's tree from plain values: order, what is served, and what hangs on nothing."""

from roadmaps.plan.goal_map.contracts import MOST_SHOWN, Leaf, Plan, build_tree


def goal(pk, parent=None):
    return Leaf("objective", pk, f"G{pk}"), parent


def opportunity(pk):
    return Leaf("opportunity", pk, f"O{pk}")


def plan(pk, objective=None, *opportunities):
    return Plan(Leaf("initiative", pk, f"I{pk}"), objective, opportunities)


def shape(tree):
    return [
        (one.leaf.title, one.depth, [(b.leaf and b.leaf.title, [i.title for i in b.initiatives]) for b in one.branches])
        for one in tree.goals
    ]


def test_goals_stand_below_what_they_serve_and_initiatives_below_their_opportunity():
    tree = build_tree(
        [goal(1), goal(2, 1), goal(3), goal(4, 99)],
        {2: ["a number"]},
        [opportunity(10), opportunity(11), opportunity(12)],
        [plan(20, 2), plan(21, 2, 10, 11), plan(22, 2, 10), plan(23, 8, 11), plan(24)],
    )
    both = [("O10", ["I21", "I22"]), ("O11", ["I21"]), (None, ["I20"])]
    assert shape(tree) == [("G1", 0, []), ("G2", 1, both), ("G3", 0, []), ("G4", 0, [])]
    loose = tree.loose
    titles = {name: [leaf.title for leaf in getattr(loose, name)] for name in loose.__dataclass_fields__}
    assert titles == {
        "unserved": ["G3", "G4"],  # G1 is served through G2
        "unmeasured": ["G1", "G3", "G4"],
        "aimless": ["I24"],
        "past": ["I23"],
        "baseless": ["I20", "I24"],
        "waiting": ["O12"],
    }


def test_a_circle_of_goals_loses_none_and_ends():
    tree = build_tree([goal(1, 2), goal(2, 1), goal(3, 3)], {}, [], [plan(20, 1)])
    assert sorted(one.leaf.pk for one in tree.goals) == [1, 2, 3]
    assert [one.leaf.pk for one in tree.goals if one.is_served] in ([1, 2], [2, 1])


def test_much_of_one_kind_is_counted_and_an_opportunity_that_is_solved_is_none():
    plans = [plan(100 + place, 1, 10) for place in range(MOST_SHOWN + 3)] + [plan(90, 1, 77)]
    (one,) = build_tree([goal(1)], {}, [opportunity(10)], plans).goals
    assert [(len(branch.initiatives), branch.n_more) for branch in one.branches] == [(MOST_SHOWN, 3), (1, 0)]
    many = [opportunity(number) for number in range(10, 10 + MOST_SHOWN + 2)]
    (one,) = build_tree([goal(1)], {}, many, [plan(50 + one.pk, 1, one.pk) for one in many]).goals
    assert len(one.branches) == MOST_SHOWN and one.n_more == 2
