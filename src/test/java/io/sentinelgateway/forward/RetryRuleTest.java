package io.sentinelgateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.forward.ForwardSettings.RetrySettings;
import io.sentinelgateway.forward.RetryRule.Progress;
import io.sentinelgateway.schema.Percent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which failed attempts may be followed by another one. */
class RetryRuleTest {

  private static RetryRule rule(String... on) {
    return new RetryRule(new RetrySettings(3, List.of(on), Percent.parse("20%"), 3));
  }

  private static final RetryRule ALL = rule("connect-failure", "reset", "timeout", "503");

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
      assertThat(ALL.retries(cause, Progress.NOTHING_SENT, false, false)).isTrue();
      assertThat(rule("reset").retries(cause, Progress.NOTHING_SENT, true, false)).isFalse();
    }
  }

  @Test
  void doesNotWaitTwiceForAConnection() {
    assertThat(ALL.retries(Cause.POOL_TIMEOUT, Progress.NOTHING_SENT, true, false)).isFalse();
  }

  @Test
  void neverSendsAgainWhatMayHaveHadAnEffect() {
    for (Cause cause : Cause.values()) {
      assertThat(ALL.retries(cause, Progress.HEAD_SENT, false, true)).isFalse();
      assertThat(ALL.retries(cause, Progress.CONTENT_CONSUMED, true, true)).isFalse();
    }
    assertThat(ALL.retriesStatus(503, Progress.HEAD_SENT, false)).isFalse();
    assertThat(ALL.retriesStatus(503, Progress.CONTENT_CONSUMED, true)).isFalse();
  }

  @Test
  void retriesWhatTheSettingsName() {
    assertThat(ALL.retries(Cause.UPSTREAM_RESET, Progress.HEAD_SENT, true, false)).isTrue();
    assertThat(ALL.retries(Cause.UPSTREAM_TIMEOUT, Progress.HEAD_SENT, true, false)).isTrue();
    assertThat(ALL.retries(Cause.UPSTREAM_MALFORMED, Progress.HEAD_SENT, true, true)).isFalse();
    assertThat(rule().retries(Cause.UPSTREAM_RESET, Progress.HEAD_SENT, true, false)).isFalse();
    assertThat(rule().retries(Cause.UPSTREAM_TIMEOUT, Progress.HEAD_SENT, true, true)).isFalse();
    assertThat(ALL.retriesStatus(503, Progress.HEAD_SENT, true)).isTrue();
    assertThat(ALL.retriesStatus(502, Progress.HEAD_SENT, true)).isFalse();
    assertThat(ALL.retriesStatus(999, Progress.HEAD_SENT, true)).isFalse();
  }

  @Test
  void retriesAStaleConnectionWhateverTheSettings() {
    assertThat(rule().retries(Cause.UPSTREAM_RESET, Progress.HEAD_SENT, true, true)).isTrue();
  }

  @Test
  void countsAttempts() {
    assertThat(ALL.attemptsLeft(2)).isTrue();
    assertThat(ALL.attemptsLeft(3)).isFalse();
  }

  @Test
  void budgetIsAShareOfTheRequestsUnderWayButNotLessThanTheMinimum() {
    RetryBudget budget = new RetryBudget(new RetrySettings(3, List.of(), Percent.parse("20%"), 1));
    assertThat(budget.tryRetry()).as("minimum").isTrue();
    assertThat(budget.tryRetry()).isFalse();
    for (int i = 0; i < 15; i++) {
      budget.requestBegan();
    }
    assertThat(budget.tryRetry()).as("second of three").isTrue();
    assertThat(budget.tryRetry()).as("third of three").isTrue();
    assertThat(budget.tryRetry()).isFalse();
    budget.retryEnded();
    assertThat(budget.tryRetry()).isTrue();
    for (int i = 0; i < 15; i++) {
      budget.requestEnded();
    }
    budget.retryEnded();
    budget.retryEnded();
    assertThat(budget.tryRetry()).as("still one under way").isFalse();
    budget.retryEnded();
    assertThat(budget.tryRetry()).isTrue();
  }

  @Test
  void noBudgetMeansNoRetry() {
    RetryBudget none = new RetryBudget(new RetrySettings(3, List.of(), Percent.parse("0%"), 0));
    none.requestBegan();
    assertThat(none.tryRetry()).isFalse();
  }
}
