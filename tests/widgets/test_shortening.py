"""What is renamed in a served script, and what must not be."""

import subprocess

import pytest

from widgets.delivery import script, shortening

from ..test_architecture import ROOT, node
from .conftest import SETTINGS


@pytest.mark.parametrize(
    ("written", "served"),
    [
        ("var first=1,second=first;say(second);", "var a=1,b=a;say(b);"),
        ("function turn(by){return by.by+turn({by:by,turn:1})}", "function a(b){return b.by+a({by:b,turn:1})}"),
        ("var word='word word\\'',other=\"word\";word+other;", "var b='word word\\'',a=\"word\";b+a;"),
        ("var word=1;call(/word[/]'x/.test(word));", "var a=1;call(/word[/]'x/.test(a));"),
        ("var half=4;half/2/half;", "var a=4;a/2/a;"),
        ("try{go()}catch(refused){say(refused)}", "try{go()}catch(a){say(a)}"),
        ("for(var at in all)at;", "for(var a in all)a;"),
        ("var list=[one,two],next=f(three,four);one;", "var a=[one,two],b=f(three,four);one;"),
        ("var yes=1,no=2;a?yes:no;", "var c=1,b=2;a?c:b;"),
        ("var deep=f(function(inner){var more=inner,last=1;return last});deep;",
         "var a=f(function(a){var c=a,b=1;return b});a;"),
        ("(function(settings){return settings})(PICKUP_SETTINGS);", "(function(a){return a})(PICKUP_SETTINGS);"),
        ("function f(name){return name}function g(other){return name+other}",
         "function a(a){return a}function b(a){return name+a}"),
        ("var out=1;function f(one){return function(two){return one+two+out+a}}",
         "var b=1;function c(c){return function(d){return c+d+b+a}}"),
        ("var one=1;var two=function(){var three=3;var four=[three];f(four);var five;};var six;one=true;",
         "var a=1,c=function(){var b=3,a=[b];f(a);var c;},b;a=!0;"),
        ("f({true:false});\nvar one=f(){}\nf(one)", "f({true:!1});\nvar a=f(){}f(a)"),
        ("for(var at in all){var one=at;try{f(one)}catch(no){at=no}}",
         "for(var a in all){var c=a;try{f(c)}catch(b){a=b}}"),
        ("var KEY='k',WAIT_MS=5,STALE_MS=7;f(KEY,KEY,WAIT_MS);wait(STALE_MS);", "var a='k';f(a,a,5);wait(7);"),
        ("var WAIT_MS=5;var other=1;f(WAIT_MS,other);", "var a=1;f(5,a);"),
        ("var WAIT_MS=5;f(it.WAIT_MS,{WAIT_MS:WAIT_MS});", "var a=5;f(it.WAIT_MS,{WAIT_MS:a});"),
        ("var WAIT_MS=5;f(it.WAIT_MS);", "var a=5;f(it.WAIT_MS);"),
        ("var WAIT_MS=5*3;f(WAIT_MS);", "var a=5*3;f(a);"),
    ],
)  # fmt: skip
def test_own_names_become_short_and_nothing_else_changes(written, served):
    assert shortening.shortened(written) == served


def test_a_name_of_the_browser_stays_where_the_script_has_no_own_of_it():
    served = shortening.shortened("function f(event,origin){return event+origin}function g(){return event+origin}")
    assert served.endswith("(){return event+origin}")


def test_more_names_than_letters_stay_apart():
    names = [f"name{number}" for number in range(3000)]
    served = shortening.shortened("var " + ",".join(f"{name}=1" for name in names) + ";")
    short = served.removeprefix("var ").removesuffix(";").replace("=1", "").split(",")
    assert len(set(short)) == len(names)
    assert {"if", "do", "in"}.isdisjoint(short)


@node
def test_the_script_as_it_is_served_is_still_one_in_es5(tmp_path):
    path = tmp_path / "served.js"
    path.write_bytes(script.built(dict.fromkeys(SETTINGS, "c")).plain)

    done = subprocess.run(["node", "--expose-internals", ROOT / "tests" / "js" / "floor.cjs", "5", path],
                          capture_output=True, text=True)  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert b"sourced" not in path.read_bytes() and b"contentWindow" in path.read_bytes()
