# The portal's image: web, worker, beat and the one-shot preparation are the same code with another command.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORTAL_MODE=production PORTAL_VAR_DIR=/data BIND_ADDRESS=0.0.0.0
RUN useradd --uid 10001 --home-dir /portal --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /portal /data
WORKDIR /portal

COPY requirements.lock .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements.lock \
    && python -m compileall -q /usr/local/lib/python3.12/site-packages

COPY . .
USER portal
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "-c", "portal/operations/gunicorn_conf.py", "portal.wsgi"]
