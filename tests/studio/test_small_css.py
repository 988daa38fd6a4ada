"""What visitors' browsers are sent of a style sheet: the same rules."""

import pytest

from studio.running.static import small_css


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("/* why */\na { color: red; }\n\nb { margin: 0 1px; }\n", "a{color:red}b{margin:0 1px}"),
        (".pk :hover, .pk ::before { top: 0 }", ".pk :hover,.pk ::before{top:0}"),
        ("a > b c { width: calc(1px + 2px - var(--x, 3px)); }", "a > b c{width:calc(1px + 2px - var(--x,3px))}"),
        ("@media (a: 9px) and (b: 10px) { a { b: c } }", "@media (a:9px) and (b:10px){a{b:c}}"),
        ('a::before { content: "✓ "; font: 14px/1.5 "Segoe UI" }', 'a::before{content:"✓ ";font:14px/1.5 "Segoe UI"}'),
        ("a { --stone: 60% 40% / 50%; b: c !important; }", "a{--stone:60% 40% / 50%;b:c !important}"),
    ],
)
def test_only_space_that_means_nothing_goes(written, sent):
    assert small_css(written) == sent
