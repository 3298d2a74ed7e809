"""Lifecycles over HTTP: report, dispatch, sign in, report back, verify, rate."""

import http.client
import itertools
import json
import threading
import time
import urllib.parse
import uuid
from dataclasses import dataclass

from bench.world import PORT, Keys

CLIENTS = 8


class Client:
    """One persistent connection."""

    def __init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", int(PORT), timeout=60)

    def send(self, path: str, body: str, headers: dict[str, str]) -> bytes:
        self.connection.request("POST", path, body, headers)
        answer = self.connection.getresponse()
        data = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {data[:300]!r}")
        return data


def report(client: Client, keys: Keys, number: int) -> tuple[str, str]:
    """Open a case by Open311; returns the case number and the receipt's token."""
    lon, lat = keys.points[number % len(keys.points)]
    form = {
        "api_key": keys.reporter,
        "service_code": "water.leak",
        "lat": lat,
        "long": lon,
        "description": f"第 {number} 号楼前的水管在滴水，已经 {number % 9 + 1} 天了。",
        "email": f"resident{number}@example.org",
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    made = json.loads(
        client.send("/open311/v2/requests.json", urllib.parse.urlencode(form), headers)
    )
    token = made[0]["service_notice"].split("/r/")[1].split("/")[0]
    return made[0]["service_request_id"], token


def act(client: Client, key: str, case: str, action: str, **data: object) -> None:
    body = json.dumps({"op_id": str(uuid.uuid4()), "data": data})
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    client.send(f"/api/v1/cases/{case}/actions/{action}", body, headers)


def rate(client: Client, token: str) -> None:
    body = json.dumps({"op_id": str(uuid.uuid4()), "data": {"solved": True, "satisfied": "yes"}})
    client.send(
        f"/api/v1/receipts/{token}/actions/rate", body, {"Content-Type": "application/json"}
    )


def one(client: Client, keys: Keys, number: int) -> None:
    """One whole lifecycle."""
    case, token = report(client, keys, number)
    act(client, keys.dispatcher, case, "dispatch", unit=keys.unit)
    act(client, keys.handler, case, "sign_in")
    act(client, keys.handler, case, "report_back", words=f"接口换了，试水半小时不漏。{number}")
    act(client, keys.verifier, case, "verify", how="phone")
    rate(client, token)


@dataclass(frozen=True)
class Run:
    """So many lifecycles in so many seconds, all deliveries done."""

    lifecycles: int
    seconds: float


def run(keys: Keys, count: int, first: int) -> Run:
    """`count` lifecycles by eight clients at once; ends when every receiver has caught up."""
    numbers, lock = itertools.count(first), threading.Lock()
    faults: list[BaseException] = []

    def work() -> None:
        client = Client()
        while not faults:
            with lock:
                number = next(numbers)
            if number >= first + count:
                return
            try:
                one(client, keys, number)
            except BaseException as error:  # noqa: BLE001  # told by the main thread
                faults.append(error)

    began = time.monotonic()
    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    _wait_for_deliveries()
    return Run(count, time.monotonic() - began)


def _wait_for_deliveries() -> None:
    from lingka.core import receivers

    receivers.discover()
    while any(receivers.backlog().values()):
        time.sleep(0.02)
