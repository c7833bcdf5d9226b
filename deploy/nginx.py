"""Write nginx's configuration for several servers of nnplay behind one address.

    python deploy/nginx.py > deploy/nginx.conf               # as deploy/compose.yaml has it: three servers
    python deploy/nginx.py --servers 127.0.0.1:8501 127.0.0.1:8502 --listen 8080 --run /run/nnplay

``deploy/serve.py`` uses it, too, and so do the tests and the benchmarks: what they try is what runs. It needs nginx
1.21 or newer, and nothing but Python's own library. docs/hosting.md says what it does; here is how.

- Which server a request is for. A visit's name begins with its server's number (``s2-…``, see
  ``nnplay/ui/streamlit_internals/visit_names.py``). It stands in the addresses that files are sent to, and a browser
  says it in the handshake when it connects again. So a visit stays where it is without a cookie. A cookie, set by the
  handshake, leads a second tab and a page that is loaded again to the same server, for ten minutes. Whoever has
  neither goes to the server with the fewest connections. All else, the pages and their files, is the same everywhere.
- A server that is gone, or answers 503 because it stops or is full, is passed over: the next one takes its visits.
- Files whose name says what is in them are kept by nginx, as compressed as the server gave them.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

COOKIE = "nnplay_server"
#: As deploy/compose.yaml names them. Each has a port of its own, by which the cookie tells them apart.
SERVERS = tuple(f"server-{number}:{8500 + number}" for number in (1, 2, 3))
#: The largest request, a little more than the largest file that the app takes by its usual limits (docs/hosting.md).
MOST_MB = 11
#: A whole course may share one address, and a browser has up to seven connections while it loads a page.
MOST_OF_AN_ADDRESS = 2000
#: As nnplay/limits.py numbers them.
MOST_SERVERS = 99

_CONFIGURATION = """\
# Written by `python deploy/nginx.py`, which says how it works.
worker_processes {workers};
pid {run}/nginx.pid;
error_log {log};
events {{ worker_connections 8192; }}

