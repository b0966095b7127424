package io.sentinelgateway.health;

import io.sentinelgateway.config.ActiveConfig;
import io.sentinelgateway.config.OriginProtocol;
import io.sentinelgateway.config.ProbeSettings;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.sentinelgateway.target.TargetTls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Checks one target again and again, and says when enough checks in a row had another end than
 * before. Confined to the context of its owner.
 */
final class Check {

  private final Vertx vertx;
  private final TargetKey target;
  private final @Nullable TargetTls tls;
  private final OriginProtocol protocol;
  private final ProbeSettings settings;
  private final Places places;
  private final Consumer<Verdict> verdicts;
  private final Rhythm rhythm;
  private @Nullable Probe probe;
  private @Nullable Run underWay;
  private @Nullable Boolean passes;
  private int otherwise;
  private long timer = -1;
  private boolean ended;

  /**
   * @param before what another check of this target found last; {@code null} for a new target
   */
  Check(Shared shared, Target target, ProbeSettings settings, @Nullable Boolean before) {
    this.vertx = shared.vertx();
    this.places = shared.places();
    this.verdicts = shared.verdicts();
    this.target = target.key();
    this.tls = target.tls();
    this.protocol = target.settings().protocol();
    this.settings = settings;
    this.passes = before;
    this.rhythm = new Rhythm(settings.checks(), shared.random());
  }

  /** What all checks have in common. */
  record Shared(Vertx vertx, Places places, RandomGenerator random, Consumer<Verdict> verdicts) {}

  TargetKey target() {
    return target;
  }

  /** Whether a check of this target with these settings would be no other. */
  @SuppressWarnings("ReferenceEquality") // equal TLS is the same
  boolean checks(Target same, ProbeSettings asBefore) {
    return settings.equals(asBefore) && tls == same.tls() && protocol == same.settings().protocol();
  }

  /** Whether the target passes its checks; {@code null} before the first one ended. */
  @Nullable Boolean passes() {
    return passes;
  }

  /** The first check begins as soon as there is a place for it. */
  void begin() {
    places.take(this::run);
  }

  private void run() {
    if (ended) {
      places.leave();
      return;
    }
    Run run = new Run();
    underWay = run;
    timer = vertx.setTimer(millis(settings.checks()), late -> run.late());
    ask().onComplete(passed -> run.end(""), failure -> run.end(Reasons.of(failure)));
  }

  private static long millis(ActiveConfig checks) {
    return Math.max(1, checks.timeout().toMillis());
  }

  private Future<?> ask() {
    try {
      Probe current = probe == null ? ProbeKinds.create(settings, subject()) : probe;
      probe = current;
      return current.check();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private Subject subject() {
    ActiveConfig checks = settings.checks();
    Address own = target.address();
    Address address =
        own.unix() ? own : checks.port().map(port -> new Address(own.host(), port)).orElse(own);
    return new Subject(vertx, address, checks.timeout(), tls, protocol);
  }

  /** One check under way. Only the first of what ends it counts. */
  private final class Run {

    private boolean done;

    /** What hangs is cut, and another probe takes its place: nothing of it is left. */
    void late() {
      end("no end within " + settings.checks().timeout().toMillis() + " ms");
      cut();
    }

    /**
     * @param wrong what was wrong; empty when it passed
     */
    void end(String wrong) {
      if (leave()) {
        count(wrong);
        timer = vertx.setTimer(rhythm.nextMillis(), next -> places.take(Check.this::run));
      }
    }

    boolean leave() {
      boolean first = !done;
      if (first) {
        done = true;
        underWay = null;
        vertx.cancelTimer(timer);
        places.leave();
      }
      return first;
    }
  }

  private void count(String wrong) {
    boolean passed = wrong.isEmpty();
    Boolean before = passes;
    otherwise = before != null && before == passed ? 0 : otherwise + 1;
    ActiveConfig checks = settings.checks();
    int needed = before == null ? 1 : passed ? checks.healthyAfter() : checks.unhealthyAfter();
    if (otherwise >= needed) {
      otherwise = 0;
      passes = passed;
      verdicts.accept(new Verdict(target, passed, Reason.CHECK, detail(needed, wrong)));
    }
  }

  private static String detail(int checks, String wrong) {
    String what = checks == 1 ? "a check" : checks + " checks in a row";
    return wrong.isEmpty() ? "passed " + what : "failed " + what + ": " + wrong;
  }

  /** No check begins after this. */
  void retire() {
    ended = true;
  }

  /** The same, and one under way is cut. */
  void end() {
    retire();
    Run current = underWay;
    if (current != null) {
      current.leave();
    }
    vertx.cancelTimer(timer);
    cut();
  }

  private void cut() {
    Probe current = probe;
    probe = null;
    if (current != null) {
      current.close();
    }
  }
}
