# A proxy before a container engine's socket, which passes on what Scene's launcher asks and no more (docker/engine.cfg).
# Whoever may create containers may still create one with the machine's disk in it: docs/runners.md.
ARG BASE=debian:bookworm-slim

FROM ${BASE}
ARG DEBIAN_FRONTEND=noninteractive
COPY docker/certificates/ /usr/local/share/ca-certificates/
RUN apt-get -q update \
    && apt-get -q -y --no-install-recommends install haproxy \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /usr/share/doc /usr/share/man
COPY docker/engine.cfg /etc/haproxy/haproxy.cfg
EXPOSE 2375
ENTRYPOINT ["haproxy", "-db", "-f", "/etc/haproxy/haproxy.cfg"]
