"""Receivers that are well, down, slow, flapping, redirecting, full or gone: each delivery ends as it should."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from scene.domain.records import SYSTEM
from scene.domain.webhooks import DeliveryStatus, Redelivery
from scene.errors import Conflict
from scene.store.values import SliceRequest
from scene.store.webhooks import TryOutcome
from scene.telemetry.metrics import REGISTRY
from tests.support.mail import SCHEDULE, Mail, MakeMail, mail_in
from tests.support.receiver import Answer, Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def make_mail(tmp_path: Path) -> Iterator[MakeMail]:
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(mail_in(tmp_path, **options))


@pytest.fixture
def mail(make_mail: MakeMail) -> Mail:
    return make_mail()


def audited(mail: Mail) -> list[str]:
    return [entry.action for entry in mail.store.records.audit(SliceRequest()).items]


def test_the_stored_bytes_are_the_sent_ones(mail: Mail, receiver: Receiver) -> None:
    webhook = mail.webhook(receiver.url)
    delivery_id = mail.test(webhook)
    assert mail.send(webhook) is True
    [received] = receiver.received
    assert received.body.decode() == mail.get(delivery_id).payload
    assert (received.delivery, received.attempt) == (delivery_id, 1)
    assert received.headers["x-scene-event"] == "webhook.test"
    assert received.headers["content-type"] == "application/json"


def test_the_log_has_request_response_and_time(mail: Mail, receiver: Receiver) -> None:
    receiver.otherwise = Answer(200, {"X-Request-Id": "r1", "Set-Cookie": "a=secret"}, b"thank you")
    webhook = mail.webhook(receiver.url, custom_headers={"Authorization": "Bearer secret-1234"})
    delivery_id = mail.test(webhook)
    mail.send(webhook)
    found = mail.get(delivery_id)
    [attempt] = found.tries
    assert (found.status, attempt.response_code, attempt.response_excerpt) == ("succeeded", 200, "thank you")
    assert attempt.response_ms is not None
    assert attempt.response_headers["x-request-id"] == "r1"
    assert attempt.request_headers["X-Scene-Delivery"] == delivery_id
    assert receiver.received[0].headers["authorization"] == "Bearer secret-1234"
    assert "secret" not in found.model_dump_json()


def test_a_receiver_that_is_down_is_tried_by_the_schedule_and_then_given_up(mail: Mail, receiver: Receiver) -> None:
    receiver.otherwise = Answer(500)
    webhook = mail.webhook(receiver.url)
    delivery_id = mail.test(webhook)
    for wait in SCHEDULE:
        assert mail.send(webhook) is False
        assert mail.waits(delivery_id) == wait
        assert mail.send(webhook) is None
        mail.clock.pass_seconds(wait)
    mail.send(webhook)
    found = mail.get(delivery_id)
    assert (found.status, found.next_attempt_at, len(found.tries)) == ("failed", None, 4)
    assert [each.attempt for each in receiver.received] == [1, 2, 3, 4]
    assert {each.delivery for each in receiver.received} == {delivery_id}
    assert len({each.body for each in receiver.received}) == 1


def test_a_receiver_that_comes_back_gets_what_it_missed(mail: Mail, receiver: Receiver) -> None:
    receiver.answers.extend([Answer(503), Answer(500)])
    webhook = mail.webhook(receiver.url)
    delivery_id = mail.test(webhook)
    for _ in range(3):
        mail.send(webhook)
        mail.clock.pass_seconds(100)
    assert mail.get(delivery_id).status == "succeeded"
    assert mail.webhooks.get(webhook.id).failing_since is None


def test_an_answer_that_does_not_come_is_a_failure_in_time(make_mail: MakeMail, receiver: Receiver) -> None:
    mail = make_mail(timeout_seconds=0.3)
    receiver.otherwise = Answer(hangs=True)
    webhook = mail.webhook(receiver.url)
    delivery_id = mail.test(webhook)
    mail.send(webhook)
    assert mail.get(delivery_id).tries[0].error == "No answer within 0.3 s."


def test_a_success_counts_even_if_its_body_never_ends(make_mail: MakeMail, receiver: Receiver) -> None:
    mail = make_mail(timeout_seconds=0.5)
    receiver.otherwise = Answer(drips=True)
    webhook = mail.webhook(receiver.url)
    delivery_id = mail.test(webhook)
    assert mail.send(webhook) is True
    assert mail.get(delivery_id).tries[0].response_excerpt.startswith("...")


def test_of_a_large_answer_only_the_beginning_is_kept(mail: Mail, receiver: Receiver) -> None:
    receiver.otherwise = Answer(200, {}, b"x" * 5_000_000)
    webhook = mail.webhook(receiver.url)
    delivery_id = mail.test(webhook)
    mail.send(webhook)
    assert mail.get(delivery_id).tries[0].response_excerpt == "x" * 2_000


def test_tries_are_counted(mail: Mail, receiver: Receiver) -> None:
    def counted(outcome: str) -> float:
        return REGISTRY.get_sample_value("scene_delivery_tries_total", {"outcome": outcome}) or 0

    receiver.answers.append(Answer(500))
    webhook = mail.webhook(receiver.url)
    before = counted("failed"), counted("succeeded")
    for _ in range(2):
        mail.test(webhook)
        mail.send(webhook)
    assert (counted("failed") - before[0], counted("succeeded") - before[1]) == (1, 1)


def test_a_redirect_is_a_failure(mail: Mail, receiver: Receiver) -> None:
    receiver.otherwise = Answer(307, {"Location": f"{receiver.url}/elsewhere"})
    webhook = mail.webhook(receiver.url)
    delivery_id = mail.test(webhook)
    assert mail.send(webhook) is False
    assert len(receiver.received) == 1
    assert "redirects are not followed" in mail.get(delivery_id).tries[0].error


def test_nobody_listening_is_said(mail: Mail, receiver: Receiver) -> None:
    with Receiver() as gone:
        url = gone.url
    webhook = mail.webhook(url)
    delivery_id = mail.test(webhook)
    mail.send(webhook)
    assert "refused" in mail.get(delivery_id).tries[0].error


@pytest.mark.parametrize("asked", ["3600", "Sun, 01 Mar 2026 13:00:00 GMT"])
def test_retry_after_is_honoured_for_the_whole_endpoint(mail: Mail, receiver: Receiver, asked: str) -> None:
    receiver.answers.append(Answer(429, {"Retry-After": asked}))
    webhook = mail.webhook(receiver.url)
    first, second = mail.test(webhook), mail.test(webhook)
    mail.send(webhook)
    assert mail.waits(first) == 3_600
    assert mail.send(webhook) is None, "what else is due waits too"
    mail.clock.pass_seconds(3_600)
    mail.send_all()
    assert (mail.get(first).status, mail.get(second).status) == ("succeeded", "succeeded")


@pytest.mark.parametrize("asked", ["soon", "-5", "", "0", "Sat, 01 Jan 2000 00:00:00 GMT"])
def test_a_retry_after_that_says_nothing_changes_nothing(mail: Mail, receiver: Receiver, asked: str) -> None:
    receiver.otherwise = Answer(429, {"Retry-After": asked})
    webhook = mail.webhook(receiver.url)
    delivery_id = mail.test(webhook)
    mail.send(webhook)
    assert mail.waits(delivery_id) == SCHEDULE[0]
    assert mail.webhooks.get(webhook.id).quiet_until is None


def test_nobody_is_waited_for_longer_than_a_day(mail: Mail, receiver: Receiver) -> None:
    receiver.otherwise = Answer(503, {"Retry-After": "99999999999"})
    webhook = mail.webhook(receiver.url)
    delivery_id = mail.test(webhook)
    mail.send(webhook)
    assert mail.waits(delivery_id) == 86_400


def test_an_endpoint_that_is_gone_is_switched_off(mail: Mail, receiver: Receiver) -> None:
    receiver.otherwise = Answer(410)
    webhook = mail.webhook(receiver.url)
    gone, waiting = mail.test(webhook), mail.test(webhook)
    mail.send(webhook)
    found = mail.webhooks.get(webhook.id)
    assert (found.enabled, mail.get(gone).status) == (False, "failed")
    assert "410" in found.disabled_because
    assert audited(mail)[0] == "webhook.disabled"
    assert (mail.send(webhook), mail.get(waiting).status) == (None, "pending")


def test_after_days_of_failure_it_is_switched_off(mail: Mail, receiver: Receiver) -> None:
    receiver.otherwise = Answer(500)
    webhook = mail.webhook(receiver.url)
    mail.test(webhook)
    mail.send(webhook)
    mail.clock.pass_seconds(timedelta(days=4).total_seconds())
    mail.send(webhook)
    assert mail.webhooks.get(webhook.id).enabled
    mail.clock.pass_seconds(timedelta(days=1).total_seconds())
    mail.send(webhook)
    assert mail.webhooks.get(webhook.id).disabled_because == "Every delivery failed for 5.0 days."
    assert audited(mail).count("webhook.disabled") == 1


def test_switched_on_again_it_starts_anew_and_sends_what_waited(mail: Mail, receiver: Receiver) -> None:
    receiver.answers.append(Answer(410))
    webhook = mail.webhook(receiver.url)
    mail.test(webhook)
    waiting = mail.test(webhook)
    mail.send(webhook)
    again = mail.webhooks.update(webhook.id, {"enabled": True}, None, SYSTEM)
    assert (again.failing_since, again.disabled_because) == (None, "")
    mail.send_all()
    assert mail.get(waiting).status == "succeeded"


def test_while_it_is_off_nothing_is_written_for_it(mail: Mail, receiver: Receiver) -> None:
    webhook = mail.webhook(receiver.url, enabled=False)
    with pytest.raises(Conflict, match="switched off"):
        mail.test(webhook)
    with pytest.raises(Conflict, match="switched off"):
        mail.webhooks.redeliver(webhook.id, Redelivery(), SYSTEM)


def test_a_dead_and_a_slow_endpoint_delay_nobody(make_mail: MakeMail, receiver: Receiver) -> None:
    mail = make_mail(timeout_seconds=60)
    with Receiver() as slow:
        slow.otherwise = Answer(hangs=True)
        stuck = mail.webhook(slow.url)
        well = mail.webhook(receiver.url)
        for _ in range(10):
            mail.test(stuck)
            mail.test(well)
        mail.deliverer.look()
        receiver.wait_for(10)
        slow.wait_for(1)
        assert len(slow.received) == 1, "one round, one lane for each"
        mail.deliverer.look()
        slow.wait_for(2)
    assert mail.deliverer.wait(60)


def test_a_lost_try_is_made_again_with_the_next_number(mail: Mail, receiver: Receiver) -> None:
    webhook = mail.webhook(receiver.url)
    delivery_id = mail.test(webhook)
    lost = mail.store.deliveries.claim(webhook.id, 30)
    assert lost is not None
    assert mail.send(webhook) is None, "somebody has it in hand"
    mail.clock.pass_seconds(31)
    assert mail.send(webhook) is True
    assert [(each.number, each.response_code) for each in mail.get(delivery_id).tries] == [(1, None), (2, 200)]
    assert "not known" in mail.get(delivery_id).tries[0].error
    late = TryOutcome(DeliveryStatus.FAILED, None, 5)
    assert mail.store.deliveries.settle(lost, late) is False
    assert mail.get(delivery_id).status == "succeeded"


def test_at_the_start_of_an_only_server_nothing_waits_for_a_lease(mail: Mail, receiver: Receiver) -> None:
    webhook = mail.webhook(receiver.url)
    mail.test(webhook)
    mail.store.deliveries.claim(webhook.id, 3_600)
    mail.deliveries.release()
    assert mail.send(webhook) is True


def test_what_brings_a_server_down_is_not_sent_for_ever(mail: Mail, receiver: Receiver) -> None:
    webhook = mail.webhook(receiver.url)
    delivery_id = mail.test(webhook)
    for _ in range(len(SCHEDULE) + 1):
        mail.store.deliveries.claim(webhook.id, 0)
    mail.send(webhook)
    assert (mail.get(delivery_id).status, receiver.received) == ("failed", [])


def test_redelivered_it_has_the_same_id_the_same_bytes_and_the_next_number(mail: Mail, receiver: Receiver) -> None:
    webhook = mail.webhook(receiver.url)
    delivery_id = mail.test(webhook)
    mail.send(webhook)
    assert mail.webhooks.redeliver_one(delivery_id, SYSTEM).status == "pending"
    mail.send(webhook)
    first, second = receiver.received
    assert (first.body, first.delivery) == (second.body, second.delivery)
    assert (first.attempt, second.attempt) == (1, 2)


def test_a_redelivery_has_the_whole_schedule_before_it(mail: Mail, receiver: Receiver) -> None:
    receiver.otherwise = Answer(500)
    webhook = mail.webhook(receiver.url)
    delivery_id = mail.test(webhook)
    for _ in range(len(SCHEDULE) + 1):
        mail.send(webhook)
        mail.clock.pass_seconds(300)
    assert mail.get(delivery_id).status == "failed"
    mail.webhooks.redeliver_one(delivery_id, SYSTEM)
    mail.send(webhook)
    assert mail.waits(delivery_id) == SCHEDULE[0]


def test_what_is_on_its_way_is_not_sent_twice(mail: Mail, receiver: Receiver) -> None:
    webhook = mail.webhook(receiver.url)
    delivery_id = mail.test(webhook)
    with pytest.raises(Conflict, match="on its way"):
        mail.webhooks.redeliver_one(delivery_id, SYSTEM)
    assert mail.webhooks.redeliver(webhook.id, Redelivery(statuses=list(DeliveryStatus)), SYSTEM) == 0


def test_the_deliveries_of_a_time_are_sent_again(mail: Mail, receiver: Receiver) -> None:
    webhook = mail.webhook(receiver.url)
    for _ in range(4):
        mail.test(webhook)
        mail.send(webhook)
        mail.clock.pass_seconds(3_600)
    start = mail.world.clock.now - timedelta(hours=4)
    wanted = Redelivery(
        statuses=[DeliveryStatus.SUCCEEDED],
        created_after=start + timedelta(hours=1),
        created_before=start + timedelta(hours=3),
    )
    assert mail.webhooks.redeliver(webhook.id, wanted, SYSTEM) == 2
    mail.send_all()
    assert len(receiver.received) == 6
    assert audited(mail)[0] == "webhook.redelivered"


def test_old_deliveries_go_and_those_on_their_way_stay(mail: Mail, receiver: Receiver) -> None:
    webhook = mail.webhook(receiver.url)
    old = mail.test(webhook)
    mail.send(webhook)
    waiting = mail.test(webhook)
    mail.clock.pass_seconds(10)
    assert mail.deliveries.purge(mail.clock.now, 100) == 1
    assert [each.id for each in mail.store.deliveries.newest(webhook.id, SliceRequest()).items] == [waiting] != [old]
