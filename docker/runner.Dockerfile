# What an execution runs in: a browser, fonts, Playwright and scene_runner, and no server. Built by `scene runner build`,
# which makes the build context (this file, scene_runner, requirements.txt and certificates/).
#
#   chromium   Chromium's headless shell: the smallest
#   all        and Firefox, and ffmpeg for videos
#
# Any Debian will do as a base.
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS packages
ARG DEBIAN_FRONTEND=noninteractive
# The machine's own certificate authorities, where it has any: without them nothing can be fetched behind some proxies.
COPY certificates/ /usr/local/share/ca-certificates/
# libatomic1 is for Playwright's driver. Documentation and translations change no pixel.
RUN apt-get -q update \
    && apt-get -q -y --no-install-recommends install ca-certificates chromium-headless-shell fontconfig \
        fonts-dejavu-core fonts-liberation fonts-noto-color-emoji libatomic1 python3 python3-venv \
    && update-ca-certificates \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /usr/share/doc /usr/share/man /usr/share/locale \
    && fc-cache -f \
    # The user that containers run as; its home is a tmpfs.
    && groupadd --gid 10001 scene && useradd --uid 10001 --gid scene --home-dir /home/scene --create-home scene
COPY requirements.txt /opt/scene/requirements.txt
# An index of packages other than the public one.
ARG PIP_INDEX_URL=
RUN export PIP_CERT=/etc/ssl/certs/ca-certificates.crt \
    && if [ -z "$PIP_INDEX_URL" ]; then unset PIP_INDEX_URL; fi \
    && python3 -m venv /opt/scene \
    && /opt/scene/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
        -r /opt/scene/requirements.txt \
    && /opt/scene/bin/python -m compileall -q /opt/scene/lib \
    && rm -rf /root/.cache
ENV PYTHONPATH=/opt/scene/app PYTHONUNBUFFERED=1 PYTHONIOENCODING=utf-8 LANG=C.UTF-8 HOME=/home/scene \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
WORKDIR /tmp
ENTRYPOINT ["/opt/scene/bin/python", "-P", "-m", "scene_runner.contained"]

FROM packages AS more-packages
ARG DEBIAN_FRONTEND=noninteractive
RUN apt-get -q update \
    && apt-get -q -y --no-install-recommends install ffmpeg firefox-esr \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /usr/share/doc /usr/share/man /usr/share/locale

FROM packages AS chromium
COPY scene_runner /opt/scene/app/scene_runner
RUN /opt/scene/bin/python -m compileall -q /opt/scene/app
USER 10001:10001
# Where each browser is; nothing after the = is Playwright's own.
LABEL scene.browsers="chromium=/usr/bin/chromium-headless-shell"

FROM more-packages AS all
COPY scene_runner /opt/scene/app/scene_runner
RUN /opt/scene/bin/python -m compileall -q /opt/scene/app
USER 10001:10001
LABEL scene.browsers="chromium=/usr/bin/chromium-headless-shell firefox=/usr/bin/firefox-esr"
