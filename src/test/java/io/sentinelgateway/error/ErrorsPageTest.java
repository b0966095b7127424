package io.sentinelgateway.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.error.ProxyError.Cause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The reference page is made from the table of errors; {@code -Dregenerate=true} writes it. */
class ErrorsPageTest {

  private static final Path PAGE = Path.of("docs/reference/errors.md");

  @Test
  void theReferencePageIsNotStale() throws Exception {
    String page = page();
    if (Boolean.getBoolean("regenerate")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).as("run the test with -Dregenerate=true").exists().hasContent(page);
  }

  @Test
  void codesAreUnique() {
    assertThat(Arrays.stream(Cause.values()).map(Cause::code)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void everyRowIsWellFormed(Cause cause) {
    assertThat(cause.code()).matches("[a-z]+(_[a-z]+)*");
    assertThat(cause.status()).isBetween(400, 599);
    assertThat(cause.proxyStatus()).matches("[a-z]+(_[a-z]+)*");
    assertThat(meaning(cause)).matches("[A-Z].*\\.");
  }

  private static String page() {
    StringBuilder page = new StringBuilder("# Errors\n\n");
    page.append("<!-- Made from error.ProxyError by ErrorsPageTest; do not edit. -->\n\n");
    page.append(
        """
        Every failure has one code. It is `reason` in the error body and in the access log, and the
        label `reason` of `sentinel_failures_total`. Proxy-Status is the error type of RFC 9209,
        section 2.3. Why it is so: [errors](../explanation/errors.md).

        | code | status | source | Proxy-Status | meaning |
        |---|---|---|---|---|
        """);
    for (Cause cause : Cause.values()) {
      page.append("| `").append(cause.code()).append("` | ").append(cause.status());
      page.append(" | ").append(cause.source().name().toLowerCase(Locale.ROOT));
      page.append(" | `").append(cause.proxyStatus()).append("` | ");
      page.append(meaning(cause)).append(" |\n");
    }
    return page.toString();
  }

  /** What the user reads; the switch has no default, so a new cause needs its sentence. */
  private static String meaning(Cause cause) {
    return switch (cause) {
      case MALFORMED_REQUEST ->
          "The request is not HTTP, its framing is ambiguous, or a field or the target holds what"
              + " it must not.";
      case TARGET_TOO_LONG -> "The request target is longer than `limits.target-bytes`.";
      case HEADER_FIELDS_TOO_LARGE ->
          "The header section exceeds `limits.header-bytes` or `limits.header-count`.";
      case CONTENT_TOO_LARGE -> "The content exceeds `limits.content-bytes`.";
      case REQUEST_TIMEOUT -> "The client took too long to send its request.";
      case MISDIRECTED ->
          "The host asks for a client certificate (`client-auth`) that this connection's handshake"
              + " did not ask for; the client should use another connection.";
      case EXPECTATION_FAILED -> "Expect asks for something other than `100-continue`.";
      case VERSION_NOT_SUPPORTED -> "The version of HTTP is not spoken here.";
      case METHOD_NOT_IMPLEMENTED -> "The method is not supported, such as CONNECT.";
      case METHOD_NOT_ALLOWED -> "The route's handler does not answer this method; see Allow.";
      case NO_ROUTE -> "No route of the listener matches.";
      case NOT_FOUND -> "The route matches, but there is nothing at this path.";
      case RANGE_NOT_SATISFIABLE -> "No requested range lies within the file.";
      case CLIENT_GONE -> "The client left before its answer was complete; stands in the log only.";
      case NO_TARGET_AVAILABLE -> "Every target of the upstream is left out as unhealthy.";
      case BREAKER_OPEN ->
          "The circuit breaker of the upstream, or of all its usable targets, is open; see"
              + " Retry-After.";
      case REQUEST_LIMIT -> "As many requests are under way as `limits.requests` allows.";
      case ADAPTIVE_LIMIT ->
          "As many requests are under way as `limits.adaptive` has found the upstream to take.";
      case PRIORITY_LIMIT ->
          "What is left of the limit is kept for routes of a higher `forward.priority`.";
      case PENDING_FULL -> "There is no room, and `limits.pending` requests wait already.";
      case PENDING_TIMEOUT -> "There was no room within `limits.pending-timeout`.";
      case CONNECTION_LIMIT ->
          "The upstream has as many connections as `limits.connections` allows, and none of them is"
              + " to this target.";
      case POOL_FULL -> "All connections to the target are in use and `connections.queue` is full.";
      case POOL_TIMEOUT -> "No connection became free within `connections.queue-timeout`.";
      case CONNECT_REFUSED -> "The origin server refused the connection.";
      case CONNECT_FAILED -> "The origin server cannot be reached.";
      case NAME_NOT_RESOLVED -> "The name of the origin server is not known.";
      case CONNECT_TIMEOUT -> "No connection was made within `connections.connect-timeout`.";
      case UPSTREAM_TLS_UNTRUSTED ->
          "The origin server's certificate is not trusted, has expired or is not pinned; the log"
              + " says which.";
      case UPSTREAM_TLS_NAME_MISMATCH ->
          "The origin server's certificate is good, but not for `tls.server-name` or its host.";
      case UPSTREAM_TLS_FAILED ->
          "No TLS with the origin server: it speaks none, nothing is in common, or it refused us.";
      case UPSTREAM_TLS_TIMEOUT ->
          "The TLS handshake did not end within `connections.connect-timeout`.";
      case CONNECT_SUSPENDED ->
          "Connecting has failed several times in a row and is not tried for a moment"
              + " (`connections.suspend-after`).";
      case NO_COMMON_PROTOCOL ->
          "The origin server took the connection and does not speak HTTP/2 on it (`protocol`).";
      case STREAM_REFUSED ->
          "The origin server said that it did nothing about the request: REFUSED_STREAM or GOAWAY.";
      case UPSTREAM_RESET -> "The origin server closed the connection before its answer ended.";
      case UPSTREAM_MALFORMED -> "The answer of the origin server is not valid HTTP.";
      case UPSTREAM_HEADER_TOO_LARGE ->
          "The header section of the origin server's answer is too large.";
      case UPSTREAM_TIMEOUT -> "No head of an answer came within `timeouts.response`.";
      case UPSTREAM_IDLE_TIMEOUT ->
          "The answer began, then nothing of it came for `timeouts.idle`.";
      case DEADLINE_EXCEEDED ->
          "The whole exchange took longer than the route's or the listener's time limit.";
      case BLOCKED_BY_AGENT ->
          "An agent denied the request. It may choose another status and content; `detail` in the"
              + " access log names the agent and its rules.";
      case AGENT_UNAVAILABLE ->
          "There is no connection to the agent, or it ended, and the filter is `on-failure: closed`.";
      case AGENT_BUSY ->
          "As many questions are under way as `agents.*.max-calls` says, or no connection takes more.";
      case AGENT_TIMEOUT -> "The agent did not answer within the filter's `timeout`.";
      case AGENT_MALFORMED -> "The agent's answer is none that the protocol knows.";
      case DENIED_BY_AUTHORIZER ->
          "The service that a `forward-auth` filter asks denied the request. The client gets its"
              + " answer, whatever the status.";
      case AUTHORIZER_UNAVAILABLE ->
          "That service could not be asked, or answered with 500 or above.";
      case AUTHORIZER_TIMEOUT -> "It did not answer within the filter's `timeout`.";
      case NOT_READY ->
          "The embedded proxy is closed. A library has no access log and no metrics to say it in.";
      case INTERNAL -> "A bug in the gateway; the log has its stack. Please report it.";
    };
  }
}
