"""How gunicorn serves the portal: threads, no preload (DuckDB must not be forked after use), quiet logs."""

from pathlib import Path

from portal import environment
from portal.operations.logs import build_logging
from portal.operations.services.children import die_with_parent

bind = f"{environment.text('BIND_ADDRESS', '127.0.0.1')}:{environment.number('PORT', 8000)}"
workers = environment.number("WEB_WORKERS", 2, least=1)
threads = environment.number("WEB_THREADS", 4, least=1)
worker_class = "gthread"
timeout = 120
graceful_timeout = 8
keepalive = 5
control_socket_disable = True
# The heartbeat file lies in memory where there is such a folder; on a slow disk it would stop workers.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
accesslog = "-"
access_log_format = "%(m)s %(U)s %(s)s %(L)s s"  # the path without its query, which may hold what people typed
logconfig_dict = build_logging(is_json=environment.mode() == "production", level=environment.log_level())


def post_fork(server, worker):
    """Have a web process end with its master, however that ends."""
    die_with_parent()


def post_worker_init(worker):
    """Let no request wait while the garbage collector looks through the code."""
    from portal.operations.memory import settle_memory  # reads settings, which stand by now

    settle_memory()
