"""Against servers on this machine: slow, endless, private and rebound hosts, certificates, and Prometheus' documented answers."""

import gzip
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from reassay.register.register import Register
from reassay.register.signal_sources import PrometheusSource
from reassay.signals.fetching.addresses import IpAddress, resolved
from reassay.signals.fetching.fetch_settings import FetchSettings, HostPort, SourceSecret, read_fetch_settings
from reassay.signals.fetching.httpx_reader import HttpxReader
from reassay.signals.fetching.lazy_reader import LazyHttpReader
from reassay.signals.fetching.pinned_transport import PinnedTransport, SlowAnswerError
from reassay.signals.source_readings import SourceContext, SourceUnreadError
from reassay.signals.sources.prometheus import READER
from tests.unit.signals.fetching.fetch_lab import REPOSITORY, VALUE, Waits
from tests.unit.signals.sources.source_lab import NOW, no_advisories, no_file, no_issues

LOOPBACK = ipaddress.ip_address("127.0.0.1")
SHARED = Path(__file__).resolve().parents[5] / "shared" / "samples" / "prom_range.json"  # beside the checkout
Answers = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def server(answers: Answers, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server whose answers a function gives; its port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            try:
                answers(self)
            except (OSError, ValueError):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass

    running = Quiet(("127.0.0.1", 0), Handler)
    if context is not None:
        running.socket = context.wrap_socket(running.socket, server_side=True)
    thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield running.server_address[1]
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


def send(handler: BaseHTTPRequestHandler, body: bytes, headers: Mapping[str, str] | None = None) -> None:
    handler.send_response(200)
    for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def settings_for(port: int, host: str = "127.0.0.1") -> FetchSettings:
    place = HostPort(host, port)
    return FetchSettings(hosts=frozenset({place}), plain_hosts=frozenset({place}))


def get(
    settings: FetchSettings, url: str, *, whole: float = 5.0, largest: int = 1000, secret: str | None = None
) -> bytes:
    transport = PinnedTransport(allowed=settings.hosts.__contains__, whole=whole)
    with HttpxReader(settings, REPOSITORY, Waits(), transport=transport, largest=largest) as reader:
        return reader.get(url, secret=secret).body


def test_a_private_host_is_read_only_if_the_operator_allows_it() -> None:
    asked: list[str] = []

    def answers(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.headers["Host"])
        send(handler, b"[]")

    with server(answers) as port:
        url = f"http://127.0.0.1:{port}/"
        assert get(settings_for(port), url) == b"[]"
        assert asked == [f"127.0.0.1:{port}"]
        place = HostPort("127.0.0.1", port)
        with pytest.raises(
            SourceUnreadError, match=r"has an address that is not of the public internet, so it was not read"
        ):
            get(FetchSettings(plain_hosts=frozenset({place})), url)
        with pytest.raises(SourceUnreadError, match=r"is not https"):
            get(FetchSettings(hosts=frozenset({place})), url)
        for other in (
            f"https://localhost:{port}/",
            f"https://127.1:{port}/",
            f"https://[::ffff:127.0.0.1]:{port}/",
            f"https://2130706433:{port}/",
        ):
            with pytest.raises(SourceUnreadError, match=r"not of the public internet|has no address"):
                get(settings_for(port), other)
    assert len(asked) == 1


def test_a_name_that_is_rebound_after_the_check_is_not_looked_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    lookups: list[str] = []

    def rebinding(host: str, _port: int) -> tuple[IpAddress, ...]:
        lookups.append(host)
        return (ipaddress.ip_address("203.0.113.1") if len(lookups) > 1 else LOOPBACK,)

    def no_lookup(host: object, *arguments: object, **_: object) -> list[tuple[object, ...]]:
        assert host == "127.0.0.1", f"{host} was looked up a second time"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", arguments[0]))]

    with server(lambda handler: send(handler, handler.headers["Host"].encode())) as port:
        monkeypatch.setattr(socket, "getaddrinfo", no_lookup)
        transport = PinnedTransport(allowed=lambda _: True, resolver=rebinding)
        settings = settings_for(port, "rebound.example.org")
        with HttpxReader(settings, REPOSITORY, Waits(), transport=transport) as reader:
            assert reader.get(f"http://rebound.example.org:{port}/").body == f"rebound.example.org:{port}".encode()
    assert lookups == ["rebound.example.org"]


@pytest.mark.parametrize(
    "addresses", [["169.254.169.254"], ["93.184.215.14", "10.0.0.5"], ["::ffff:10.0.0.5"], ["fd00:ec2::254"]]
)
def test_a_name_with_any_private_address_is_not_connected_to(addresses: list[str]) -> None:
    def resolver(_host: str, _port: int) -> tuple[IpAddress, ...]:
        return tuple(map(ipaddress.ip_address, addresses))

    transport = PinnedTransport(allowed=lambda _: False, resolver=resolver)
    with HttpxReader(FetchSettings(), REPOSITORY, Waits(), transport=transport) as reader:
        with pytest.raises(
            SourceUnreadError, match=r"^x\.example\.org has an address that is not of the public internet"
        ):
            reader.get("https://x.example.org/")
        assert transport._origins == {}


def test_another_address_of_the_host_is_tried_if_the_first_does_not_answer() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.2", 0))
    with server(lambda handler: send(handler, b"1")) as port:
        transport = PinnedTransport(
            allowed=lambda _: True, resolver=lambda _host, _port: (ipaddress.ip_address("127.0.0.2"), LOOPBACK)
        )
        with HttpxReader(settings_for(port, "two.example.org"), REPOSITORY, Waits(), transport=transport) as reader:
            assert reader.get(f"http://two.example.org:{port}/").body == b"1"


def drips_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(200):
        handler.wfile.write(f"X-{number}: 1\r\n".encode())
        handler.wfile.flush()
        time.sleep(0.05)


def drips_body(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "200")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b"1")
        handler.wfile.flush()
        time.sleep(0.05)


