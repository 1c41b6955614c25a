"""The driver `modbus-led485`: displays on Modbus RTU; the registers are configuration, by default the LED-485's.

Sources (facts on devices §6): Armfly LED-485 production test (text at 0x0070 by FC16, two characters a register; number
at 0x0000 by FC06), lamaplc on DM36/DM56 (registers 0–5, one character each; number at 7). One pymodbus client, for the
bus's thread alone. Options: `map` ("led485", "led485-number", "dm36", "dm36-number"), or one by one `register`,
`function` (6 or 16), `form` ("pairs", "single", "number"), `cells`; `timeout` (0.25 s), `echo` ("yes" for adapters that
hear themselves), `free`, `paused`, `closed`, `refresh`.
"""

from __future__ import annotations

import contextlib
import logging
import termios
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pymodbus.client import ModbusSerialClient
from pymodbus.exceptions import ConnectionException, ModbusException

from devices.displays.bus import Bus, Said, Silent, number
from devices.displays.faces import Faces, fitted, segments
from devices.displays.port import DisplayPlan, Showing
from devices.transport import BadConnection, WireLost

_FORMS = ("pairs", "single", "number")
_ANSWER_BYTES = 8


@dataclass(frozen=True, slots=True)
class RegisterMap:
    """Where and how a number is written. `form`: "pairs" (two characters a register, the first one high), "single" (one
    a register), "number" (a whole number, without the letter)."""

    register: int
    function: int
    form: str
    cells: int

    def values(self, faces: Faces, showing: Showing) -> list[int]:
        """The registers' contents."""
        if self.form == "number":
            return [faces.value(showing) & 0xFFFF]
        text = fitted(segments(faces.text(showing)), self.cells)
        if self.form == "single":
            return [ord(sign) for sign in text]
        text += " " * (len(text) % 2)
        return [ord(first) << 8 | ord(second) for first, second in zip(text[::2], text[1::2], strict=True)]


MAPS: Mapping[str, RegisterMap] = {
    "led485": RegisterMap(0x0070, 16, "pairs", 4),
    "led485-number": RegisterMap(0x0000, 6, "number", 4),
    "dm36": RegisterMap(0x0000, 16, "single", 6),
    "dm36-number": RegisterMap(0x0007, 6, "number", 6),
}


def register_map(options: Mapping[str, str]) -> RegisterMap:
    """The map that hall.toml's options mean. Raises `BadConnection`."""
    name = options.get("map", "led485")
    base = MAPS.get(name)
    if base is None:
        raise BadConnection(f"map = {name}: {', '.join(MAPS)}")
    try:
        register = int(options["register"], 0) if "register" in options else base.register
    except ValueError:
        register = -1
    if not 0 <= register <= 0xFFFF:
        raise BadConnection(f"register = {options['register']}: a number like 0x0070")
    made = replace(
        base, register=register, function=round(number(options, "function", base.function, 6, 16)),
        form=options.get("form", base.form), cells=round(number(options, "cells", base.cells, 1, 16)))
    if made.form not in _FORMS or made.function not in (6, 16) or (made.function == 6 and made.form != "number"):
        raise BadConnection(f"function = {made.function}, form = {made.form}: 16 with {_FORMS}, or 6 with number")
    return made


class ModbusLine:
    """See `devices.displays.bus.Line`. Raises `WireLost` when the port cannot be opened."""

    def __init__(self, plan: DisplayPlan, registers: RegisterMap, faces: Faces, timeout: float) -> None:
        self._registers, self._faces = registers, faces
        byte = 11 / plan.baud
        # FC16: 9 bytes around the registers; the kernel takes them at once, so the time-out counts from there
        whole = timeout + (9 + 2 * 16 + _ANSWER_BYTES) * byte if plan.baud < 9600 else timeout
        self._gap = max(0.00175, 3.5 * byte)  # Modbus over serial line V1.02 §2.5.1.1: frames are 3.5 characters apart
        self._quiet_at = 0.0
        if not Path(plan.port).exists():
            raise WireLost(f"{plan.port} is not there")
        self._client = ModbusSerialClient(
            plan.port, baudrate=plan.baud, timeout=whole, retries=0, handle_local_echo=_echo(plan))
        if not self._client.connect():
            raise WireLost(f"{plan.port} cannot be opened")

    def send(self, window: str, address: int, showing: Showing) -> Said:
        del window
        time.sleep(max(0.0, self._quiet_at - time.monotonic()))
        values = self._registers.values(self._faces, showing)
        try:
            if self._registers.function == 6:
                answer = self._client.write_register(self._registers.register, values[0], device_id=address)
            else:
                answer = self._client.write_registers(self._registers.register, values, device_id=address)
        except ConnectionException as error:
            raise WireLost("stalled" if self._client.socket is not None else f"gone: {error}") from error
        except ModbusException as error:
            raise Silent(str(error)) from error
        except (OSError, termios.error) as error:
            raise WireLost(str(error)) from error
        finally:
            self._quiet_at = time.monotonic() + self._gap
        return Said.REFUSED if answer.isError() else Said.ANSWERED

    def check(self) -> None:
        port = self._client.socket
        try:
            if port is None:
                raise WireLost("closed")
            if port.in_waiting:
                port.reset_input_buffer()  # a late answer is nobody's
        except (OSError, termios.error) as error:  # pyserial raises plain ones here (facts §8)
            raise WireLost(str(error)) from error

    def close(self) -> None:
        # closing a serial port waits for what is still in it: 30 s, if the other end has stopped taking bytes
        with contextlib.suppress(OSError, termios.error):
            if self._client.socket is not None:
                self._client.socket.reset_output_buffer()
        with contextlib.suppress(OSError, termios.error):
            self._client.close()  # type: ignore[no-untyped-call]


def _echo(plan: DisplayPlan) -> bool:
    return plan.options.get("echo", "no").lower() in ("yes", "true", "1")


def open_displays(plan: DisplayPlan, changed: Callable[[], None]) -> Bus:
    """The entry point `modbus-led485`. Raises `BadConnection`."""
    if not plan.port.startswith("/"):
        raise BadConnection(f"{plan.port}: a path like /dev/serial/by-id/…")
    if odd := [address for address in plan.addresses.values() if not 1 <= address <= 247]:
        raise BadConnection(f"windows = {odd}: Modbus addresses are 1 to 247")
    registers, faces = register_map(plan.options), Faces.of(plan.options)
    timeout = number(plan.options, "timeout", 0.25, 0.05, 2)
    # A silent display is a state that staff see; pymodbus would write a line of log each time.
    logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)
    return Bus(plan, lambda: ModbusLine(plan, registers, faces, timeout), changed)
