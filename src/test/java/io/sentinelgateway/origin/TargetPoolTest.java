package io.sentinelgateway.origin;

import static io.sentinelgateway.origin.Loops.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.origin.Loops.Asked;
import io.sentinelgateway.origin.Loops.One;
import io.sentinelgateway.target.Target;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One loop's connections to one target, by a clock that the test moves. */
class TargetPoolTest {

  private Loops loops;
  private One one;
  private QuietOrigin origin;

  @BeforeEach
  void open() throws Exception {
    loops = new Loops(1);
    one = loops.get(0);
    origin = new QuietOrigin();
  }

  @AfterEach
  void close() throws Exception {
    loops.close();
    origin.close();
  }

  private void opens(int count, Target target) throws Exception {
    List<Asked> asked = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      asked.add(one.acquire(target));
    }
    for (Asked each : asked) {
      each.connection();
    }
    for (Asked each : asked) {
      each.release();
    }
    eventually(() -> origin.open() == count);
  }

  private int connections() throws Exception {
    return one.figures().get(0);
  }

  private void sweep() throws Exception {
    one.call(
        () -> {
          one.connections().pools().forEach(pool -> pool.sweep(one.loop().nanoTime()));
          return 0;
        });
  }

  @Test
  void doesNotCloseConnectionsOfOneMomentInOneMoment() throws Exception {
    opens(100, Targets.of(origin.address(), "{max-age: 100s, idle: 1h}"));
    one.pass(Duration.ofSeconds(89));
    sweep();
    assertThat(connections()).isEqualTo(100);
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < 23; i++) {
      one.pass(Duration.ofSeconds(1));
      sweep();
      int before = left.isEmpty() ? 100 : left.get(left.size() - 1);
      // Every second a few, none most of them.
      int now = one.figures().get(1);
      assertThat(before - now).isLessThan(20);
      left.add(now);
    }
    assertThat(left.get(left.size() - 1)).isZero();
    eventually(() -> origin.open() == 0);
  }

  @Test
  void keepsSoManyWarmOneAtATime() throws Exception {
    Target target = Targets.of(origin.address(), "{warm: 3}");
    one.run(() -> one.connections().warm(List.of(target)));
    eventually(() -> origin.open() == 3);
    origin.closeOne();
    origin.closeOne();
    // Its own sweeper may be faster.
    eventually(() -> origin.accepted() == 5 && origin.open() == 3);
    assertThat(target.state().places().taken()).isEqualTo(3);
  }

  @Test
  void warmsLessAndLessOftenWhileItFails() throws Exception {
    Target target = Targets.of(origin.address(), "{warm: 3, suspend-after: 0}");
    origin.close();
    int begun =
        one.call(
            () -> {
              one.connections().warm(List.of(target));
              return target.state().places().taken();
            });
    assertThat(begun).isEqualTo(3);
    eventually(() -> target.state().places().taken() == 0);
    // The clock stands still: no pause can end.
    assertThat(takenBySweepAfter(Duration.ZERO, target)).isZero();
    assertThat(takenBySweepAfter(Duration.ofSeconds(31), target)).isEqualTo(1);
  }

  private int takenBySweepAfter(Duration time, Target target) throws Exception {
    return one.call(
        () -> {
          one.pass(time);
          one.connections().pools().forEach(pool -> pool.sweep(one.loop().nanoTime()));
          return target.state().places().taken();
        });
  }

  @Test
  void failsAtOnceWhileConnectingIsSuspendedAndRecoversByAProbe() throws Exception {
    Target target = Targets.of(origin.address(), "{suspend-after: 3}");
    int port = origin.address().port();
    origin.close();
    for (int i = 0; i < 3; i++) {
      assertThat(one.acquire(target).refusal()).contains("connect_refused");
    }
    assertThat(one.acquire(target).refusal()).contains("connect_suspended");
    try (QuietOrigin revived = new QuietOrigin(port)) {
      assertThat(one.acquire(target).refusal()).contains("connect_suspended");
      one.pass(Duration.ofSeconds(1));
      one.acquire(target).release();
      one.acquire(target).release();
      eventually(() -> revived.open() == 1);
    }
  }

  @Test
  void refusesWhoWaitsWhenNoConnectionCanComeAnyMore() throws Exception {
    Target target = Targets.of(origin.address(), "{max: 1, suspend-after: 2}");
    Asked first = one.acquire(target);
    first.connection();
    List<Asked> waiting = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      waiting.add(one.acquire(target));
    }
    eventually(() -> target.state().places().queued() == 4);
    origin.close();
    assertThat(waiting.get(0).refusal()).contains("connect_refused");
    assertThat(waiting.get(1).refusal()).contains("connect_refused");
    assertThat(waiting.get(2).refusal()).contains("connect_suspended");
    assertThat(waiting.get(3).refusal()).contains("connect_suspended");
    assertThat(target.state().places().queued()).isZero();
    first.release();
  }

  @Test
  void doesNotGoOnCountingForATargetThatWasConfiguredAnew() throws Exception {
    Target before = Targets.of(origin.address(), "{}");
    Target after = Targets.of(origin.address(), "{}");
    Asked held = one.acquire(before);
    held.connection();
    one.acquire(after).release();
    held.release();
    eventually(() -> before.state().places().taken() == 0);
    assertThat(after.state().places().taken()).isEqualTo(1);
  }

  @Test
  void freesWhatServedALocalAddressThatIsNotUsedAnyMore() throws Exception {
    Vertx vertx = loops.vertx();
    Target bound = Targets.of(origin.address(), "{local-address: 127.0.0.2}");
    int lines =
        one.call(
            () -> {
              Dialer dialer = new Dialer(vertx, vertx.getOrCreateContext());
              dialer.dial(
                  origin.address(),
                  bound.settings().connections(),
                  channel -> {
                    channel.close();
                    dialer.sweep();
                    dialer.sweep();
                    lines(dialer);
                  },
                  t -> lines(dialer));
              return dialer.lines();
            });
    assertThat(lines).isEqualTo(1);
    eventually(() -> lastLines == 0);
  }

  private volatile int lastLines = -1;

  private void lines(Dialer dialer) {
    // The channel's end is told after this.
    one.run(
        () -> {
          dialer.sweep();
          dialer.sweep();
          lastLines = dialer.lines();
        });
  }
}
