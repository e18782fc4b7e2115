# The chat on a plain workerd, with its rooms in the volume /var/lib/chat. How to use it: docs/book/src/self-hosting.md.

FROM docker.io/library/node:22-bookworm-slim AS node

# The version is that of rust-toolchain.toml: with another one, rustup would download the right one too.
FROM docker.io/library/rust:1.95.0-slim-bookworm AS build
COPY --from=node /usr/local/bin /usr/local/bin
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
# worker-build is compiled against OpenSSL.
RUN apt-get update && apt-get install -y --no-install-recommends pkg-config libssl-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /party
COPY . .
# What is downloaded and compiled is kept for the next build. The key in the configuration is a mark, in whose place
# serve-container.sh writes the key.
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/root/.cache \
    --mount=type=cache,target=/root/.npm --mount=type=cache,target=/party/target \
    node xtask/with-rust.mjs build && \
    OPERATOR_KEY=@OPERATOR_KEY@ node xtask/serve-config.mjs wrangler.toml . OPERATOR_KEY && \
    chmod 644 wrangler.jsonc && \
    cp node_modules/@cloudflare/workerd-linux-*/bin/workerd /usr/local/bin/

FROM docker.io/library/debian:bookworm-slim
RUN install -d -m 700 -o 10001 -g 10001 /var/lib/chat
# workerd does not start without certificates of authorities.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/local/bin/workerd /usr/local/bin/
COPY --from=build /party/xtask/serve-container.sh /party/wrangler.jsonc /party/
COPY --from=build /party/build/index.js /party/build/index_bg.wasm /party/build/
COPY --from=build /party/public /party/public
USER 10001:10001
WORKDIR /var/lib/chat
VOLUME /var/lib/chat
EXPOSE 8787
HEALTHCHECK --start-period=10s --timeout=5s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${PORT:-8787} && \
    printf 'HEAD / HTTP/1.1\\r\\nHost: health\\r\\nConnection: close\\r\\n\\r\\n' >&3 && grep -q '200 OK' <&3"]
ENTRYPOINT ["/party/serve-container.sh"]
