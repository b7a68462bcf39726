"""No request of the portal reaches an address inside a network, however its name is written or resolved."""

import ipaddress
import socket

import pytest

from portal.messages import guard
from portal.messages.guard import Refused, Unreachable, is_allowed, post
from tests.portal.messages.hook_server import hook_server

INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "168.63.129.16",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "2001:db8::1",
]


@pytest.mark.parametrize("text", INSIDE)
def test_an_address_inside_is_refused(text):
    assert not is_allowed(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_a_public_address_is_allowed(text):
    assert is_allowed(ipaddress.ip_address(text))


def test_a_host_that_ops_named_may_lie_inside_but_never_where_a_cloud_keeps_its_secrets():
    assert is_allowed(ipaddress.ip_address("10.0.0.7"), may_be_internal=True)
    for text in ("169.254.169.254", "::ffff:169.254.169.254", "168.63.129.16", "0.0.0.0", "fe80::1"):
        assert not is_allowed(ipaddress.ip_address(text), may_be_internal=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/x",
        "ftp://hooks.example.com/x",
        "file:///etc/passwd",
        "https://user:secret@hooks.example.com/",
        "https://hooks.example.com:0/",
        "https://hooks.example.com:99999/",
        "https:///path",
        "https://hooks.example.com/a b",
        "https://hooks.example.com/\r\nX-Other: 1",
        "https://hööks.example.com/",
        "javascript:alert(1)",
        "",
        "https://[::1",
    ],
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(Refused):
        guard.check_url(url)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_no_way_to_write_this_machine_gets_through(host, settings):
    settings.WEBHOOK_ALLOW_HTTP = True
    with hook_server() as hook:
        with pytest.raises((Refused, Unreachable)):
            post(f"http://{host}:{hook.port}/hook", b"{}", {})
        assert not hook.requests


def test_a_named_host_is_reached_at_its_port_alone(settings):
    settings.WEBHOOK_ALLOW_HTTP = True
    with hook_server() as hook, hook_server() as other:
        settings.WEBHOOK_ALLOWED_HOSTS = [f"127.0.0.1:{hook.port}"]
        assert post(hook.url + "?a=1", b"{}", {"X-One": "1"}).status == 200
        path, headers, body = hook.requests[0]
        assert (path, headers["X-One"], body) == ("/hook?a=1", "1", b"{}")
        with pytest.raises(Refused):
            post(other.url, b"{}", {})
        assert not other.requests


def test_a_name_that_moves_inside_after_the_check_is_not_followed(monkeypatch, settings):
    """The name server's first answer is public, its second this machine: only the first is used, and asked for once."""
    settings.WEBHOOK_ALLOW_HTTP = True
    answers, connected = [], []
    with hook_server() as hook:

        def resolve(host, port, **kwargs):
            answers.append(host)
            place = "93.184.216.34" if len(answers) == 1 else "127.0.0.1"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port))]

        def connect(self, address):
            connected.append(address[0])
            raise TimeoutError

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        monkeypatch.setattr(socket.socket, "connect", connect)
        with pytest.raises(Unreachable, match="in time"):
            post(f"http://rebind.example.com:{hook.port}/", b"{}", {})
        assert answers == ["rebind.example.com"] and connected == ["93.184.216.34"]
        assert not hook.requests


def test_a_name_with_one_address_inside_is_refused_whole(monkeypatch, settings):
    settings.WEBHOOK_ALLOW_HTTP = True

    def resolve(host, port, **kwargs):
        both = ("93.184.216.34", "10.0.0.1")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, port)) for place in both]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(Refused, match="inside a network"):
        post("http://both.example.com/", b"{}", {})


def test_a_redirect_is_an_answer_and_nothing_more(settings):
    settings.WEBHOOK_ALLOW_HTTP = True
    with hook_server() as hook, hook_server() as other:
        settings.WEBHOOK_ALLOWED_HOSTS = ["127.0.0.1"]
        hook.status, hook.headers = 307, {"Location": other.url}
        assert post(hook.url, b"{}", {}).status == 307
        assert not other.requests


def test_an_answer_that_drips_is_cut_off(settings, monkeypatch):
    settings.WEBHOOK_ALLOW_HTTP, settings.WEBHOOK_ALLOWED_HOSTS = True, ["127.0.0.1"]
    monkeypatch.setattr(guard, "TOTAL_TIMEOUT_S", 0.5)
    with hook_server() as hook:
        hook.drips = True
        with pytest.raises(Unreachable) as fault:
            post(hook.url, b"{}", {})
        assert fault.value.was_sent
