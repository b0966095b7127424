package io.sentinelgateway.origin;

import static io.sentinelgateway.origin.Loops.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.origin.Loops.Asked;
import io.sentinelgateway.target.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The limits of a pool hold for all event loops together, and no loop starves. */
class SharedPlacesTest {

  private Loops loops;
  private QuietOrigin origin;

  @BeforeEach
  void open() throws Exception {
    loops = new Loops(4);
    origin = new QuietOrigin();
  }

  @AfterEach
  void close() throws Exception {
    loops.close();
    origin.close();
  }

  private Target target(String connections) {
    return Targets.of(origin.address(), connections);
  }

  @Test
  void opensNoMoreThanTheLimitOverAllLoops() throws Exception {
    Target target = target("{max: 3}");
    List<Asked> asked = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      asked.add(loops.get(i % 4).acquire(target));
    }
    eventually(() -> asked.stream().filter(Asked::done).count() == 3);
    eventually(() -> target.state().places().queued() == 17);
    for (int served = 0; served < 20; served++) {
      eventually(() -> asked.stream().anyMatch(Asked::done));
      Asked next = asked.stream().filter(Asked::done).findFirst().orElseThrow();
      asked.remove(next);
      assertThat(target.state().places().taken()).isLessThanOrEqualTo(3);
      // Past its turn, so that it goes to a loop that has none.
      loops.all().forEach(one -> one.pass(Duration.ofMillis(50)));
      next.release();
    }
    assertThat(target.state().places().queued()).isZero();
    eventually(() -> origin.open() <= 3);
  }

  @Test
  void takesAPlaceThatRestsOnAnotherLoop() throws Exception {
    Target target = target("{max: 1, queue: 0}");
    for (int i = 0; i < 12; i++) {
      loops.get(i % 4).acquire(target).release();
      assertThat(target.state().places().taken()).isLessThanOrEqualTo(1);
    }
    // Connections do not move: each turn is a new one.
    eventually(() -> origin.accepted() == 12 && origin.open() == 1);
  }

  @Test
  void takesFromALoopWithAQueueWhatItHasHadForItsTurn() throws Exception {
    Target target = target("{max: 1}");
    Asked first = loops.get(0).acquire(target);
    first.connection();
    Asked second = loops.get(0).acquire(target);
    Asked starved = loops.get(1).acquire(target);
    eventually(() -> target.state().places().queued() == 2);

    loops.get(0).pass(Duration.ofMillis(50));
    first.release();

    starved.connection();
    assertThat(second.done()).isFalse();
    loops.get(1).pass(Duration.ofMillis(50));
    starved.release();
    second.release();
    assertThat(target.state().places().queued()).isZero();
  }

  @Test
  void keepsAConnectionForItsOwnQueueDuringItsTurn() throws Exception {
    Target target = target("{max: 1}");
    Asked first = loops.get(0).acquire(target);
    first.connection();
    Asked second = loops.get(0).acquire(target);
    Asked starved = loops.get(1).acquire(target);
    eventually(() -> target.state().places().queued() == 2);

    first.release();
    second.connection();
    assertThat(origin.accepted()).isEqualTo(1);
    second.release();
    starved.release();
  }

  @Test
  void wakesAnotherLoopWhenAConnectionEnds() throws Exception {
    Target target = target("{max: 1}");
    Asked first = loops.get(0).acquire(target);
    first.connection();
    Asked waiting = loops.get(3).acquire(target);
    eventually(() -> target.state().places().queued() == 1);

    first.release(false);

    waiting.release();
    eventually(() -> origin.open() == 1);
  }

  @Test
  void boundsTheQueueOverAllLoopsSaveForOneRequestOfALoopThatHasNothing() throws Exception {
    Target target = target("{max: 1, queue: 2}");
    Asked first = loops.get(0).acquire(target);
    first.connection();
    List<Asked> waiting = new ArrayList<>();
    waiting.add(loops.get(0).acquire(target));
    waiting.add(loops.get(0).acquire(target));
    eventually(() -> target.state().places().queued() == 2);

    assertThat(loops.get(0).acquire(target).refusal()).contains("pool_full");
    waiting.add(loops.get(1).acquire(target));
    assertThat(loops.get(1).acquire(target).refusal()).contains("pool_full");

    first.release();
    for (Asked each : waiting) {
      each.release();
    }
    assertThat(target.state().places().queued()).isZero();
  }

  @Test
  void whoLeavesWhileWaitingLeavesNoTrace() throws Exception {
    Target target = target("{max: 1, queue: 1}");
    Asked first = loops.get(0).acquire(target);
    first.connection();
    Asked leaves = loops.get(0).acquire(target);
    eventually(() -> target.state().places().queued() == 1);

    leaves.withdraw();
    eventually(() -> target.state().places().queued() == 0);

    Asked stays = loops.get(0).acquire(target);
    first.release();
    stays.release();
    assertThat(leaves.done()).isFalse();
    eventually(() -> origin.open() == 1);
  }

  @Test
  void reachesALowerLimitAsConnectionsComeFree() throws Exception {
    Target before = target("{max: 8}");
    List<Asked> held = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      held.add(loops.get(i % 4).acquire(before));
      held.get(i).connection();
    }
    for (int i = 0; i < 6; i++) {
      held.get(i).release();
    }
    Target after = Targets.of(origin.address(), "{max: 3}", before.state());
    loops.get(0).run(() -> loops.get(0).connections().warm(List.of(after)));
    eventually(() -> after.state().places().taken() == 3);
    held.get(6).release();
    held.get(7).release();
    eventually(() -> origin.open() == 3);
  }

  @Test
  void givesEveryPlaceBackWhenTheTargetGoes() throws Exception {
    Target target = target("{max: 8}");
    List<Asked> held = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      held.add(loops.get(i % 4).acquire(target));
      held.get(i).connection();
    }
    loops.all().forEach(one -> one.run(() -> one.connections().retain(Set.of())));
    for (Asked each : held) {
      each.release();
    }
    eventually(() -> target.state().places().taken() == 0 && origin.open() == 0);
  }

  @Test
  void tellsWhoWaitsOnOtherLoopsWhenTheOriginIsGone() throws Exception {
    Target target = target("{max: 1}");
    Asked first = loops.get(0).acquire(target);
    first.connection();
    List<Asked> waiting = new ArrayList<>();
    for (int i = 1; i < 4; i++) {
      waiting.add(loops.get(i).acquire(target));
    }
    eventually(() -> target.state().places().queued() == 3);
    origin.close();

    for (Asked each : waiting) {
      assertThat(each.refusal()).contains("connect_refused");
    }
    eventually(() -> target.state().places().taken() == 0);
    first.release();
  }
}
