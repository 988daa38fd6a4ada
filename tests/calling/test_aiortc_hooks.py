"""The promises of aiortc and aioice on which the hooks stand. A release that changes one of them fails here."""

import asyncio
import hashlib
import inspect
import threading
import time

import aioice.ice
import aiortc.rtcdtlstransport
import aiortc.rtcicetransport
import aiortc.rtcpeerconnection
import aiortc.rtcrtpreceiver
import aiortc.rtcrtpsender
import pytest
from aiortc.codecs.opus import OpusEncoder
from aiortc.rtp import RtpPacket

from calling.lines.webrtc import aiortc_hooks
from calling.lines.webrtc.aiortc_hooks import CERTIFICATE_S, MOST_STREAMS, SharedCertificate
from calling.lines.webrtc.connection import Connection
from tests.fakes.visitor import ON_LOOPBACK, Visitor, tone

PEER, GATHERER = aiortc.rtcpeerconnection.RTCPeerConnection, aiortc.rtcicetransport.RTCIceGatherer
RECEIVER, SENDER = aiortc.rtcrtpreceiver.RTCRtpReceiver, aiortc.rtcrtpsender.RTCRtpSender
DTLS, ICE, STUN = aiortc.rtcdtlstransport.RTCDtlsTransport, aioice.ice.Connection, aioice.ice.StunProtocol

# What our hooks replace, call, or are called by. When an update changes one: read the change, see that the hook still
# does what the original did around it, then write the new digest here.
READ = [
    (PEER.__init__, "f5388aea637f"),
    (PEER.close, "7e2df1bb95eb"),
    (PEER._RTCPeerConnection__connect, "9199a73a7cde"),
    (RECEIVER.__init__, "3e3b7b5cefba"),
    (RECEIVER.receive, "d6d8d8d7a0bf"),
    (RECEIVER.stop, "63734b6894ce"),
    (RECEIVER._handle_rtp_packet, "4e54983d021a"),
    (RECEIVER._run_rtcp, "0f57daa32186"),
    (aiortc.rtcrtpreceiver.StreamStatistics, "9cd41a129375"),
    (SENDER._next_encoded_frame, "89dd9fa4fb33"),
    (SENDER._run_rtp, "ff597a1d554c"),
    (SENDER.stop, "38c1e92baf8e"),
    (OpusEncoder.pack, "124c7eab72fc"),
    (DTLS._recv_next, "998076720c05"),
    (DTLS._handle_rtcp_data, "5469e786d77b"),
    (DTLS._handle_rtp_data, "5def9061cc3d"),
    (DTLS._send_rtp, "763b02bceb0b"),
    (GATHERER.gather, "147d15cd640f"),
    (ICE.gather_candidates, "d33db28d4d1e"),
    (ICE.get_component_candidates, "118597a9fcb7"),
    (ICE.close, "25dcfac536f5"),
    (ICE.build_request, "cd68d42d3765"),
    (ICE.query_consent, "fe49173a650a"),
    (STUN.request, "97991c38f65e"),
    (STUN.__init__, "9d0df3c0c0c4"),
    (STUN.close, "8153fbee5bf2"),
]


@pytest.mark.parametrize(("code", "known"), READ, ids=lambda each: getattr(each, "__qualname__", ""))
def test_the_code_that_the_hooks_were_written_for_is_unchanged(code, known):
    assert hashlib.sha256(inspect.getsource(code).encode()).hexdigest()[:12] == known


async def fingerprints(count):
    """The fingerprint lines of as many connections."""
    found = []
    for _ in range(count):
        async with Visitor() as visitor:
            found.append([line for line in (await visitor.offer()).splitlines() if "fingerprint:sha-256" in line])
    return found


async def test_connections_share_one_certificate():
    first, second = await fingerprints(2)
    assert first and first == second


async def test_the_certificate_is_renewed_daily(monkeypatch):
    (first,) = await fingerprints(1)
    made = SharedCertificate.generateCertificate()
    monkeypatch.setattr(SharedCertificate, "_made", (time.monotonic() - CERTIFICATE_S - 1, made))
    second, third = await fingerprints(2)
    assert first != second == third


async def test_connections_of_others_keep_a_certificate_of_their_own():
    aiortc_hooks.new_peer_connection()
    assert aiortc.rtcpeerconnection.RTCCertificate is aiortc.RTCCertificate


async def test_no_public_server_is_asked_for_anything():
    pc = aiortc_hooks.new_peer_connection()
    pc.addTransceiver("audio")
    ice = pc.getTransceivers()[0].receiver.transport.transport._connection
    assert (ice.stun_server, ice.turn_server) == (None, None)
    await pc.close()


async def test_only_the_given_sockets_are_used():
    async with Visitor() as visitor:
        offer = await visitor.offer()
        protocols = visitor.pc.getTransceivers()[0].receiver.transport.transport._connection._protocols
    assert offer.count("a=candidate:") == len({line for line in offer.splitlines() if "a=candidate:" in line}) > 0
    assert protocols == []


async def test_a_call_has_no_thread_of_its_own_and_its_statistics_go_on():
    connection, reported = Connection(ON_LOOPBACK), asyncio.Event()
    before = threading.active_count()
    async with Visitor() as visitor:
        aiortc_hooks.watch_rtcp(visitor.pc, reported.set)
        await visitor.connect(connection.answer)
        visitor.say(tone(300, 0.2))
        await visitor.finished_speaking()
        await reported.wait()
        report = await connection._pc.getStats()
        assert threading.active_count() == before
    await connection.close()
    inbound = next(each for each in report.values() if each.type == "inbound-rtp")
    assert inbound.packetsReceived >= 10 and inbound.packetsLost == 0


async def test_rtcp_is_a_sign_of_life():
    connection, seen = Connection(ON_LOOPBACK), asyncio.Event()
    async with Visitor() as visitor:
        aiortc_hooks.watch_rtcp(visitor.pc, seen.set)
        await visitor.connect(connection.answer)
        visitor.say(tone(300, 0.2))
        await seen.wait()  # the receiver report that answers our packets
    await connection.close()


async def test_books_are_kept_of_a_few_streams_only():
    pc, taken = aiortc_hooks.new_peer_connection(), []
    pc.addTransceiver("audio")
    aiortc_hooks.tap_audio(pc, taken.append)
    receiver = pc.getTransceivers()[0].receiver
    for ssrc in range(MOST_STREAMS + 3):
        packet = RtpPacket(payload_type=96, sequence_number=1, timestamp=1)
        packet.ssrc, packet.payload = ssrc, b"\x68sound"
        await receiver._handle_rtp_packet(packet, arrival_time_ms=0)
    assert [packet.ssrc for packet in taken] == list(range(MOST_STREAMS))
    await pc.close()
