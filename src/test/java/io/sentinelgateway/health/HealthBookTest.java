package io.sentinelgateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.balance.Asked;
import io.sentinelgateway.balance.PickContext;
import io.sentinelgateway.target.Condition;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.sentinelgateway.upstream.Upstream;
import io.sentinelgateway.upstream.UpstreamRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What follows from verdicts, orders and time; in virtual time. */
class HealthBookTest {

  private static final String[] FOUR = {"a:1", "b:1", "c:1", "d:1"};
  private static final String PASSIVE = "passive: {eject-for: 10s, max-eject-for: 25s}";
  private static final String ACTIVE = "active: {type: tcp}";

  private final UpstreamRegistry registry = new UpstreamRegistry();
  private final List<Transition> transitions = new ArrayList<>();
  private long nanos;
  private HealthBook book;

  @BeforeEach
  void open() {
    // Monotonic time may be negative.
    nanos = -Duration.ofDays(1000).toNanos();
    book = new HealthBook(registry, () -> nanos, () -> Instant.EPOCH, transitions::add);
  }

  private void configure(String health, String... addresses) {
    registry.adopt(registry.prepare(Given.upstreams(health, addresses)));
    book.members();
  }

  private Upstream upstream() {
    return registry.current().get("app");
  }

  private Target target(String host) {
    return upstream().targets().stream()
        .filter(target -> target.key().address().host().equals(host))
        .findFirst()
        .orElseThrow();
  }

  private TargetKey key(String host) {
    return target(host).key();
  }

  private Condition condition(String host) {
    return target(host).state().standing().condition();
  }

  private void fails(String host) {
    book.judge(new Verdict(key(host), false, Reason.FAILURES, "5 failures in a row"));
  }

  private void checked(String host, boolean passed) {
    book.judge(new Verdict(key(host), passed, Reason.CHECK, "a check"));
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
    book.tick();
  }

  /** How many of these picks each target gets. */
  private Map<String, Integer> picks(int count) {
    Map<String, Integer> picks = new HashMap<>();
    PickContext usable = Asked.anyone(upstream()::usable);
    for (int i = 0; i < count; i++) {
      Lease lease = upstream().lease(usable, 0);
      if (lease != null) {
        picks.merge(lease.target().key().address().host(), 1, Integer::sum);
        lease.release(Outcome.IGNORED, 0);
      }
    }
    return picks;
  }

  // Ejection

  @Test
  void anEjectedTargetComesBackInTimeAndIsForgiven() {
    configure(PASSIVE, FOUR);
    new Lease(target("a"), 0).release(Outcome.FAILURE, 0);
    fails("a");
    assertThat(condition("a")).isEqualTo(Condition.EJECTED);
    assertThat(picks(300)).hasSize(3).doesNotContainKey("a");
    pass(Duration.ofMillis(9_999));
    assertThat(condition("a")).isEqualTo(Condition.EJECTED);
    pass(Duration.ofMillis(1));
    assertThat(condition("a")).isEqualTo(Condition.HEALTHY);
    assertThat(target("a").state().failuresInARow()).isZero();
    assertThat(transitions)
        .containsExactly(
            new Transition(key("a"), Condition.HEALTHY, Condition.EJECTED, Reason.FAILURES),
            new Transition(key("a"), Condition.EJECTED, Condition.HEALTHY, Reason.TIME));
  }

  private long secondsOut() {
    fails("a");
    for (int seconds = 0; seconds < 1000; seconds++) {
      if (condition("a") != Condition.EJECTED) {
        return seconds;
      }
      pass(Duration.ofSeconds(1));
    }
    return -1;
  }

  @Test
  void eachEjectionIsLongerUpToALimitAndDoingWellMakesUpForThem() {
    configure(PASSIVE, FOUR);
    assertThat(secondsOut()).isEqualTo(10);
    assertThat(secondsOut()).isEqualTo(20);
    assertThat(secondsOut()).isEqualTo(25);
    pass(Duration.ofSeconds(20));
    assertThat(secondsOut()).as("two of three are made up for").isEqualTo(20);
    pass(Duration.ofHours(1));
    assertThat(secondsOut()).isEqualTo(10);
  }

  @Test
  void noMoreAreEjectedThanAllowed() {
    configure("passive: {max-ejected: 50%}", FOUR);
    List.of("a", "b", "c", "d").forEach(this::fails);
    assertThat(picks(100)).containsOnlyKeys("c", "d");
    configure("passive: {max-ejected: 20%}", "x:1", "y:1");
    fails("x");
    assertThat(condition("x")).isEqualTo(Condition.HEALTHY);
  }

  // Checks

  @Test
  void newTargetsServeOnlyWhileThereIsNoBetterOne() {
    configure(ACTIVE, FOUR);
    assertThat(condition("a")).isEqualTo(Condition.WARMING);
    assertThat(picks(100)).as("at the start nobody is known").hasSize(4);
    checked("a", true);
    assertThat(picks(100)).containsOnlyKeys("a");
    checked("b", false);
    checked("c", true);
    assertThat(picks(100)).containsOnlyKeys("a", "c");
    configure(ACTIVE, "a:1", "b:1", "c:1", "d:1", "e:1");
    assertThat(picks(100)).as("a new one waits").containsOnlyKeys("a", "c");
    assertThat(condition("b")).isEqualTo(Condition.UNHEALTHY);
  }

