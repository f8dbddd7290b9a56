# The image of a release; goreleaser builds it, with the programs below the names
# of their platforms. To try it with one of your own:
#
#   CGO_ENABLED=0 go build -o linux/amd64/ ./cmd/keyguard
#   docker build --platform linux/amd64 -t keyguard .
#
# Not an empty base: keyguard asks the git program about repositories, and GitLab
# runs jobs by the image's shell.
FROM alpine:3.22
RUN apk add --no-cache git
COPY packaging/gitconfig /etc/gitconfig
COPY LICENSE /usr/share/licenses/keyguard/LICENSE
ARG TARGETPLATFORM
COPY $TARGETPLATFORM/keyguard /usr/bin/keyguard
# By number, so that Kubernetes can tell that it is not root.
USER 65532:65532
ENV HOME=/tmp
WORKDIR /repo
ENTRYPOINT ["keyguard"]
