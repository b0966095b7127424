# shellcheck shell=bash disable=SC2034,SC2154 # the settings are those of the scripts that read this
# What Java has otherwise, in the plain shape.

# The Java of ours, when ours runs; these are started after it.
same_java() {
  if [ -n "${pid_of[sentinel]:-}" ]; then java_of sentinel; else echo "${SENTINEL_JAVA:-java}"; fi
}

# vertx-http-proxy as it comes, with its own pool and without an access log, out of our jar.
start_vertx() {
  free_port vertx
  spawn vertx "$proxy_cores" "$(same_java)" -XX:+UseParallelGC -cp "$top/target/sentinel.jar" \
    "$top/bench/baseline/BareProxy.java" "${port_of[vertx]}" "${port_of[origin]}"
  await vertx
}

# Spring Cloud Gateway on one event loop, without an access log, as BareProxy.
start_scg() {
  local jar=$top/bench/baseline/spring-cloud-gateway/target/gateway.jar
  if [ -n "$(find "${jar%/target/*}" -newer "$jar" -name '*.*' -not -path '*/target/*' 2>&1)" ]; then
    say "building Spring Cloud Gateway, once"
    mvn -q -B -f "${jar%/target/*}" package >&2
  fi
  free_port scg
  PORT=${port_of[scg]} ORIGIN=${port_of[origin]} spawn scg "$proxy_cores" "$(same_java)" -XX:+UseParallelGC \
    -Dreactor.netty.ioWorkerCount=1 -jar "$jar"
  await scg
}
