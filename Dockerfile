# The product alone, without the demo: docker build --build-arg VERSION=1.2.3 -t oversikt .
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags=-s -o /oversikt ./cmd/oversikt
RUN go run ./internal/workshop/licences -texts >/LICENSES && mkdir -p /spool/access-log

# Static, with the rules of time zones inside; certificates are all that it takes from a system.
FROM scratch
ARG VERSION=dev
LABEL org.opencontainers.image.title="Oversikt" \
      org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /oversikt /oversikt
COPY --from=build /src/LICENSE /LICENSES /
# The entries of the access log wait here for the portal's database: mount a volume.
COPY --from=build --chown=65532:65532 /spool /var/lib/oversikt
USER 65532:65532
EXPOSE 8080 9090
ENTRYPOINT ["/oversikt"]
CMD ["serve", "--config", "/etc/oversikt/oversikt.yaml"]
