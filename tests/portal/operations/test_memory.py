"""What is loaded is kept out of the garbage collector's sight in web processes."""

import gc

from portal.operations import gunicorn_conf


def test_a_web_process_does_not_search_its_code_for_garbage():
    before = len(gc.get_objects())
    try:
        gunicorn_conf.post_worker_init(None)
        assert gc.get_freeze_count() > before / 2
        assert len(gc.get_objects()) < before / 2, "what a full collection looks through"
    finally:
        gc.unfreeze()
