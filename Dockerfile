# Two stages: what builds stays behind. Bases are pinned by version here; pin them by digest where you deploy.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/ingest
WORKDIR /src
COPY requirements.txt ./
# Hashes are checked; wheels only, so that no package's own code runs while it is installed.
RUN /opt/ingest/bin/pip install --require-hashes --only-binary :all: -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY ingest ./ingest
RUN /opt/ingest/bin/pip install --no-deps --no-build-isolation --no-index . \
    && /opt/ingest/bin/python -m compileall -q /opt/ingest/lib/python3*/site-packages/ingest \
    && /opt/ingest/bin/pip uninstall --yes --quiet hatchling editables packaging pathspec pluggy tomlkit trove-classifiers pip

FROM python:3.13-slim-bookworm
# The base's own pip is a tool to fetch code with, and ensurepip brings it back: the service needs neither.
RUN python -m pip uninstall --yes --quiet pip 2>/dev/null; \
    rm -rf /usr/local/lib/python3.13/ensurepip \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin ingest \
    && install -d -o ingest -g ingest /data
COPY --from=build /opt/ingest /opt/ingest
ENV PATH=/opt/ingest/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    INGEST_CONFIG=/etc/ingest/config.yaml \
    INGEST_TICK_FILE=/tmp/ingest.tick
USER 10001:10001
WORKDIR /data
VOLUME /data
# Healthy is who has ended a tick within two minutes: the event loop turns, and the database answers.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, sys, time; sys.exit(time.time() - os.stat(os.environ['INGEST_TICK_FILE']).st_mtime > 120)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["ingest"]
CMD ["run"]
