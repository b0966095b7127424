package io.sentinelgateway.error;

import static io.sentinelgateway.error.FailureSource.AGENT;
import static io.sentinelgateway.error.FailureSource.CLIENT;
import static io.sentinelgateway.error.FailureSource.GATEWAY;
import static io.sentinelgateway.error.FailureSource.UPSTREAM;

/**
 * Every way an exchange can fail, with the answer the client gets. This is the only place where the
 * status of a failure is chosen; {@code listener.ErrorResponder} is the only writer of it.
 *
 * <p>Immutable. The status follows RFC 9110 section 15, the {@link Cause#proxyStatus()} the error
 * types of RFC 9209 section 2.3.
 *
 * @param cause what happened, out of the fixed table
 * @param detail for the log and the error body: names of limits, ids, sizes; never content of a
 *     request and never a secret
 * @param retryAfterSeconds what the client is told to wait (RFC 9110 section 10.2.3); 0: nothing
 */
public record ProxyError(Cause cause, String detail, int retryAfterSeconds) {

  /** One row of the table. */
  public enum Cause {
    MALFORMED_REQUEST(400, CLIENT, "http_request_error"),
    TARGET_TOO_LONG(414, CLIENT, "http_request_error"),
    HEADER_FIELDS_TOO_LARGE(431, CLIENT, "http_request_error"),
    CONTENT_TOO_LARGE(413, CLIENT, "http_request_error"),
    REQUEST_TIMEOUT(408, CLIENT, "http_request_error"),
    /** RFC 9110 section 15.5.20: over a connection of its own the same request may be served. */
    MISDIRECTED(421, CLIENT, "http_request_error"),
    EXPECTATION_FAILED(417, CLIENT, "http_request_error"),
    VERSION_NOT_SUPPORTED(505, CLIENT, "http_request_error"),
    METHOD_NOT_IMPLEMENTED(501, CLIENT, "http_request_error"),
    METHOD_NOT_ALLOWED(405, CLIENT, "http_request_error"),
    NO_ROUTE(404, CLIENT, "destination_not_found"),
    NOT_FOUND(404, CLIENT, "destination_not_found"),
    RANGE_NOT_SATISFIABLE(416, CLIENT, "http_request_error"),
    /** The client left before its answer was complete; only the log ever sees the status. */
    CLIENT_GONE(499, CLIENT, "connection_terminated"),

    NO_TARGET_AVAILABLE(503, UPSTREAM, "destination_unavailable"),
    BREAKER_OPEN(503, UPSTREAM, "destination_unavailable"),
    REQUEST_LIMIT(503, UPSTREAM, "connection_limit_reached"),
    ADAPTIVE_LIMIT(503, UPSTREAM, "connection_limit_reached"),
    PRIORITY_LIMIT(503, UPSTREAM, "connection_limit_reached"),
    PENDING_FULL(503, UPSTREAM, "connection_limit_reached"),
    PENDING_TIMEOUT(503, UPSTREAM, "connection_limit_reached"),
    CONNECTION_LIMIT(503, UPSTREAM, "connection_limit_reached"),
    POOL_FULL(503, UPSTREAM, "connection_limit_reached"),
    POOL_TIMEOUT(503, UPSTREAM, "connection_limit_reached"),
    CONNECT_REFUSED(502, UPSTREAM, "connection_refused"),
    CONNECT_FAILED(502, UPSTREAM, "destination_ip_unroutable"),
    NAME_NOT_RESOLVED(502, UPSTREAM, "dns_error"),
    CONNECT_TIMEOUT(504, UPSTREAM, "connection_timeout"),
    UPSTREAM_TLS_UNTRUSTED(502, UPSTREAM, "tls_certificate_error"),
    UPSTREAM_TLS_NAME_MISMATCH(502, UPSTREAM, "tls_certificate_error"),
    UPSTREAM_TLS_FAILED(502, UPSTREAM, "tls_protocol_error"),
    UPSTREAM_TLS_TIMEOUT(504, UPSTREAM, "connection_timeout"),
    CONNECT_SUSPENDED(503, UPSTREAM, "destination_unavailable"),
    NO_COMMON_PROTOCOL(502, UPSTREAM, "http_protocol_error"),
    UPSTREAM_RESET(502, UPSTREAM, "connection_terminated"),
    STREAM_REFUSED(502, UPSTREAM, "connection_terminated"),
    UPSTREAM_MALFORMED(502, UPSTREAM, "http_protocol_error"),
    UPSTREAM_HEADER_TOO_LARGE(502, UPSTREAM, "http_response_header_section_size"),
    UPSTREAM_TIMEOUT(504, UPSTREAM, "http_response_timeout"),
    UPSTREAM_IDLE_TIMEOUT(504, UPSTREAM, "connection_read_timeout"),
    /** The whole exchange took longer than its route or listener allows. */
    DEADLINE_EXCEEDED(504, UPSTREAM, "http_response_timeout"),

    /** An agent said so; the client may see a status and content that the agent chose. */
    BLOCKED_BY_AGENT(403, AGENT, "http_request_denied"),
    AGENT_UNAVAILABLE(503, AGENT, "destination_unavailable"),
    AGENT_BUSY(503, AGENT, "connection_limit_reached"),
    AGENT_TIMEOUT(503, AGENT, "http_response_timeout"),
    AGENT_MALFORMED(503, AGENT, "http_protocol_error"),

    /** The client sees the authorizer's own answer, and its status. */
    DENIED_BY_AUTHORIZER(403, AGENT, "http_request_denied"),
    AUTHORIZER_UNAVAILABLE(503, AGENT, "destination_unavailable"),
    AUTHORIZER_TIMEOUT(503, AGENT, "http_response_timeout"),

    /** The embedded proxy is closed; a gateway of its own opens no listener before it is ready. */
    NOT_READY(503, GATEWAY, "proxy_internal_error"),
    INTERNAL(500, GATEWAY, "proxy_internal_error");

    private final int status;
    private final FailureSource source;
    private final String proxyStatus;
    private final String code;

    Cause(int status, FailureSource source, String proxyStatus) {
      this.status = status;
      this.source = source;
      this.proxyStatus = proxyStatus;
      this.code = name().toLowerCase(java.util.Locale.ROOT);
    }

    public int status() {
      return status;
    }

    public FailureSource source() {
      return source;
    }

    /** The {@code error} parameter of Proxy-Status, RFC 9209 section 2.3. */
    public String proxyStatus() {
      return proxyStatus;
    }

    /** One stable word: in the body, the access log and the metric alike. */
    public String code() {
      return code;
    }
  }

  public static ProxyError of(Cause cause, String detail) {
    return new ProxyError(cause, detail, 0);
  }

  /** The only way from a throwable to an error; unknown throwables are {@code INTERNAL}. */
  public static ProxyError from(Throwable t) {
    return t instanceof ProxyException e
        ? e.error()
        : of(Cause.INTERNAL, t.getClass().getSimpleName());
  }

  public String code() {
    return cause.code();
  }

  public int status() {
    return cause.status();
  }

  public FailureSource source() {
    return cause.source();
  }

  public ProxyException toException() {
    return new ProxyException(this, null);
  }

  public ProxyException toException(Throwable reason) {
    return new ProxyException(this, reason);
  }
}
