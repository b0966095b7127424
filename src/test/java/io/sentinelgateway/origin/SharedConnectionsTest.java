package io.sentinelgateway.origin;

import static io.sentinelgateway.origin.Loops.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.origin.Loops.Asked;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.target.Target;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pools whose connections carry many requests at once. */
class SharedConnectionsTest {

  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();

  private Loops loops;
  private HttpServer origin;

  @BeforeEach
  void open() throws Exception {
    loops = new Loops(2);
    HttpServerOptions options = new HttpServerOptions().setPort(0).setHost("127.0.0.1");
    origin =
        loops
            .vertx()
            .createHttpServer(options)
            .connectionHandler(
                connection -> {
                  accepted.incrementAndGet();
                  open.incrementAndGet();
                  connection.closeHandler(closed -> open.decrementAndGet());
                })
            .requestHandler(request -> request.response().end())
            .listen()
            .await(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() {
    loops.close();
  }

  private Target target(String connections) {
    Address address = new Address("127.0.0.1", origin.actualPort());
    return Targets.of(address, connections + ", protocol: http2");
  }

  private Asked ask(int loop, Target target) {
    return loops.get(loop).acquire(target);
  }

  @Test
  void requestsThatComeTogetherShareTheConnectionThatIsBeingMade() throws Exception {
    Target target = target("{max: 10}");
    List<Asked> asked = List.of(ask(0, target), ask(0, target), ask(0, target));
    for (Asked each : asked) {
      each.connection();
    }
    eventually(() -> accepted.get() == 1);
    assertThat(loops.get(0).figures()).containsExactly(1, 0, 0);
    for (Asked each : asked) {
      each.release();
    }
    assertThat(loops.get(0).figures()).containsExactly(1, 1, 0);
  }

  @Test
  void whoWaitsIsServedWhenAStreamEnds() throws Exception {
    Target target = target("{max: 1, max-streams: 2}");
    Asked first = ask(0, target);
    first.connection();
    ask(0, target).connection();
    Asked third = ask(0, target);
    eventually(() -> target.state().places().queued() == 1);
    first.release();
    third.connection();
    assertThat(target.state().places().queued()).isZero();
    eventually(() -> accepted.get() == 1);
  }

  /** A connection that is never without a request would never be given up otherwise. */
  @Test
  void aLoopThatIsAlwaysBusyGivesWayToOneThatHasNoConnection() throws Exception {
    Target target = target("{max: 1}");
    Asked first = ask(0, target);
    first.connection();
    Asked second = ask(0, target);
    second.connection();
    Asked starved = ask(1, target);
    eventually(() -> target.state().places().queued() == 1);

    loops.get(0).pass(Duration.ofMillis(50));
    first.release();
    Asked next = ask(0, target);
    second.release();

    starved.connection();
    eventually(() -> accepted.get() == 2);
    assertThat(next.done()).isFalse();
    loops.get(1).pass(Duration.ofMillis(50));
    starved.release();
    next.connection();
    assertThat(target.state().places().taken()).isEqualTo(1);
    eventually(() -> open.get() == 1);
  }

  @Test
  void aConnectionThatIsOldTakesNoMoreAndClosesAfterItsLastRequest() throws Exception {
    Target target = target("{max: 10, max-age: 1m}");
    Asked first = ask(0, target);
    first.connection();
    loops.get(0).pass(Duration.ofMinutes(2));
    Asked second = ask(0, target);
    second.connection();
    eventually(() -> accepted.get() == 2);
    eventually(() -> open.get() == 2);
    first.release();
    eventually(() -> open.get() == 1);
  }
}
