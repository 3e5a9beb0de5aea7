#!/usr/bin/env bash
# Fetch the jars of Apache Kafka into .cache/kafka/libs, where tests/brokers looks for them. Needs Maven and a JDK.
set -euo pipefail
cd "$(dirname "$0")/.."

libs=.cache/kafka/libs
stamp=$libs/.complete # written last: a fetch that broke off is done again

if [ ! -e "$stamp" ] || [ .ci/kafka/pom.xml -nt "$stamp" ]; then
  rm -rf "$libs"
  mvn -q -B -f .ci/kafka/pom.xml dependency:copy-dependencies -DoutputDirectory="$PWD/$libs"
  touch "$stamp"
fi
