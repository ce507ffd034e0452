# Scene itself: web, schedules, webhooks and workers. Executions run in containers of their own, by an engine that it reaches
# through DOCKER_HOST, so there is no browser here. From the root of the repository:
#
#   docker build -f docker/server.Dockerfile -t scene .
#
# Behind a proxy that looks inside TLS, put its authority (*.crt) into docker/certificates first.
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS python
ARG DEBIAN_FRONTEND=noninteractive
COPY docker/certificates/ /usr/local/share/ca-certificates/
RUN apt-get -q update \
    && apt-get -q -y --no-install-recommends install ca-certificates python3 python3-venv \
    && update-ca-certificates \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /usr/share/doc /usr/share/man /usr/share/locale
ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt

FROM python AS wheel
ARG DEBIAN_FRONTEND=noninteractive
# libatomic1 is for the Node.js that set-up takes from PyPI, and the compiler for the inner loops of the comparison.
RUN apt-get -q update && apt-get -q -y --no-install-recommends install gcc libatomic1 libc6-dev make
COPY . /scene
WORKDIR /scene
RUN make tools && .venv/bin/uv build --quiet --wheel --no-build-isolation --offline --out-dir /wheel \
    && cp src/scene/imaging/_kernel.so /wheel/

FROM python
COPY requirements/runtime.txt /opt/scene/requirements.txt
RUN python3 -m venv /opt/scene \
    && /opt/scene/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
        -r /opt/scene/requirements.txt
COPY --from=wheel /wheel/ /opt/scene/wheel/
RUN /opt/scene/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps /opt/scene/wheel/*.whl \
    && mv /opt/scene/wheel/_kernel.so "$(echo /opt/scene/lib/python3*/site-packages/scene/imaging)/" \
    && groupadd --gid 10002 scene && useradd --uid 10002 --gid scene --create-home scene \
    && install -d -o scene -g scene /data /artifacts
ENV PATH=/opt/scene/bin:/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 SCENE_DATA_DIR=/data SCENE_LAUNCHER=docker
USER 10002:10002
VOLUME /data
EXPOSE 8000 8001
ENTRYPOINT ["scene"]
CMD ["serve"]
