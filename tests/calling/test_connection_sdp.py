"""Offers as browsers and others write them, and what is made of them."""

import pytest

from calling.lines import LineError
from calling.lines.webrtc.sdp import LARGEST_OFFER, read_offer, write_answer

HEAD = """v=0
o=- 1 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
a=ice-lite
a=msid-semantic: WMS"""

AUDIO = """m=audio 50000 UDP/TLS/RTP/SAVPF 111 63 0
c=IN IP4 192.0.2.7
a=candidate:1 1 udp 2122260223 192.0.2.7 50000 typ host
a=candidate:2 1 udp 2122260223 aaaa.local 50001 typ host
a=end-of-candidates
a=ice-ufrag:abcd
a=ice-pwd:0123456789012345678901
a=fingerprint:sha-256 AA:BB
a=setup:actpass
a=mid:0
a=sendrecv
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:0 PCMU/8000"""

VIDEO = """m=video 9 UDP/TLS/RTP/SAVPF 96
c=IN IP4 0.0.0.0
a=mid:1
a=sendrecv
a=rtpmap:96 VP8/90000"""

ANSWER = """v=0
o=- 3 3 IN IP4 0.0.0.0
s=-
t=0 0
a=group:BUNDLE 0
m=audio 9 UDP/TLS/RTP/SAVPF 111
a=mid:0
a=rtpmap:111 opus/48000/2
a=fmtp:111 something=else
a=setup:active
"""


def offer(*parts):
    return "\n".join(parts).replace("\n", "\r\n") + "\r\n"


def test_only_opus_is_left_of_the_formats():
    read = read_offer(offer(HEAD, AUDIO)).sdp
    assert "m=audio 50000 UDP/TLS/RTP/SAVPF 111\r\n" in read
    assert "opus/48000/2" in read and "a=fmtp:111 " in read
    assert "PCMU" not in read and "red/48000" not in read and "a=fmtp:63" not in read


def test_no_address_of_the_browser_is_left():
    read = read_offer(offer(HEAD, AUDIO)).sdp
    assert "candidate" not in read
    assert "a=ice-ufrag:abcd\r\n" in read


def test_the_offer_cannot_make_the_server_check_paths():
    assert "ice-lite" not in read_offer(offer(HEAD, AUDIO)).sdp


def test_line_ends_without_a_return_are_understood():
    assert read_offer("\n".join([HEAD, AUDIO, ""])).sdp == read_offer(offer(HEAD, AUDIO)).sdp


@pytest.mark.parametrize(("sections", "place"), [((AUDIO, VIDEO), 0), ((VIDEO, AUDIO), 1)])
def test_other_sections_are_refused_in_their_place(sections, place):
    read = read_offer(offer(HEAD, *sections))
    answer = write_answer(ANSWER, read)
    media = [line for line in answer.split("\r\n") if line.startswith("m=")]
    assert "m=video" not in read.sdp and "a=group:BUNDLE 0\r\n" in read.sdp
    assert media[place] == "m=audio 9 UDP/TLS/RTP/SAVPF 111"
    assert media[1 - place] == "m=video 0 UDP/TLS/RTP/SAVPF 96"
    assert answer.count("a=mid:0") == answer.count("a=mid:1") == 1


def test_the_answer_asks_for_error_correction_and_dtx():
    answer = write_answer(ANSWER, read_offer(offer(HEAD, AUDIO)))
    assert answer.count("a=fmtp:") == 1
    assert "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1;usedtx=1\r\n" in answer


WAY = "a=ice-ufrag: a=ice-pwd: a=fingerprint: a=setup: a=rtcp-mux".split()


def test_audio_that_lives_in_a_bundle_only_is_taken_with_the_way_of_the_bundles_first_section():
    lines = AUDIO.split("\n")
    way = [line for line in lines if line.startswith(tuple(WAY))]
    bundled = [line for line in lines if line not in way and "candidate" not in line]
    bundled[0] = bundled[0].replace(" 50000 ", " 0 ")
    head = HEAD.replace("BUNDLE 0 1", "BUNDLE 1 0")
    first = "\n".join([VIDEO, *way])
    for own in ([], way):
        read = read_offer(offer(head, first, "\n".join([*bundled, "a=bundle-only", *own])))
        assert "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" in read.sdp and "bundle-only" not in read.sdp
        assert all(read.sdp.count(line) == 1 for line in way)
        media = [line for line in write_answer(ANSWER, read).split("\r\n") if line.startswith("m=")]
        assert media == ["m=video 0 UDP/TLS/RTP/SAVPF 96", "m=audio 9 UDP/TLS/RTP/SAVPF 111"]


@pytest.mark.parametrize(
    "sections",
    [
        (),
        (VIDEO,),
        (AUDIO.replace("m=audio 50000", "m=audio 0"),),
        (AUDIO.replace("a=sendrecv", "a=inactive"),),
        (AUDIO.replace("a=sendrecv", "a=sendonly"),),
        (AUDIO.replace("a=sendrecv", "a=recvonly"),),
        (AUDIO.replace("a=rtpmap:111 opus/48000/2", "a=rtpmap:111 speex/16000"),),
        (AUDIO.replace("a=rtpmap:111", "a=rtpmap:112"),),
        (AUDIO.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"),),
    ],
)
def test_an_offer_without_usable_audio_is_refused(sections):
    with pytest.raises(LineError) as refused:
        read_offer(offer(HEAD, *sections))
    assert refused.value.code == "NO_AUDIO"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "v=1\r\n",
        "{}",
        "v=0\r\nnonsense\r\n",
        "v=0\0\r\n",
        offer(HEAD, AUDIO, "x" * 10),
        offer(HEAD, AUDIO + "\na=x:" + "y" * LARGEST_OFFER),
        offer(HEAD, AUDIO, *[VIDEO] * 30),
        offer(HEAD, AUDIO.replace("a=fingerprint:sha-256 AA:BB", "a=fingerprint:md5 AA:BB")),
        None,
        7,
    ],
)
def test_garbage_is_refused(text):
    with pytest.raises(LineError) as refused:
        read_offer(text)
    assert refused.value.code == "INVALID_ARGUMENT"
