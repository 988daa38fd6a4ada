"""Everything that touches the inside of aiortc and aioice. Nothing else of ours does.

No fork: each hook is an attribute put on one instance, so two connections can differ and the libraries stay as they
are for everybody else. tests/calling/test_aiortc_hooks.py fails when a release changes what is relied on here.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import aiortc.rtcpeerconnection
from aioice import Candidate
from aioice.candidate import candidate_foundation, candidate_priority
from aioice.ice import StunProtocol
from aioice.stun import TransactionError
from aiortc import RTCCertificate, RTCConfiguration, RTCPeerConnection, RTCRtpReceiver
from aiortc.rtcrtpreceiver import StreamStatistics
from aiortc.rtp import RtpPacket

from calling.lines.webrtc.addresses import Endpoint

CERTIFICATE_S = 24 * 3600
MOST_STREAMS = 4  # a visitor has one; who sends more makes us keep no more books
RTP_HZ = 48_000


class SharedCertificate:
    """One certificate for all connections of the process, renewed daily: making one costs ten times the rest."""

    _made: tuple[float, RTCCertificate] | None = None

    @classmethod
    def generateCertificate(cls) -> RTCCertificate:
        if cls._made is None or time.monotonic() - cls._made[0] > CERTIFICATE_S:
            cls._made = (time.monotonic(), RTCCertificate.generateCertificate())
        return cls._made[1]


def new_peer_connection() -> RTCPeerConnection:
    """A connection with the shared certificate and no ICE servers (aiortc's default is a public one)."""
    module: Any = aiortc.rtcpeerconnection
    original = module.RTCCertificate
    module.RTCCertificate = SharedCertificate  # read by the constructor, which does not wait
    try:
        return RTCPeerConnection(RTCConfiguration(iceServers=[]))
    finally:
        module.RTCCertificate = original


def gather_on(pc: RTCPeerConnection, open_endpoints: Callable[[], Sequence[Endpoint]]) -> None:
    """Let the connection use these sockets. Call once it has its audio transceiver.

    aioice binds a port of its own to every address of the machine but 127.0.0.1, and knows no port range and no
    translated address.
    """
    connection: Any = _dtls(pc).transport._connection

    async def gather_candidates() -> None:
        if connection._local_candidates_start:
            return
        connection._local_candidates_start = True
        waiting = list(open_endpoints())
        try:
            while waiting:
                endpoint = waiting[0]
                _, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
                    lambda: StunProtocol(connection), sock=endpoint.socket
                )
                waiting.pop(0)
                protocol.local_candidate = Candidate(
                    foundation=candidate_foundation("host", "udp", endpoint.address),
                    component=1,
                    transport="udp",
                    priority=candidate_priority(1, "host", endpoint.preference),
                    host=endpoint.address,
                    port=endpoint.socket.getsockname()[1],
                    type="host",
                )
                connection._protocols.append(protocol)
                connection._local_candidates.append(protocol.local_candidate)
        finally:
            for endpoint in waiting:
                endpoint.socket.close()
        connection._local_candidates_end = True

    connection.gather_candidates = gather_candidates


def tap_audio(pc: RTCPeerConnection, on_packet: Callable[[RtpPacket], None]) -> None:
    """Take the audio packets as they arrive, decrypted.

    SRTP, RTCP and the statistics behind it stay as they are. aiortc's jitter buffer, which loses five frames for each
    packet lost, its decoder thread and its unbounded queue are left out.
    """
    receiver: Any = pc.getTransceivers()[0].receiver
    streams: dict[int, StreamStatistics] = receiver._RTCRtpReceiver__remote_streams

    async def handle_rtp_packet(packet: RtpPacket, arrival_time_ms: int) -> None:
        statistics = streams.get(packet.ssrc)
        if statistics is None:
            if len(streams) >= MOST_STREAMS:
                return
            statistics = streams[packet.ssrc] = StreamStatistics(RTP_HZ)
        statistics.add(packet)
        if packet.payload:
            on_packet(packet)

    async def receive(parameters: Any) -> None:
        if receiver._RTCRtpReceiver__started:
            return
        receiver.transport._register_rtp_receiver(receiver, parameters)
        receiver._RTCRtpReceiver__rtcp_task = asyncio.ensure_future(receiver._run_rtcp())  # stop() waits for it
        receiver._RTCRtpReceiver__started = True

    receiver._handle_rtp_packet = handle_rtp_packet
    receiver.receive = receive


def watch_rtcp(pc: RTCPeerConnection, on_rtcp: Callable[[], None]) -> None:
    """Be told of each decrypted RTCP packet: a sign of life while the visitor's side sends no sound."""
    dtls = _dtls(pc)
    original = dtls._handle_rtcp_data

    async def handle_rtcp_data(data: bytes) -> None:
        on_rtcp()
        await original(data)

    dtls._handle_rtcp_data = handle_rtcp_data


async def knock(pc: RTCPeerConnection) -> bool:
    """Ask the browser below all sound whether it is there. It answers even while its microphone gives nothing at all.

    A request for consent as in RFC 7675, asked once: no answer in half a second means False.
    """
    connection: Any = _dtls(pc).transport._connection
    for pair in list(connection._nominated.values()):
        request = connection.build_request(pair, nominate=False)
        key = connection.remote_password.encode()
        with suppress(TransactionError):
            await pair.protocol.request(request, pair.remote_addr, integrity_key=key, retransmissions=0)
            return True
    return False


def was_reached(pc: RTCPeerConnection) -> bool:
    """Whether any packet of the browser has come. It tells us no addresses of its own, so who is known has knocked."""
    return bool(_dtls(pc).transport._connection._remote_candidates)


def is_closed(pc: RTCPeerConnection) -> bool:
    """Whether the browser, or we, have said goodbye. Known here before the connection's own state is told of it."""
    return bool(_dtls(pc).state == "closed")


def far_end(pc: RTCPeerConnection) -> tuple[float | None, int | None]:
    """What the browser's reports say of our sound: round trip in seconds, packets that it never got."""
    sender: Any = pc.getSenders()[0]
    reports: Any = sender._RTCRtpSender__stats
    lost = next((each.packetsLost for each in reports.values() if each.type == "remote-inbound-rtp"), None)
    return sender._RTCRtpSender__rtt, lost


def _dtls(pc: RTCPeerConnection) -> Any:
    receiver: RTCRtpReceiver = pc.getTransceivers()[0].receiver
    return receiver.transport
