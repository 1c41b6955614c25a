"""The ledger's promises to the rooms above, on both databases."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from kiosk.hall.keeping import restore
from kiosk.ledger import (
    Broke,
    Event,
    Hot,
    KeyMissing,
    Ledger,
    LedgerBusy,
    LedgerTrouble,
    Sealed,
    Tx,
    Vault,
    open_ledger,
)
from kiosk.ledger.errors import LedgerMissing
from kiosk.ledger.migrate import config
from kiosk.ledger.schema import HEAD, metadata

_SET = Hot("INSERT INTO mark (name, value) VALUES (:name, :value)")
_GET = Hot("SELECT value FROM mark WHERE name = :name")
_PUT_SLOT = Hot("INSERT INTO slot (facility, begins, capacity, taken) VALUES ('gym', 1, :capacity, :taken)")


def event(id_: str, at: int = 1000, **more: object) -> Event:
    return Event(id_, "cn.hall.test.v1", "/halls/h/1", "subject", at, more)


def engine_for(ledger: Ledger):
    return create_engine(ledger.url.replace("postgresql://", "postgresql+psycopg://"))


def test_all_migrations_together_make_exactly_the_schema(ledger):
    engine = engine_for(ledger)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)
        assert [d for d in found if d[:2] != ("remove_table", "alembic_version")] == []
    engine.dispose()


def test_all_migrations_name_every_check_as_the_schema_does(ledger):
    engine = engine_for(ledger)
    wanted = {str(c.name) for t in metadata.tables.values() for c in t.constraints if hasattr(c, "sqltext")}
    with engine.connect() as connection:
        found = {c["name"] for t in metadata.tables for c in inspect(connection).get_check_constraints(t)}
    engine.dispose()
    assert found == wanted


def test_migrated_sqlite_is_word_for_word_the_schema(tmp_path):
    open_ledger("sqlite:///hall.db", tmp_path).close()
    made = create_engine("sqlite://")
    metadata.create_all(made)
    kept = create_engine(f"sqlite:///{tmp_path / 'hall.db'}")
    words = []
    for engine in (made, kept):
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '%alembic%'"))
            words.append({name: sorted(sql.replace(", \n\t", "\n").split("\n")) if sql else None for name, sql in rows})
        engine.dispose()
    assert words[0] == words[1]


def test_head_is_the_newest_migration():
    assert ScriptDirectory.from_config(config()).get_current_head() == HEAD


def test_a_ledger_of_a_newer_house_is_not_touched(ledger, url, tmp_path):
    ledger.write(lambda tx: tx.run(Hot("UPDATE alembic_version SET version_num = '9999'"))).result()
    ledger.close()
    with pytest.raises(LedgerTrouble, match="newer"):
        open_ledger(url, tmp_path)


def test_an_answer_is_durable_when_it_is_given(ledger, url, tmp_path):
    ledger.write(lambda tx: tx.run(_SET, name="a", value="1")).result()
    other = open_ledger(url, tmp_path)
    assert other.read(lambda tx: tx.one(_GET, name="a")) == ("1",)
    other.close()


def test_a_command_that_fails_leaves_nothing_and_its_neighbours_everything(ledger):
    gate = threading.Event()

    def good(name: str):
        def command(tx: Tx) -> None:
            gate.wait(5)
            tx.run(_SET, name=name, value="1")

        return command

    def bad(tx: Tx) -> None:
        tx.run(_SET, name="bad", value="1")
        raise ValueError("no")

    answers = [ledger.write(good("first")), ledger.write(bad), ledger.write(good("last"))]
    gate.set()
    answers[0].result()
    with pytest.raises(ValueError, match="no"):
        answers[1].result()
    answers[2].result()
    names = ledger.read(lambda tx: tx.all(Hot("SELECT name FROM mark ORDER BY name")))
    assert names == [("first",), ("last",)]


def test_a_group_is_whole_when_one_in_it_takes_back_what_it_changed(ledger):
    gate = threading.Event()
    ledger.write(lambda _tx: gate.wait(5))

    def kept(tx: Tx, name: str) -> str:
        tx.run(_SET, name=name, value="1")
        tx.append([event(f"{name}-0")])
        return name

    def taken_back(tx: Tx) -> str:
        tx.undo()  # nothing to take back yet
        tx.run(_SET, name="gone", value="1")
        tx.append([event("gone-0")])
        tx.undo()
        return "refused"

    answers = [ledger.write(lambda tx, name=name: kept(tx, name)) for name in ("a", "b")]
    answers += [ledger.write(taken_back), ledger.write(lambda tx: kept(tx, "c"))]
    gate.set()
    assert [answer.result() for answer in answers] == ["a", "b", "refused", "c"]
    assert sorted(ledger.read(lambda tx: tx.all(Hot("SELECT name FROM mark")))) == [("a",), ("b",), ("c",)]
    assert sorted(logged.event.id for logged in ledger.log(0)) == ["a-0", "b-0", "c-0"]


def test_undo_takes_back_what_the_command_did_so_far(ledger):
    def command(tx: Tx) -> None:
        tx.run(_SET, name="before", value="1")
        tx.append([event("gone-0")])
        tx.undo()
        tx.run(_SET, name="after", value="1")
        tx.append([event("kept-0")])

    ledger.write(command).result()
    assert ledger.read(lambda tx: tx.all(Hot("SELECT name FROM mark"))) == [("after",)]
    assert [logged.event.id for logged in ledger.log(0)] == ["kept-0"]


@pytest.mark.parametrize(
    ("capacity", "taken", "constraint"), [(1, 2, "slot_within_capacity"), (1, -1, "slot_not_negative")]
)
def test_a_broken_constraint_is_told_by_its_name(ledger, capacity, taken, constraint):
    with pytest.raises(Broke) as broke:
        ledger.write(lambda tx: tx.run(_PUT_SLOT, capacity=capacity, taken=taken)).result()
    assert broke.value.constraint == constraint


def test_a_broken_unique_constraint_is_told_by_its_name(ledger):
    add = Hot("INSERT INTO token (id, name, role, hash, made_at) VALUES (:id, 'k', 'kiosk', :hash, 1)")
    ledger.write(lambda tx: tx.run(add, id="1", hash=b"1")).result()
    with pytest.raises(Broke) as broke:
        ledger.write(lambda tx: tx.run(add, id="2", hash=b"2")).result()
    assert broke.value.constraint == "token_name"


def test_the_log_is_in_commit_order_and_each_event_stands_once(ledger):
    seen: list[int] = []
    stop = threading.Event()

    def watch() -> None:
        while True:
            done = stop.is_set()
            seen.extend(logged.seq for logged in ledger.log(seen[-1] if seen else 0))
            if done:
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    with ThreadPoolExecutor(16) as pool:
        list(
            pool.map(
                lambda n: ledger.write(lambda tx: tx.append([event(f"{n}-0"), event(f"{n}-1")])).result(), range(200)
            )
        )
    stop.set()
    watcher.join()
    assert len(seen) == 400, "a reader's cursor stepped over an event that was committed later"
    assert seen == sorted(seen)
    with pytest.raises(Broke) as broke:
        ledger.write(lambda tx: tx.append([event("7-0")])).result()
    assert broke.value.constraint == "event_once"


def test_the_newest_time_never_goes_back_unless_it_is_declared(ledger):
    ledger.write(lambda tx: tx.append([event("a-0", 5000)])).result()
    ledger.write(lambda tx: tx.append([event("b-0", 4000)])).result()
    assert ledger.read(Tx.newest) == 5000
    ledger.write(lambda tx: tx.append([Event("c-0", "t", "s", "x", 3000, declares=True)])).result()
    ledger.write(lambda tx: tx.append([event("d-0", 2990)])).result()
    assert ledger.read(Tx.newest) == 3000


def test_a_copy_comes_back_whole_into_either_database(ledger, tmp_path, postgres_url):
    ledger.write(lambda tx: tx.append([event("a-0", note="健身房"), event("a-1")])).result()
    ledger.write(lambda tx: tx.run(_SET, name="key", value="k")).result()
    ledger.backup(tmp_path / "copy.db")
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    ledger.write(lambda tx: tx.append([event("later-0")])).result()
    ledger.restore(tmp_path / "copy.db")
    other = open_ledger(postgres_url if ledger.kind == "sqlite" else "sqlite:///other.db", tmp_path)
    other.restore(tmp_path / "copy.db")
    for restored in (ledger, other):
        assert [logged.event for logged in restored.log(0)] == [event("a-0", note="健身房"), event("a-1")]
        assert restored.read(lambda tx: tx.one(_GET, name="key")) == ("k",)
        restored.write(lambda tx: tx.append([event("new-0")])).result()
        assert len(restored.log(0)) == 3
    other.close()


def test_what_is_no_copy_is_refused_and_nothing_is_lost(ledger, tmp_path):
    ledger.write(lambda tx: tx.run(_SET, name="a", value="1")).result()
    (tmp_path / "noise").write_bytes(b"noise" * 5000)
    with pytest.raises(LedgerTrouble):
        ledger.restore(tmp_path / "noise")
    assert ledger.read(lambda tx: tx.one(_GET, name="a")) == ("1",)


# ---- the vault -------------------------------------------------------------------------------------------------------


def test_the_key_is_made_once_and_only_its_owner_reads_it(ledger, tmp_path):
    vault = Vault(tmp_path / "hall.key")
    vault.prepare(ledger)
    assert stat.S_IMODE((tmp_path / "hall.key").stat().st_mode) == 0o600
    again = Vault(tmp_path / "hall.key")
    again.prepare(ledger)
    assert again.open(vault.seal("13912345678", "phone:1"), "phone:1") == "13912345678"
    assert again.mac("phone", "1") == vault.mac("phone", "1") != vault.mac("code", "1")


def test_what_is_sealed_opens_only_where_it_belongs(ledger, tmp_path):
    vault = Vault(tmp_path / "hall.key")
    vault.prepare(ledger)
    sealed = vault.seal("13912345678", "phone:1")
    assert b"13912345678" not in sealed
    for wrong in (sealed[:-1] + bytes([sealed[-1] ^ 1]), b"", sealed[:12]):
        with pytest.raises(Sealed):
            vault.open(wrong, "phone:1")
    with pytest.raises(Sealed):
        vault.open(sealed, "phone:2")


def test_a_missing_or_foreign_key_is_named_and_never_replaced(ledger, tmp_path):
    Vault(tmp_path / "hall.key").prepare(ledger)
    key = (tmp_path / "hall.key").read_bytes()
    (tmp_path / "hall.key").unlink()
    vault = Vault(tmp_path / "hall.key")
    with pytest.raises(KeyMissing):
        vault.prepare(ledger)
    assert not (tmp_path / "hall.key").exists()
    with pytest.raises(KeyMissing):
        vault.mac("phone", "1")
    (tmp_path / "hall.key").write_bytes(b"hall-key-1 " + b"0" * 64 + b"\n")
    with pytest.raises(KeyMissing, match="not the key of this ledger"):
        vault.prepare(ledger)
    (tmp_path / "hall.key").write_bytes(key)
    vault.prepare(ledger)  # healed
    assert vault.mac("phone", "1")


def test_two_processes_that_start_together_agree_on_the_key(ledger, tmp_path):
    vaults = [Vault(tmp_path / "hall.key") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda vault: vault.prepare(ledger), vaults))
    assert len({vault.mac("x", "1") for vault in vaults}) == 1


def test_a_key_nobody_has_read_yet_is_not_called_missing(ledger, tmp_path):
    vault = Vault(tmp_path / "hall.key")
    with pytest.raises(LedgerBusy, match="not been read yet"):
        vault.mac("phone", "1")
    vault.prepare(ledger)
    assert vault.mac("phone", "1")
    vault.forget()
    with pytest.raises(LedgerBusy):
        vault.mac("phone", "1")


def test_a_key_that_the_ledger_kept_from_being_read_says_the_ledgers_trouble(tmp_path):
    (tmp_path / "hall.db").write_bytes(b"no ledger at all" * 300)
    damaged, vault = open_ledger("sqlite:///hall.db", tmp_path, patient=True), Vault(tmp_path / "hall.key")
    with pytest.raises(LedgerTrouble) as first:
        vault.prepare(damaged)
    with pytest.raises(type(first.value)):
        vault.mac("phone", "1")
    assert not isinstance(first.value, KeyMissing | LedgerBusy)
    damaged.close()


def test_a_key_once_read_is_not_dropped_by_another_thread_that_begins(ledger, tmp_path):
    class SlowToRead:
        """A ledger whose every reader waits longer than the one before, at first, with what it has read in its hand."""

        write = staticmethod(ledger.write)

        def __init__(self):
            self.seen = []

        def read(self, query):
            found = ledger.read(query)
            if threading.get_ident() not in self.seen:
                self.seen.append(threading.get_ident())
                time.sleep(len(self.seen) * 0.03)
            return found

    vault, slow = Vault(tmp_path / "hall.key"), SlowToRead()

    def begin(_n: int) -> None:
        vault.prepare(slow)
        until = time.monotonic() + 0.3
        while time.monotonic() < until:
            vault.mac("look-up", "138")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(begin, range(6)))


def test_a_key_that_goes_while_the_hall_runs_is_noticed_and_serves_on(ledger, tmp_path):
    key = tmp_path / "hall.key"
    vault = Vault(key)
    vault.prepare(ledger)
    assert not vault.adrift
    raw = key.read_bytes()
    for gone in (key.unlink, lambda: key.write_bytes(b"hall-key-1 " + b"0" * 64 + b"\n")):
        gone()
        vault.prepare(ledger)
        assert vault.adrift
        assert vault.mac("x", "1")
    key.write_bytes(raw)
    vault.prepare(ledger)
    assert not vault.adrift


def test_a_ledger_restored_with_another_key_is_read_with_that_key(ledger, tmp_path):
    running = Vault(tmp_path / "hall.key")
    running.prepare(ledger)
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    other = open_ledger("sqlite:///hall.db", theirs)
    key = Vault(theirs / "hall.key")
    key.prepare(other)
    sealed = key.seal("13912345678", "phone:1")
    other.backup(tmp_path / "copy.db")
    other.close()
    restore(ledger, Vault(tmp_path / "hall.key"), tmp_path / "copy.db", theirs / "hall.key")
    running.prepare(ledger)
    assert running.open(sealed, "phone:1") == "13912345678"


# ---- a ledger that is gone ------------------------------------------------------------------------------------------


def test_where_there_was_a_ledger_none_is_made_silently(tmp_path):
    first = open_ledger("sqlite:///hall.db", tmp_path)
    Vault(tmp_path / "hall.key").prepare(first)
    first.backup(tmp_path / "copy.db")
    first.close()
    for gone in ((tmp_path / "hall.db").unlink, lambda: (tmp_path / "hall.db").write_bytes(b"")):
        gone()
        with pytest.raises(LedgerMissing, match="Restore a backup"):
            open_ledger("sqlite:///hall.db", tmp_path)
    (tmp_path / "hall.db").unlink()
    stands = open_ledger("sqlite:///hall.db", tmp_path, patient=True)
    for ask in (lambda: stands.write(Tx.newest).result(), lambda: stands.read(Tx.newest)):
        with pytest.raises(LedgerMissing):
            ask()
    assert not (tmp_path / "hall.db").exists()
    back = open_ledger("sqlite:///hall.db", tmp_path, patient=True)
    restore(back, Vault(tmp_path / "hall.key"), tmp_path / "copy.db", None)
    back.close()
    Vault(tmp_path / "hall.key").prepare(stands)  # healed
    stands.close()
    (tmp_path / "hall.db").unlink()
    (tmp_path / "hall.key").rename(tmp_path / "old.key")
    open_ledger("sqlite:///hall.db", tmp_path).close()  # begun anew, as somebody wanted


_START = """
import sys
from pathlib import Path
from kiosk.ledger import Vault, open_ledger
folder = Path(sys.argv[1])
ledger = open_ledger("sqlite:///hall.db", folder)
vault = Vault(folder / "hall.key")
vault.prepare(ledger)
print(vault.mac("x", "1").hex())
ledger.close()
"""


def test_several_that_start_in_a_fresh_folder_at_once_miss_nothing(tmp_path):
    command = [sys.executable, "-c", _START, str(tmp_path)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    told = [process.communicate(timeout=60)[0] for process in started]
    assert [process.returncode for process in started] == [0] * 4
    assert len(set(told)) == 1


@pytest.mark.parametrize("table", ["request_text", "outbox"])
def test_what_was_deleted_is_in_no_file_once_it_is_scrubbed(postgres_url, tmp_path, table):
    columns = {"request_text": "subject, part, content", "outbox": "destination, event, content"}[table]
    word = b"what-has-died-" + table.encode()
    ledger = open_ledger(str(postgres_url), tmp_path)
    keep = Hot(f"INSERT INTO {table} ({columns}) VALUES ('a', 'b', :word)")
    ledger.write(lambda tx: tx.run(keep, word=word)).result()
    with psycopg.connect(str(postgres_url), autocommit=True) as server:
        (folder,) = server.execute("SHOW data_directory").fetchone()

        def bytes_of_it() -> bytes:
            server.execute("CHECKPOINT")
            (path,) = server.execute("SELECT pg_relation_filepath(%s)", (table,)).fetchone()
            return (Path(folder) / path).read_bytes()

        assert word in bytes_of_it(), "otherwise nothing below proves anything"
        ledger.write(lambda tx: tx.run(Hot(f"DELETE FROM {table}"))).result()
        ledger.scrub()
        assert word not in bytes_of_it()
    ledger.close()
