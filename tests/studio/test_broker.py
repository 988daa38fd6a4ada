"""The file broker: messages appear whole, are taken once, oldest first, and leave nothing behind."""

import threading
from queue import Empty

import pytest
from kombu import Connection

FOLDERS = ("messages", "control")


@pytest.fixture
def connect(tmp_path):
    for name in FOLDERS:
        (tmp_path / name).mkdir()
    options = {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "control_folder": str(tmp_path / "control"),
    }
    opened = []

    def one():
        connection = Connection(
            "filesystem://localhost//", transport="studio.running.broker:Transport", transport_options=options
        )
        opened.append(connection)
        return connection

    yield one
    for connection in opened:
        connection.release()


def test_messages_come_in_the_order_they_were_sent(connect, tmp_path):
    queue = connect().SimpleQueue("work")
    for number in range(5):
        queue.put({"number": number})

    got = []
    for _ in range(5):
        message = queue.get(block=False)
        message.ack()
        got.append(message.payload["number"])

    assert got == [0, 1, 2, 3, 4]
    assert list((tmp_path / "messages").iterdir()) == []
    with pytest.raises(Empty):
        queue.get(block=False)


def test_two_readers_and_a_writer_share_the_work_without_loss(connect, tmp_path):
    wanted = 200
    taken: list[int] = []
    lock = threading.Lock()
    channels = [connect().channel() for _ in range(3)]

    def write():
        for number in range(wanted):
            channels[0]._put("work", {"number": number})

    def read(channel):
        while len(taken) < wanted:
            try:
                message = channel._get("work")
            except Empty:
                continue
            with lock:
                taken.append(message["number"])

    threads = [threading.Thread(target=write)]
    threads += [threading.Thread(target=read, args=(channel,)) for channel in channels[1:]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(taken) == list(range(wanted))
    assert list((tmp_path / "messages").iterdir()) == []


def test_a_queue_counts_and_forgets_its_own_messages_only(connect):
    channel = connect().channel()
    channel._put("work", {})
    channel._put("work", {})
    channel._put("other", {})

    assert channel._size("work") == 2
    assert channel._purge("work") == 2
    assert (channel._size("work"), channel._size("other")) == (0, 1)


def test_the_product_uses_it(settings):
    assert settings.CELERY_BROKER_TRANSPORT == "studio.running.broker:Transport"
