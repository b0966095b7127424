package io.sentinelgateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.upstream.UpstreamRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What requests say about targets, in virtual time. */
class PassiveJudgeTest {

  private final List<Verdict> verdicts = new ArrayList<>();
  private long nanos = 1000;
  private final PassiveJudge judge = new PassiveJudge(() -> nanos, verdicts::add);

  private List<Target> targets(String passive, int count) {
    String[] addresses = new String[count];
    for (int i = 0; i < count; i++) {
      addresses[i] = "t" + i + ":80";
    }
    List<Target> targets =
        new UpstreamRegistry()
            .prepare(Given.upstreams("passive: {" + passive + "}", addresses))
            .get("app")
            .targets();
    judge.watch(targets);
    return targets;
  }

  private static void requests(Target target, int count, Outcome outcome, int millis) {
    for (int i = 0; i < count; i++) {
      Lease lease = new Lease(target, 0);
      lease.answered(Duration.ofMillis(millis).toNanos());
      lease.release(outcome, 0);
    }
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
    judge.look();
  }

  /** The targets that stand out, and why. */
  private List<String> found() {
    List<String> found =
        verdicts.stream().map(v -> v.target().address().host() + " " + v.reason()).toList();
    verdicts.clear();
    return found;
  }

  @Test
  void failuresInARowCountUntilASuccess() {
    Target target = targets("consecutive-failures: 3", 1).get(0);
    requests(target, 2, Outcome.FAILURE, 1);
    requests(target, 1, Outcome.SUCCESS, 1);
    requests(target, 2, Outcome.FAILURE, 1);
    judge.look();
    assertThat(found()).isEmpty();
    requests(target, 1, Outcome.FAILURE, 1);
    judge.look();
    assertThat(found()).containsExactly("t0 FAILURES");
  }

  @Test
  void errorsInARowCountWithFailuresWhereThatIsWanted() {
    Target one = targets("consecutive-failures: 10", 1).get(0);
    requests(one, 50, Outcome.ERROR, 1);
    judge.look();
    assertThat(found()).isEmpty();
    Target other = targets("consecutive-failures: 10, consecutive-errors: 4", 1).get(0);
    requests(other, 2, Outcome.ERROR, 1);
    requests(other, 1, Outcome.FAILURE, 1);
    requests(other, 1, Outcome.ERROR, 1);
    judge.look();
    assertThat(found()).containsExactly("t0 ERRORS");
  }

  @Test
  void aClientThatLeavesCountsForNobody() {
    String all =
        "consecutive-failures: 1, consecutive-errors: 1, outliers: {interval: 1s,"
            + " minimum-requests: 1, failure-share: 1%}";
    Target target = targets(all, 1).get(0);
    requests(target, 1000, Outcome.IGNORED, 5000);
    pass(Duration.ofSeconds(1));
    assertThat(found()).isEmpty();
  }

  @Test
  void aFailureShareIsJudgedOncePerInterval() {
    String share = "outliers: {interval: 10s, minimum-requests: 20, failure-share: 30%}";
    List<Target> targets = targets("consecutive-failures: 1000, " + share, 3);
    requests(targets.get(0), 14, Outcome.SUCCESS, 1);
    requests(targets.get(0), 6, Outcome.ERROR, 1);
    requests(targets.get(1), 15, Outcome.SUCCESS, 1);
    requests(targets.get(1), 5, Outcome.ERROR, 1);
    requests(targets.get(2), 19, Outcome.ERROR, 1);
    pass(Duration.ofSeconds(9));
    assertThat(found()).isEmpty();
    pass(Duration.ofSeconds(1));
    assertThat(found()).containsExactly("t0 FAILURE_SHARE");
    pass(Duration.ofSeconds(10));
    assertThat(found()).as("what was judged is not judged again").isEmpty();
  }

  @Test
  void successRatesAreComparedWithThoseOfAll() {
    String rate = "outliers: {interval: 10s, minimum-requests: 100, success-rate: 1.9}";
    List<Target> targets = targets("consecutive-failures: 1000, " + rate, 6);
    targets.forEach(target -> requests(target, 98, Outcome.SUCCESS, 1));
    targets.forEach(target -> requests(target, 2, Outcome.ERROR, 1));
    pass(Duration.ofSeconds(10));
    assertThat(found()).as("all are equally good").isEmpty();
    targets.forEach(target -> requests(target, 100, Outcome.SUCCESS, 1));
    requests(targets.get(4), 20, Outcome.ERROR, 1);
    pass(Duration.ofSeconds(10));
    assertThat(found()).containsExactly("t4 SUCCESS_RATE");
  }

  @Test
  void slowTargetsAreComparedWithTheMedianOfTheOthers() {
    String latency = "outliers: {interval: 10s, minimum-requests: 10, latency: 3}";
    List<Target> targets = targets("consecutive-failures: 1000, " + latency, 4);
    int[] millis = {20, 25, 69, 130};
    for (int i = 0; i < 4; i++) {
      requests(targets.get(i), 10, Outcome.SUCCESS, millis[i]);
    }
    pass(Duration.ofSeconds(10));
    // The others' median is 25: 3 × 25 + 10.
    assertThat(found()).containsExactly("t3 LATENCY");
    targets.forEach(target -> requests(target, 10, Outcome.SUCCESS, 1));
    requests(targets.get(0), 10, Outcome.SUCCESS, 20);
    pass(Duration.ofSeconds(10));
    assertThat(found()).as("ten milliseconds are no fault").isEmpty();
  }

  @Test
  void comparesNobodyWithTooFewPeers() {
    String few =
        "outliers: {interval: 10s, minimum-requests: 10, minimum-targets: 4, latency: 2,"
            + " success-rate: 0.5}";
    List<Target> targets = targets("consecutive-failures: 1000, " + few, 4);
    requests(targets.get(0), 100, Outcome.ERROR, 1000);
    requests(targets.get(1), 100, Outcome.SUCCESS, 1);
    requests(targets.get(2), 100, Outcome.SUCCESS, 1);
    requests(targets.get(3), 9, Outcome.SUCCESS, 1);
    pass(Duration.ofSeconds(10));
    assertThat(found()).isEmpty();
  }
}