def says_nothing(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(3)
    handler.close_connection = True


@pytest.mark.parametrize("answers", [drips_headers, drips_body, says_nothing])
def test_an_answer_that_takes_too_long_is_ended_wherever_it_is(answers: Answers) -> None:
    with server(answers) as port:
        began = time.monotonic()
        with pytest.raises(
            SourceUnreadError, match=r"^127\.0\.0\.1:\d+ did not answer within 100 seconds\. Ask for less"
        ):
            get(settings_for(port), f"http://127.0.0.1:{port}/", whole=0.4)
        assert time.monotonic() - began < 2.5


def test_a_second_answer_on_the_same_connection_is_ended_in_time_too() -> None:
    asked: list[str] = []

    def answers(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        if len(asked) > 1:
            drips_headers(handler)
        send(handler, b"1")

    with server(answers) as port:
        transport = PinnedTransport(allowed=lambda _: True, whole=0.4)
        with HttpxReader(settings_for(port), REPOSITORY, Waits(), transport=transport) as reader:
            assert reader.get(f"http://127.0.0.1:{port}/1").body == b"1"
            with pytest.raises(SourceUnreadError, match="did not answer within"):
                reader.get(f"http://127.0.0.1:{port}/2")
    assert asked == ["/1", "/2"]


def sends_without_end(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    while True:
        handler.wfile.write(b"400\r\n" + b"x" * 1024 + b"\r\n")


def sends_less_than_it_says(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"[1", {"Content-Length": "3"})
    handler.close_connection = True


def sends_no_http(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"220 mail.example.org ESMTP\r\n")
    handler.close_connection = True


def sends_a_bomb(handler: BaseHTTPRequestHandler) -> None:
    send(handler, gzip.compress(b"0" * 50_000_000), {"Content-Encoding": "gzip"})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (sends_without_end, "sent an answer that is larger than"),
        (sends_a_bomb, "sent an answer that is larger than"),
        (sends_less_than_it_says, "ended the connection before its answer"),
        (sends_no_http, "ended the connection before its answer, or sent something that is not HTTP"),
    ],
)
def test_an_answer_that_is_none_is_refused(answers: Answers, words: str) -> None:
    with server(answers) as port, pytest.raises(SourceUnreadError, match=words):
        get(settings_for(port), f"http://127.0.0.1:{port}/")


def test_a_host_without_a_server_or_an_address_is_said() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(SourceUnreadError, match="cannot be connected to"):
        get(settings_for(port), f"http://127.0.0.1:{port}/")
    with pytest.raises(SourceUnreadError, match="its name has no address"):
        get(settings_for(443, "no-such-host.invalid"), "https://no-such-host.invalid/")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for `feed.example.org`, as a file, and a context of a server with it."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "feed.example.org")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("feed.example.org")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "certificate.pem").write_bytes(pem)
    (folder / "key.pem").write_bytes(private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return folder / "certificate.pem", context


def test_the_certificate_is_compared_with_the_name_and_not_with_the_number(
    authority: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, context = authority
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    seen: list[str | None] = []

    def answers(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.headers["Authorization"])
        send(handler, b"1")

    with server(answers, context) as port:
        places = [HostPort("feed.example.org", port), HostPort("other.example.org", port)]
        secrets = {f"S{number}": SourceSecret(place, VALUE) for number, place in enumerate(places)}
        transport = PinnedTransport(allowed=lambda _: True, resolver=lambda _host, _port: (LOOPBACK,))
        with HttpxReader(FetchSettings(secrets), REPOSITORY, Waits(), transport=transport) as reader:
            assert reader.get(f"https://feed.example.org:{port}/", secret="S0").body == b"1"
            # It has the same address, so that a shared connection would have sent it the secret.
            with pytest.raises(SourceUnreadError, match="has a certificate that is not valid for it"):
                reader.get(f"https://other.example.org:{port}/", secret="S1")
    assert seen == [f"Bearer {VALUE}"]


def test_a_certificate_that_nobody_vouches_for_is_refused(authority: tuple[Path, ssl.SSLContext]) -> None:
    with server(lambda handler: send(handler, b"1"), authority[1]) as port:
        transport = PinnedTransport(allowed=lambda _: True, resolver=lambda _host, _port: (LOOPBACK,))
        reader = HttpxReader(FetchSettings(), REPOSITORY, Waits(), transport=transport)
        with reader, pytest.raises(SourceUnreadError, match="has a certificate that is not valid for it"):
            reader.get(f"https://feed.example.org:{port}/")


def prometheus(document: object) -> tuple[Answers, list[Mapping[str, list[str]]]]:
    """A server that answers a range query with a document, and what was asked."""
    asked: list[Mapping[str, list[str]]] = []

    def answers(handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        asked.append(parse_qs(parts.query))
        body = json.dumps(document).encode() if parts.path == "/api/v1/query_range" else b"404"
        send(handler, body, {"Content-Type": "application/json"})

    return answers, asked


def read_prometheus(port: int, **settings: str) -> list[tuple[str, float]]:
    fields = {"id": "blocked", "kind": "prometheus", "url": f"http://127.0.0.1:{port}", "query": "a_total", **settings}
    environment = {"REASSAY_SOURCE_HOSTS": f"http://127.0.0.1:{port}"}
    http = LazyHttpReader(read_fetch_settings(environment, "app"), REPOSITORY)
    context = SourceContext(NOW, register_of_nothing(), http, no_file, no_issues, no_advisories)
    try:
        reading = READER.read(PrometheusSource.model_validate_json(json.dumps(fields)), context)
    finally:
        http.close()
    return [(count.day.isoformat(), count.count) for count in reading.counts]


def register_of_nothing() -> Register:
    return Register()


def test_prometheus_is_read_over_the_wire() -> None:
    ends = [int(datetime(2026, 11, day, tzinfo=UTC).timestamp()) for day in (29, 30)]
    values = [[end, value] for end, value in zip(ends, ("7", "NaN"), strict=True)]
    matrix = {"resultType": "matrix", "result": [{"metric": {}, "values": values}]}
    answers, asked = prometheus({"status": "success", "data": matrix})
    with server(answers) as port:
        assert read_prometheus(port, of="per-day", query='sum(increase(a_total{x="é+&"}[1d]))') == [("2026-11-28", 7)]
    assert asked[0]["query"] == ['sum(increase(a_total{x="é+&"}[1d]))']
    assert asked[0]["step"] == ["86400"]


@pytest.mark.skipif(not SHARED.exists(), reason="no samples beside the checkout")
def test_the_shared_sample_has_no_day_that_could_be_counted() -> None:
    document = json.loads(SHARED.read_text("utf-8"))
    answers, _ = prometheus(document)
    with server(answers) as port, pytest.raises(SourceUnreadError, match="no day was taken: 'partial response'"):
        read_prometheus(port)
    del document["warnings"]
    answers, _ = prometheus(document)
    with server(answers) as port:
        # Its second series is NaN at the only midnight between two days, which leaves both unknown.
        assert read_prometheus(port) == []
        assert read_prometheus(port, of="per-day") == [("2026-11-21", 16), ("2026-11-23", 7)]


def test_the_deadline_is_not_an_error_of_httpx() -> None:
    assert not issubclass(SlowAnswerError, httpx.HTTPError)
    assert resolved("127.0.0.1", 80) == (LOOPBACK,)
