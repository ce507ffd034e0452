# PostgreSQL from packages, in the place of its public image.
ARG BASE
FROM ${BASE}
ARG DEBIAN_FRONTEND=noninteractive
COPY docker/certificates/ /usr/local/share/ca-certificates/
RUN apt-get -q update && apt-get -q -y --no-install-recommends install postgresql && rm -rf /var/lib/apt/lists/* \
    && install -d -o postgres -g postgres /var/lib/postgresql/data && ln -s /usr/lib/postgresql/*/bin /opt/postgresql
USER postgres
ENV PATH=/opt/postgresql:/usr/bin:/bin PGDATA=/var/lib/postgresql/data
ENTRYPOINT ["sh", "-ec", "\
    printf %s \"$POSTGRES_PASSWORD\" > /tmp/password; \
    initdb --encoding=UTF8 --auth=scram-sha-256 --username=\"$POSTGRES_USER\" --pwfile=/tmp/password >/dev/null; \
    echo 'host all all all scram-sha-256' >> $PGDATA/pg_hba.conf; \
    echo \"CREATE DATABASE $POSTGRES_DB\" | postgres --single postgres >/dev/null; \
    exec postgres -c listen_addresses='*'"]
