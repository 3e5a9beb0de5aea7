#!/usr/bin/env bash
# Install the Debian packages that are missing: RabbitMQ, Java and Maven for the servers of the tests, make, and venv.
set -euo pipefail

missing=()
want() { # a package, then the command that works where it is not needed
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || missing+=("$package")
}

want rabbitmq-server test -x /usr/lib/rabbitmq/bin/rabbitmq-server
want default-jre-headless command -v java
want maven command -v mvn
want make command -v make
want python3-venv python3 -c 'import ensurepip, sys; assert sys.version_info >= (3, 10)'

if [ ${#missing[@]} -gt 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi
