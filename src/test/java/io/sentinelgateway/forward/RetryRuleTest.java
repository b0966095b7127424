package io.sentinelgateway.forward;

import static io.sentinelgateway.forward.RetryRule.Progress.CONTENT_CONSUMED;
import static io.sentinelgateway.forward.RetryRule.Progress.HEAD_SENT;
import static io.sentinelgateway.forward.RetryRule.Progress.NOTHING_SENT;
import static io.sentinelgateway.forward.RetryRule.Verdict.FINAL;
import static io.sentinelgateway.forward.RetryRule.Verdict.RETRY;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.forward.RetryRule.Progress;
import io.sentinelgateway.forward.RetryRule.Verdict;
import io.sentinelgateway.schema.ByteSize;
import io.sentinelgateway.schema.Percent;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which failed attempts may be followed by another one. */
class RetryRuleTest {

  private static RetrySettings settings(List<String> on, String budget, int budgetMinimum) {
    return new RetrySettings(
        3,
        on,
        false,
        ByteSize.parse("64KiB"),
        Optional.empty(),
        Duration.ofMillis(25),
        Duration.ofMillis(250),
        Percent.parse(budget),
        budgetMinimum);
  }

  private static RetryRule rule(String... on) {
    return new RetryRule(settings(List.of(on), "20%", 3));
  }

  private static Verdict onStatus(RetryRule rule, int status, Progress progress, boolean again) {
    return rule.onAnswer(status, HttpHeaders.headers(), progress, again);
  }

  private static final RetryRule ALL =
      rule("connect-failure", "stale-connection", "reset", "timeout", "503");

  @ParameterizedTest
  @CsvSource({
    "GET, true",
    "HEAD, true",
    "OPTIONS, true",
    "TRACE, true",
    "PUT, true",
    "DELETE, true",
    "POST, false",
    "PATCH, false",
    "get, false",
    "BREW, false"
  })
  void knowsTheIdempotentMethods(String method, boolean idempotent) {
    assertThat(RetryRule.idempotent(method)).isEqualTo(idempotent);
  }

  @Test
  void sendsAgainWhateverWasNeverSent() {
    for (Cause cause : List.of(Cause.CONNECT_REFUSED, Cause.CONNECT_TIMEOUT, Cause.POOL_FULL)) {
      assertThat(ALL.onFailure(cause, NOTHING_SENT, false, false)).isEqualTo(RETRY);
      assertThat(rule("reset").onFailure(cause, NOTHING_SENT, true, false)).isEqualTo(FINAL);
    }
  }

  @Test
  void doesNotWaitTwiceForAConnection() {
    assertThat(ALL.onFailure(Cause.POOL_TIMEOUT, NOTHING_SENT, true, false)).isEqualTo(FINAL);
  }

  @Test
  void neverSendsAgainWhatMayHaveHadAnEffect() {
    for (Cause cause : Cause.values()) {
      assertThat(ALL.onFailure(cause, HEAD_SENT, false, true)).isNotEqualTo(RETRY);
      assertThat(ALL.onFailure(cause, CONTENT_CONSUMED, true, true)).isNotEqualTo(RETRY);
    }
    assertThat(onStatus(ALL, 503, HEAD_SENT, false)).isEqualTo(Verdict.METHOD);
    assertThat(onStatus(ALL, 503, CONTENT_CONSUMED, true)).isEqualTo(Verdict.CONTENT);
  }

  @Test
  void retriesWhatTheSettingsName() {
    assertThat(ALL.onFailure(Cause.UPSTREAM_RESET, HEAD_SENT, true, false)).isEqualTo(RETRY);
    assertThat(ALL.onFailure(Cause.UPSTREAM_TIMEOUT, HEAD_SENT, true, false)).isEqualTo(RETRY);
    assertThat(ALL.onFailure(Cause.UPSTREAM_MALFORMED, HEAD_SENT, true, true)).isEqualTo(FINAL);
    assertThat(rule().onFailure(Cause.UPSTREAM_RESET, HEAD_SENT, true, true)).isEqualTo(FINAL);
    assertThat(rule().onFailure(Cause.UPSTREAM_TIMEOUT, HEAD_SENT, true, true)).isEqualTo(FINAL);
    assertThat(onStatus(ALL, 503, HEAD_SENT, true)).isEqualTo(RETRY);
    assertThat(onStatus(ALL, 502, HEAD_SENT, true)).isEqualTo(FINAL);
    assertThat(onStatus(ALL, 999, HEAD_SENT, true)).isEqualTo(FINAL);
  }

  @Test
  void tellsAStaleConnectionFromAResetOne() {
    RetryRule stale = rule("stale-connection");
    assertThat(stale.onFailure(Cause.UPSTREAM_RESET, HEAD_SENT, true, true)).isEqualTo(RETRY);
    assertThat(stale.onFailure(Cause.UPSTREAM_RESET, HEAD_SENT, true, false)).isEqualTo(FINAL);
  }

  @Test
  void retriesTheGrpcStatusesThatTheSettingsName() {
    RetryRule rule = rule("grpc-unavailable");
    MultiMap unavailable = HttpHeaders.headers().add("grpc-status", "14");
    MultiMap notFound = HttpHeaders.headers().add("grpc-status", "5");
    assertThat(rule.onAnswer(200, unavailable, HEAD_SENT, true)).isEqualTo(RETRY);
    assertThat(rule.onAnswer(200, unavailable, HEAD_SENT, false)).isEqualTo(Verdict.METHOD);
    assertThat(rule.onAnswer(200, notFound, HEAD_SENT, true)).isEqualTo(FINAL);
    assertThat(ALL.onAnswer(200, unavailable, HEAD_SENT, true)).isEqualTo(FINAL);
  }

  @Test
  void countsAttempts() {
    assertThat(ALL.attemptsLeft(2)).isTrue();
    assertThat(ALL.attemptsLeft(3)).isFalse();
  }

  private static int retries(RetryBudget budget, int wanted) {
    int allowed = 0;
    for (int i = 0; i < wanted; i++) {
      if (budget.tryRetry()) {
        allowed++;
        budget.retryEnded();
      }
    }
    return allowed;
  }

  private static void begin(RetryBudget budget, int requests) {
    for (int i = 0; i < requests; i++) {
      budget.requestBegan();
    }
  }

  @Test
  void budgetIsAShareOfTheRequests() {
    RetryBudget budget = new RetryBudget(settings(List.of(), "25%", 0));
    begin(budget, 100);
    assertThat(retries(budget, 1000)).isEqualTo(25);
    assertThat(retries(budget, 1000)).isZero();
    begin(budget, 4);
    assertThat(retries(budget, 1000)).isEqualTo(1);
  }

  @Test
  void budgetKeepsWhatTwoThousandRequestsEarnAndNoMore() {
    RetryBudget budget = new RetryBudget(settings(List.of(), "25%", 0));
    begin(budget, 1_000_000);
    assertThat(retries(budget, 10_000)).isEqualTo(500);
  }

  @Test
  void someRetriesAreAllowedWithoutBudget() {
    RetryBudget budget = new RetryBudget(settings(List.of(), "0%", 2));
    assertThat(budget.tryRetry()).isTrue();
    assertThat(budget.tryRetry()).isTrue();
    assertThat(budget.tryRetry()).as("a third at the same time").isFalse();
    budget.retryEnded();
    assertThat(budget.tryRetry()).isTrue();
  }

  @Test
  void noBudgetMeansNoRetry() {
    RetryBudget none = new RetryBudget(settings(List.of(), "0%", 0));
    none.requestBegan();
    assertThat(none.tryRetry()).isFalse();
  }
}