http {{
    access_log off;
    server_tokens off;
    client_body_temp_path {run}/body;
    proxy_temp_path {run}/proxy;
    fastcgi_temp_path {run}/fastcgi;
    uwsgi_temp_path {run}/uwsgi;
    scgi_temp_path {run}/scgi;
    proxy_cache_path {run}/files keys_zone=files:4m max_size=200m inactive=30d use_temp_path=off;
    limit_conn_zone $binary_remote_addr zone=visitors:10m;

    upstream any_server {{
        zone any_server 128k;
        least_conn;
{any_server}
        keepalive 32;
    }}
{one_server}
    # By the visit's name in an upload's address; else in the handshake; else by the cookie.
    map $uri $the_server {{
        default $server_of_handshake;
{by_upload}
    }}
    map $http_sec_websocket_protocol $server_of_handshake {{
        default $server_of_cookie;
{by_handshake}
    }}
    map $cookie_{cookie} $server_of_cookie {{
        default any_server;
{by_cookie}
    }}
    # The server that answered is the last one that was tried; its port says which it is.
    map $upstream_addr $number {{
        default "";
{by_port}
    }}
    # Another proxy in front of this one may have taken off the encryption.
    map $http_x_forwarded_proto $proto {{
        default $scheme;
        https https;
    }}
    # Encrypted, cookies work in a frame of another site, too, each site having its own.
    map $proto $cookie_flags {{
        default "SameSite=Lax";
        https "Secure; SameSite=None; Partitioned";
    }}
    map $proto $xsrf_path {{
        default "/";
        https "/; Secure; Partitioned";
    }}
    map $proto $xsrf_site {{
        default samesite=lax;
        https samesite=none;
    }}
    map $number $stay {{
        default "{cookie}=$number; Path=/; Max-Age=600; HttpOnly; $cookie_flags";
        "" "";
    }}
    map $http_accept_encoding $takes_gzip {{
        default "";
        ~gzip gzip;
    }}

    proxy_http_version 1.1;
    proxy_connect_timeout 1s;
    proxy_next_upstream error timeout http_502 http_503;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $proto;
    proxy_set_header Connection "";
    # The token against forged requests, which belongs to an upload.
    proxy_cookie_path / $xsrf_path;
    proxy_cookie_flags _streamlit_xsrf $xsrf_site;

    server {{
        listen {listen};
{encryption}        client_max_body_size {most_mb}m;
        limit_conn visitors {most_of_an_address};
        limit_conn_status 429;

        location / {{
            proxy_pass http://$the_server;
        }}
        location ~ /_stcore/stream$ {{
            proxy_pass http://$the_server;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $proto;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;
            # 403: it has no place for another visitor.
            proxy_next_upstream error timeout http_502 http_503 http_403;
            add_header Set-Cookie $stay always;
            # A visitor may only watch for hours.
            proxy_read_timeout 6h;
            proxy_send_timeout 6h;
            proxy_socket_keepalive on;
        }}
        # A file to save is on the server that made it; its address says nothing of that.
        location ~ /media/ {{
            proxy_pass http://$the_server;
            proxy_next_upstream error timeout http_502 http_503 http_404;
        }}
        location ~ /_stcore/metrics/?$ {{
            return 404;
        }}
        # Their names say what is in them. While a new version comes, a server may still have the files of the old one.
        location ~ ^/(static|app/static/bundle-[^/]+)/ {{
            proxy_pass http://any_server;
            proxy_set_header Host $http_host;
            proxy_set_header Connection "";
            proxy_set_header Accept-Encoding $takes_gzip;
            proxy_cache files;
            proxy_cache_key "$uri $takes_gzip";
            proxy_ignore_headers Vary;
            proxy_cache_lock on;
            proxy_cache_use_stale error timeout http_502 http_503 http_504;
            proxy_next_upstream error timeout http_502 http_503 http_404;
        }}
    }}
}}
"""
_ENCRYPTION = """\
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_session_cache shared:tls:5m;
"""
#: Host and port, as nginx takes them.
_SERVER = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}")
#: A server is asked each time, though it said before that it is full or stops: to hear so takes no time.
_ALWAYS = "max_fails=0"


def configuration(
    servers: Sequence[str] = SERVERS,
    listen: str = "8080",
    run: str = "/run/nnplay",
    log: str = "stderr",
    certificate: str = "",
    key: str = "",
    workers: str = "auto",
    most_mb: int = MOST_MB,
) -> str:
    """Return the configuration.

    Parameters
    ----------
    servers : sequence of str
        Host and port of each, in the order of their numbers; the ports differ.
    listen : str
        nginx's own port, or address and port.
    run : str
        A folder that nginx may write to.
    log : str
        Where it says what goes wrong.
    certificate, key : str
        Files for TLS; without them nginx speaks plain HTTP.
    workers : str
        How many processes; ``"auto"`` for one a core.
    most_mb : int
        Size of the largest request that is let through, in MB.

    Raises
    ------
    ValueError
        If nginx could not read what comes of it, or would not find a visit's server.
    """
    wrong = next((server for server in servers if not _SERVER.fullmatch(server)), None)
    if wrong is not None:
        raise ValueError(f"a server must be a host and its port, such as 127.0.0.1:8501; got {wrong!r}")
    if not 1 <= len(servers) <= MOST_SERVERS:
        raise ValueError(f"there must be 1 to {MOST_SERVERS} servers; got {len(servers)}")
    ports = [server.rpartition(":")[2] for server in servers]
    if len(set(ports)) != len(ports):
        raise ValueError(f"the ports of the servers must differ; got {', '.join(ports)}")
    for name, said in (("listen", listen), ("run", run), ("log", log), ("certificate", certificate), ("key", key)):
        if re.search(r"[\s;{}\"'$]", said):
            raise ValueError(f"{name} must be without blanks, quotes, semicolons, braces and $; got {said!r}")
    if bool(certificate) != bool(key):
        raise ValueError("certificate and key belong together; got one of them")
    numbers = range(1, len(servers) + 1)

    def rows(form: str) -> str:
        filled = (form.format(number=number, port=port) for number, port in zip(numbers, ports, strict=True))
        return "\n".join("        " + row for row in filled)

    def upstream(number: int) -> str:
        lines = [
            f"server {server} {_ALWAYS}{'' if other == number else ' backup'};"
            for other, server in zip(numbers, servers, strict=True)
        ]
        inside = "".join(f"        {line}\n" for line in (f"zone server_{number} 128k;", "least_conn;", *lines))
        return f"    upstream server_{number} {{\n{inside}        keepalive 32;\n    }}"

    return _CONFIGURATION.format(
        workers=workers,
        run=run,
        log=log,
        cookie=COOKIE,
        any_server="\n".join(f"        server {server} {_ALWAYS};" for server in servers),
        one_server="\n".join(map(upstream, numbers)),
        by_upload=rows('"~/_stcore/upload_file/s{number}-" server_{number};'),
        by_handshake=rows('"~,\\s*s{number}-[^,]*$" server_{number};'),
        by_cookie=rows('"{number}" server_{number};'),
        by_port=rows('"~:{port}$" {number};'),
        listen=f"{listen} ssl http2" if certificate else listen,
        encryption=_ENCRYPTION.format(certificate=certificate, key=key) if certificate else "",
        most_mb=most_mb,
        most_of_an_address=MOST_OF_AN_ADDRESS,
    )


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description="nginx's configuration for several servers of nnplay.")
    parser.add_argument(
        "--servers", nargs="+", default=SERVERS, metavar="HOST:PORT", help="in the order of their numbers"
    )
    parser.add_argument("--listen", default="8080", help="port, or address and port")
    parser.add_argument("--run", type=Path, default=Path("/run/nnplay"), help="a folder that nginx may write to")
    parser.add_argument("--certificate", default="", help="a file, for TLS")
    parser.add_argument("--key", default="", help="the file of its key")
    parser.add_argument("--most-mb", type=int, default=MOST_MB, help="size of the largest request, in MB")
    options = parser.parse_args()
    try:
        written = configuration(
            options.servers,
            options.listen,
            str(options.run),
            certificate=options.certificate,
            key=options.key,
            most_mb=options.most_mb,
        )
    except ValueError as error:
        parser.error(str(error))
    print(written, end="")


if __name__ == "__main__":
    main()