  @Test
  void healthyIsWhatAllSignsSay() {
    configure(ACTIVE + ", " + PASSIVE, FOUR);
    FOUR_HOSTS.forEach(host -> checked(host, true));
    fails("a");
    checked("a", false);
    assertThat(condition("a")).isEqualTo(Condition.UNHEALTHY);
    checked("a", true);
    assertThat(condition("a")).as("it is still ejected").isEqualTo(Condition.EJECTED);
    pass(Duration.ofSeconds(10));
    assertThat(condition("a")).isEqualTo(Condition.HEALTHY);
  }

  private static final List<String> FOUR_HOSTS = List.of("a", "b", "c", "d");

  @Test
  void signsThatNobodyReadsAnyMoreAreForgotten() {
    configure(ACTIVE + ", " + PASSIVE, FOUR);
    FOUR_HOSTS.forEach(host -> checked(host, !host.equals("b")));
    fails("a");
    configure("", FOUR);
    assertThat(picks(100)).hasSize(4);
    configure(ACTIVE, FOUR);
    assertThat(picks(100)).as("who has served goes on").hasSize(4);
  }

  // Panic

  @Test
  void tooFewHealthyTargetsMeanThatAllButDrainedOnesAreUsed() {
    configure(ACTIVE + ", panic-below: 50%", FOUR);
    FOUR_HOSTS.forEach(host -> checked(host, true));
    book.drain(key("d"));
    checked("a", false);
    assertThat(upstream().panic()).isFalse();
    assertThat(picks(100)).containsOnlyKeys("b", "c");
    checked("b", false);
    assertThat(upstream().panic()).isTrue();
    assertThat(picks(100)).containsOnlyKeys("a", "b", "c");
    checked("a", true);
    assertThat(upstream().panic()).isFalse();
    assertThat(picks(100)).containsOnlyKeys("a", "c");
  }

  @Test
  void withoutPanicNobodyServesWhenAllAreBad() {
    configure(ACTIVE, FOUR);
    FOUR_HOSTS.forEach(host -> checked(host, false));
    assertThat(picks(10)).isEmpty();
  }

  // Slow start

  @Test
  void aTargetThatComesBackGetsMoreAndMore() {
    configure(ACTIVE + ", slow-start: 100s", FOUR);
    FOUR_HOSTS.forEach(host -> checked(host, true));
    assertThat(picks(400).values()).as("the first ones need none").containsOnly(100);
    checked("a", false);
    checked("a", true);
    assertThat(picks(310).get("a")).isEqualTo(10);
    pass(Duration.ofSeconds(50));
    assertThat(picks(350).get("a")).isEqualTo(50);
    pass(Duration.ofSeconds(50));
    assertThat(picks(400).get("a")).isEqualTo(100);
    assertThat(target("a").weight()).as("weights are plain again").isEqualTo(1);
  }

  @Test
  void aTargetThatIsAddedGetsMoreAndMore() {
    configure("slow-start: 10s", "a:1", "b:1");
    configure("slow-start: 10s", "a:1", "b:1", "c:1");
    assertThat(picks(210).get("c")).isEqualTo(10);
    pass(Duration.ofSeconds(5));
    assertThat(picks(250).get("c")).isEqualTo(50);
  }

  @Test
  void aHashKeepsItsWeightsSoThatClientsStayWhereTheyAre() {
    String hashed = "slow-start: 10s}, balancer: {type: sticky, key: \"0123456789abcdef\", ";
    configure(hashed + "balancer: {type: maglev}", "a:1", "b:1");
    configure(hashed + "balancer: {type: maglev}", "a:1", "b:1", "c:1");
    assertThat(upstream().targets()).extracting(Target::weight).containsOnly(1);
    configure(hashed + "balancer: {type: random}", "a:1", "b:1", "c:1", "d:1");
    assertThat(target("d").weight()).isEqualTo(10);
    assertThat(target("a").weight()).isEqualTo(100);
  }

  // Orders

  @Test
  void aDrainedTargetFinishesWhatItHasAndStaysDrainedOverReloads() {
    configure(PASSIVE, FOUR);
    Lease under = new Lease(target("a"), 0);
    assertThat(book.drain(key("a"))).isTrue();
    assertThat(picks(100)).doesNotContainKey("a");
    assertThat(target("a").state().inFlight()).isEqualTo(1);
    under.release(Outcome.SUCCESS, 0);
    configure("panic-below: 90%", FOUR);
    assertThat(picks(100)).doesNotContainKey("a");
    book.enable(key("a"));
    assertThat(picks(100)).containsKey("a");
    assertThat(transitions).hasSize(2).allMatch(change -> change.reason() == Reason.OPERATOR);
  }

  @Test
  void aWeightByHandStaysOverReloadsUntilItIsTakenBack() {
    configure(PASSIVE, "a:1", "b:1");
    assertThat(book.weigh(key("a"), 3)).isTrue();
    assertThat(picks(400)).containsEntry("a", 300);
    configure("", "a:1", "b:1");
    assertThat(picks(400)).containsEntry("a", 300);
    book.weigh(key("a"), 0);
    assertThat(picks(400)).containsEntry("a", 200);
  }

  @Test
  void knowsNothingOfATargetThatIsGone() {
    configure(PASSIVE, FOUR);
    TargetKey gone = key("a");
    book.drain(gone);
    configure(PASSIVE, "b:1");
    assertThat(book.drain(gone)).isFalse();
    assertThat(book.enable(gone)).isFalse();
    assertThat(book.weigh(gone, 5)).isFalse();
    configure(PASSIVE, FOUR);
    assertThat(condition("a")).as("it is a new one").isEqualTo(Condition.HEALTHY);
  }
}
