"""What every queue promises."""

import threading

from scene.queue.base import Job, Queue

CHROMIUM = frozenset({"chromium"})


def job(name: str, lane: str = "chromium", priority: int = 0) -> Job:
    return Job(key=f"execute:{name}:1", execution_id=name, attempt=1, lane=lane, priority=priority)


def test_jobs_come_in_the_order_in_which_they_were_put(queue: Queue) -> None:
    queue.put([job("a"), job("b")])
    queue.put([job("c")])
    assert [queue.take(CHROMIUM, 1).execution_id for _ in range(3)] == ["a", "b", "c"]


def test_a_higher_priority_comes_first(queue: Queue) -> None:
    queue.put([job("later"), job("urgent", priority=5), job("also later")])
    assert queue.take(CHROMIUM, 1).execution_id == "urgent"


def test_a_worker_gets_only_what_its_lanes_hold(queue: Queue) -> None:
    queue.put([job("a", lane="firefox"), job("b")])
    assert queue.take(CHROMIUM, 1).execution_id == "b"
    assert queue.take(CHROMIUM, 0.01) is None
    assert queue.take(frozenset({"chromium", "firefox"}), 1).execution_id == "a"


def test_the_oldest_of_several_lanes_comes_first(queue: Queue) -> None:
    queue.put([job("a", lane="firefox"), job("b"), job("c", lane="firefox")])
    both = frozenset({"chromium", "firefox"})
    assert [queue.take(both, 1).execution_id for _ in range(3)] == ["a", "b", "c"]


def test_a_key_that_waits_is_not_put_twice(queue: Queue) -> None:
    queue.put([job("a"), job("a")])
    assert queue.depth() == 1
    queue.take(CHROMIUM, 1)
    queue.put([job("a")])
    assert queue.depth() == 1


def test_what_is_done_is_gone(queue: Queue) -> None:
    queue.put([job("a"), job("b")])
    taken = queue.take(CHROMIUM, 1)
    queue.done(taken)
    queue.done(taken)
    assert queue.recover() == 0
    assert queue.take(CHROMIUM, 1).execution_id == "b"
    assert queue.take(CHROMIUM, 0.01) is None


def test_of_many_jobs_those_that_wait_already_do_not_keep_the_others_out(queue: Queue) -> None:
    queue.put([job("b"), job("d")])
    queue.put([job(name) for name in "abcde"])
    assert queue.depth() == 5
    assert sorted(queue.take(CHROMIUM, 1).execution_id for _ in range(5)) == list("abcde")


def test_a_job_comes_out_as_it_was_put(queue: Queue) -> None:
    queue.put([job("a", lane="firefox", priority=-3)])
    assert queue.take(frozenset({"firefox"}), 1) == job("a", lane="firefox", priority=-3)


def test_a_waiting_worker_is_woken(queue: Queue) -> None:
    got: list[Job | None] = []
    taker = threading.Thread(target=lambda: got.append(queue.take(CHROMIUM, 20)))
    taker.start()
    queue.put([job("a")])
    taker.join(15)  # it may not listen yet: then it finds the job when it looks next
    assert got == [job("a")]


def test_draining_wakes_everybody(queue: Queue) -> None:
    got: list[Job | None] = []
    takers = [threading.Thread(target=lambda: got.append(queue.take(CHROMIUM, 30))) for _ in range(3)]
    for taker in takers:
        taker.start()
    queue.drain()
    for taker in takers:
        taker.join(5)
    assert got == [None, None, None]


def test_draining_leaves_what_is_in_hand_and_lets_more_be_put(queue: Queue) -> None:
    queue.put([job("a")])
    taken = queue.take(CHROMIUM, 1)
    queue.drain()
    queue.done(taken)
    queue.put([job("b")])
    assert queue.depth() == 1
    assert queue.take(CHROMIUM, 1) is None
