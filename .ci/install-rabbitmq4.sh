#!/usr/bin/env bash
# Put RabbitMQ 4 into .cache/rabbitmq4, a Debian 13 of its own, where tests/brokers looks for it. Needs root on Debian.
# `CQRS_GEN_RABBITMQ=4 pytest tests/delivery` then runs the tests of RabbitMQ on it.
set -euo pipefail
cd "$(dirname "$0")/.."

root=.cache/rabbitmq4
stamp=$root/.complete # written last: an install that broke off is done again

if [ ! -e "$stamp" ]; then
  if ! command -v debootstrap >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends debootstrap
  fi
  rm -rf --one-file-system "$root"
  mkdir -p "$root"
  debootstrap --variant=minbase --include=rabbitmq-server trixie "$PWD/$root" >"$root.log"
  rm -rf "$root/var/cache/apt/archives"
  touch "$stamp"
fi
