package io.sentinelgateway.observe;

import static io.sentinelgateway.observe.MetricType.COUNTER;
import static io.sentinelgateway.observe.MetricType.GAUGE;
import static io.sentinelgateway.observe.MetricType.HISTOGRAM;
import static io.sentinelgateway.observe.MetricType.INFO;

import java.util.List;

/**
 * Every family of metrics that the gateway itself counts, in the order of the reference page. The
 * only list: what is exposed and what is documented are read here.
 */
enum Metric {
  REQUESTS("sentinel_requests", COUNTER, "Requests that have ended.", "route", "method", "status"),
  REQUEST_DURATION(
      "sentinel_request_duration_seconds",
      HISTOGRAM,
      "From the request's head to the last byte of its answer.",
      "route"),
  REQUEST_BYTES("sentinel_request_bytes", COUNTER, "Content received.", "route"),
  RESPONSE_BYTES("sentinel_response_bytes", COUNTER, "Content sent.", "route"),
  ACTIVE_REQUESTS(
      "sentinel_active_requests", GAUGE, "Requests that have not ended yet.", "listener"),
  FAILURES(
      "sentinel_failures",
      COUNTER,
      "Requests that failed, by the reason that stands in the access log and the error body;"
          + " `client_gone` counts clients that left.",
      "reason"),
  UPSTREAM_ATTEMPTS(
      "sentinel_upstream_attempts",
      COUNTER,
      "Attempts to get an answer from an origin server; `ignored` says nothing about it.",
      "upstream",
      "outcome"),
  UPSTREAM_RETRIES(
      "sentinel_upstream_retries",
      COUNTER,
      "Attempts after the first one of a request.",
      "upstream"),
  UPSTREAM_NOT_RETRIED(
      "sentinel_upstream_not_retried",
      COUNTER,
      "Failed requests that the route would have retried but for the reason.",
      "upstream",
      "reason"),
  UPSTREAM_HEDGES(
      "sentinel_upstream_hedges",
      COUNTER,
      "Second attempts begun beside a slow first one, by whether their answer came first.",
      "upstream",
      "result"),
  MIRROR_ANSWERS(
      "sentinel_mirror_answers",
      COUNTER,
      "Copies of requests that were sent, by the class of the status that came, or `failed`.",
      "upstream",
      "result"),
  MIRROR_DROPPED(
      "sentinel_mirror_dropped",
      COUNTER,
      "Copies of requests that were not sent: too many `in_flight`, `content_too_large`,"
          + " `incomplete` when the request ended or was answered before its content was there, or"
          + " `no_target`.",
      "upstream",
      "reason"),
  UPSTREAM_REJECTED(
      "sentinel_upstream_rejected",
      COUNTER,
      "Requests that a circuit breaker or a limit refused, and no fallback took over.",
      "upstream",
      "reason"),
  UPSTREAM_WOULD_REJECT(
      "sentinel_upstream_would_reject",
      COUNTER,
      "Requests that one in mode `observe` would have refused.",
      "upstream",
      "reason"),
  UPSTREAM_FALLBACKS(
      "sentinel_upstream_fallbacks",
      COUNTER,
      "Requests that the fallback of this upstream took over.",
      "upstream"),
  BREAKERS(
      "sentinel_breakers",
      GAUGE,
      "Circuit breakers by state: one for each target, or one for the upstream.",
      "upstream",
      "state"),
  BREAKER_TRANSITIONS(
      "sentinel_breaker_transitions",
      COUNTER,
      "Times that a circuit breaker came into a state.",
      "upstream",
      "state"),
  LIMIT(
      "sentinel_limit_requests",
      GAUGE,
      "Requests that may be under way at once: the least of the limits that are enforced or"
          + " learnt.",
      "upstream"),
  LIMIT_ACTIVE("sentinel_limit_active", GAUGE, "Requests that hold a place under it.", "upstream"),
  LIMIT_PENDING(
      "sentinel_limit_pending", GAUGE, "Requests that wait for such a place.", "upstream"),
  TARGETS(
      "sentinel_targets",
      GAUGE,
      "Targets by what health says: `healthy`, `warming` until the first check has ended, `ejected`"
          + " for what they did to requests, `unhealthy` by their checks, `drained` by an operator.",
      "upstream",
      "state"),
  TARGET_CHANGES(
      "sentinel_target_changes",
      COUNTER,
      "Times that the health of a target changed to this state; `reason` is `check`, `failures`,"
          + " `errors`, `success_rate`, `latency`, `failure_share`, `time`, `operator` or"
          + " `configuration`.",
      "upstream",
      "state",
      "reason"),
  UPSTREAM_PANIC(
      "sentinel_upstream_panic",
      GAUGE,
      "Whether (1) so few targets are healthy that all but drained ones are used, or not (0).",
      "upstream"),
  CONNECTIONS_ACCEPTED(
      "sentinel_connections_accepted", COUNTER, "Clients that connected.", "listener"),
  CONNECTIONS_OPEN(
      "sentinel_connections_open", GAUGE, "Connections of clients that are open.", "listener"),
  CONNECTIONS_REFUSED(
      "sentinel_connections_refused",
      COUNTER,
      "Connections closed before they could ask anything: over the `limit`, from no allowed `source`,"
          + " with a bad or late `proxy_header`; in a `tcp` listener also those that ask for a"
          + " `server_name` without upstream, or whose `client_hello` is too large or late.",
      "listener",
      "reason"),
  PASSTHROUGH_ENDED(
      "sentinel_passthrough_ended",
      COUNTER,
      "Connections of a `tcp` listener: who closed first, `idle`, `drain` or `unreachable`.",
      "listener",
      "reason"),
  PASSTHROUGH_BYTES(
      "sentinel_passthrough_bytes", COUNTER, "Bytes that were passed on.", "listener", "direction"),
  HTTP2_ABUSES(
      "sentinel_client_abuses",
      COUNTER,
      "HTTP/2 connections that were ended, or requests that were refused unseen: floods"
          + " (`rapid_reset`, `forced_reset`, `continuation`, `ping`, `settings`, `empty_data`,"
          + " `priority`, `window_update`, `unknown_frame`), a field section over"
          + " `limits.header-bytes` (`header_list`), any other breach of RFC 9113 (`protocol`).",
      "listener",
      "reason"),
  TUNNELS_OPEN(
      "sentinel_tunnels_open", GAUGE, "Connections that were upgraded, still open.", "listener"),
  TUNNELS_ENDED(
      "sentinel_tunnels_ended", COUNTER, "Ended ones, by `tunnel-end`.", "listener", "reason"),
  TUNNEL_BYTES(
      "sentinel_tunnel_bytes", COUNTER, "What passed through these.", "listener", "direction"),
  TLS_HANDSHAKES(
      "sentinel_tls_handshakes", COUNTER, "TLS handshakes that came to their end.", "listener"),
  TLS_HANDSHAKE_FAILURES(
      "sentinel_tls_handshake_failures",
      COUNTER,
      "TLS handshakes that did not: `timeout`, `closed` by the client, `not_tls` (plain HTTP,"
          + " mostly), no common `version` or `cipher`, `refused` by the client (it does not trust"
          + " the certificate, mostly), `other`; and of clients' certificates `certificate_missing`,"
          + " `certificate_untrusted`, `certificate_expired`, `certificate_revoked`,"
          + " `certificate_status_unknown` (no list tells, or it is out of date).",
      "listener",
      "reason"),
  TLS_CERTIFICATE_EXPIRY(
      "sentinel_tls_certificate_expiry_timestamp_seconds",
      GAUGE,
      "When a certificate in use expires, in seconds since 1970; `certificate` is its file.",
      "listener",
      "certificate"),
  POOL_CONNECTIONS(
      "sentinel_pool_connections",
      GAUGE,
      "Connections to origin servers, `active` or `idle`.",
      "upstream",
      "state"),
  POOL_PENDING("sentinel_pool_pending", GAUGE, "Requests that wait for a connection.", "upstream"),
  POOL_STREAMS("sentinel_pool_streams", GAUGE, "Requests under way on HTTP/2.", "upstream"),
  POOL_PROTOCOL(
      "sentinel_pool_protocol_connections",
      COUNTER,
      "Connections opened, by what is spoken on them: `http1` or `http2`.",
      "upstream",
      "protocol"),
  POOL_OPENED(
      "sentinel_pool_opened",
      COUNTER,
      "Connections opened: the `first` one of an event loop, `growth` when all others are in use,"
          + " `replacement` of one that ended by age, error or the origin server, `warm` in"
          + " advance.",
      "upstream",
      "reason"),
  POOL_CLOSED(
      "sentinel_pool_closed",
      COUNTER,
      "Connections closed: `idle`, `age`, `requests` (as many as allowed), `surplus` (another event"
          + " loop needed the place), `stale` (another one was found dead), `retired` with its"
          + " target, by the `origin` server, or after an `error`.",
      "upstream",
      "reason"),
  POOL_ACQUIRED(
      "sentinel_pool_acquired", COUNTER, "Connections given to requests, new and old.", "upstream"),
  POOL_REUSED(
      "sentinel_pool_reused", COUNTER, "Those among them that had served before.", "upstream"),
  POOL_REFUSED(
      "sentinel_pool_refused",
      COUNTER,
      "Attempts that the pool refused, by the reason of the error.",
      "upstream",
      "reason"),
  POOL_CONNECT_FAILURES(
      "sentinel_pool_connect_failures",
      COUNTER,
      "Connections that could not be made, by the reason of the error.",
      "upstream",
      "reason"),
  POOL_TLS_HANDSHAKES(
      "sentinel_pool_tls_handshakes",
      COUNTER,
      "TLS handshakes with origin servers that were completed, by version; those that failed are"
          + " connect failures.",
      "upstream",
      "version"),
  POOL_CONNECT_DURATION(
      "sentinel_pool_connect_duration_seconds",
      HISTOGRAM,
      "How long making a connection took, name resolution and TLS included.",
      "upstream"),
  POOL_WAIT_DURATION(
      "sentinel_pool_wait_duration_seconds",
      HISTOGRAM,
      "How long requests stood in the queue, whatever became of them.",
      "upstream"),
  DISCOVERY_TARGETS(
      "sentinel_discovery_targets", GAUGE, "Targets that discovery found last.", "upstream"),
  DISCOVERY_UPDATES(
      "sentinel_discovery_updates",
      COUNTER,
      "Times that discovery found other targets than before.",
      "upstream"),
  DISCOVERY_FAILURES(
      "sentinel_discovery_failures",
      COUNTER,
      "Times that the source of an upstream's targets could not be asked, or its answer not be"
          + " used.",
      "upstream"),
  DISCOVERY_LAST_SUCCESS(
      "sentinel_discovery_last_success_timestamp_seconds",
      GAUGE,
      "When the source of an upstream's targets last answered, in seconds since 1970.",
      "upstream"),
  AGENT_CONNECTIONS(
      "sentinel_agent_connections", GAUGE, "Connections to an agent that take questions.", "agent"),
  AGENT_QUESTIONS(
      "sentinel_agent_questions",
      COUNTER,
      "Questions to agents by what they were about and how they ended: `allow`, `block`, `redirect`,"
          + " `challenge`, `timeout`, `unavailable`, `busy`, `malformed`, or `cancelled` because the"
          + " client left.",
      "agent",
      "event",
      "outcome"),
  AGENT_FAILED_OPEN(
      "sentinel_agent_failed_open",
      COUNTER,
      "Times that a request went on though the agent did not judge it.",
      "agent"),
  AGENT_WOULD_DENY(
      "sentinel_agent_would_deny",
      COUNTER,
      "Times that a filter which only observes let pass what the agent denied.",
      "agent"),
  ACCESS_LOG_LINES(
      "sentinel_access_log_lines",
      COUNTER,
      "Lines `written`, `dropped` because the queue was full, or `lost` by a write that failed;"
          + " begins anew when the log's settings change.",
      "result"),
  LOOP_LAG(
      "sentinel_loop_lag_seconds", HISTOGRAM, "How late a timer of the event loop fired.", "loop"),
  LOOP_LAG_MAX(
      "sentinel_loop_lag_max_seconds",
      GAUGE,
      "The greatest lag of the last 15 to 30 seconds.",
      "loop"),
  RELOADS(
      "sentinel_reloads",
      COUNTER,
      "New configurations: `applied`, `rejected` by the checks, `abandoned` when they could not be"
          + " prepared, or `unchanged`.",
      "result"),
  CONFIG_VERSION(
      "sentinel_config_version", GAUGE, "Version of the configuration in force; 0: none."),
  CONFIG_INFO("sentinel_config", INFO, "The configuration in force.", "sha"),
  CONFIG_LAST_APPLIED(
      "sentinel_config_last_applied_timestamp_seconds",
      GAUGE,
      "When it came into force, in seconds since 1970."),
  BUILD_INFO("sentinel_build", INFO, "What runs.", "version", "java");

  private final String family;
  private final MetricType type;
  private final String help;
  private final String labels;

  Metric(String family, MetricType type, String help, String... labels) {
    this.family = family;
    this.type = type;
    this.help = help;
    this.labels = String.join(",", labels);
  }

  /** Name without the suffix of its type. */
  String family() {
    return family;
  }

  /** Name as it stands in the exposition. */
  String exposed() {
    return family + type.suffix();
  }

  MetricType type() {
    return type;
  }

  String help() {
    return help;
  }

  List<String> labels() {
    return labels.isEmpty() ? List.of() : List.of(labels.split(","));
  }
}
