package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.gateway.SpokenOrigin.Protocol;
import io.sentinelgateway.gateway.SpokenOrigin.Script;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for origin servers whatever they speak. */
class OriginProtocolContractTest {

  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx";
  private static final int PIECE = 64 << 10;
  private static final int PIECES = 1024;

  @TempDir Path folder;

  /** Does this on the first connection, and answers each request on the others by its number. */
  private static Script first(Script script) {
    return peer -> {
      if (peer.number() == 1) {
        script.serve(peer);
      } else {
        peer.answerAll();
      }
    };
  }

  private GatewayFixture before(SpokenOrigin origin) throws Exception {
    return GatewayFixture.start(folder, origin.upstream());
  }

  @ParameterizedTest
  @EnumSource
  void sendsRequestsOneAfterAnotherOverOneConnection(Protocol protocol) throws Exception {
    try (SpokenOrigin origin = SpokenOrigin.start(protocol, Spoken::answerAll);
        GatewayFixture gateway = before(origin);
        RawClient client = gateway.client()) {
      for (int i = 0; i < 50; i++) {
        assertThat(client.get("/").body()).isEqualTo("on 1");
        assertThat(client.send(POST).answer().body()).isEqualTo("on 1");
      }
      assertThat(origin.connections()).isEqualTo(1);
      Eventually.holds(() -> gateway.connections("idle") == 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesAConnectionWhoseOriginWantsNoMoreRequests(Protocol protocol) throws Exception {
    Script script =
        first(
            peer -> {
              peer.request();
              peer.answer("on 1");
              peer.leave();
            });
    try (SpokenOrigin origin = SpokenOrigin.start(protocol, script);
        GatewayFixture gateway = before(origin)) {
      assertThat(gateway.get("/").body()).isEqualTo("on 1");
      Eventually.holds(() -> origin.open() == 0);
      try (RawClient client = gateway.client()) {
        assertThat(client.send(POST).answer().body()).isEqualTo("on 2");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void sendsOnlyAnIdempotentRequestAgainThatBreaksBeforeItsHead(Protocol protocol)
      throws Exception {
    Script script =
        peer -> {
          if (peer.number() <= 2) {
            peer.request();
            peer.reset();
          }
          peer.answerAll();
        };
    try (SpokenOrigin origin = SpokenOrigin.start(protocol, script);
        GatewayFixture gateway = before(origin);
        RawClient client = gateway.client()) {
      assertThat(client.send(POST).answer().reason()).isEqualTo("upstream_reset");
      assertThat(client.get("/").body()).startsWith("on ");
    }
  }

  @ParameterizedTest
  @EnumSource
  void breaksTheClientsConnectionOffWhenTheContentBreaksOff(Protocol protocol) throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    Script script =
        first(
            peer -> {
              peer.request();
              peer.head(200);
              peer.piece("abc");
              seen.await(20, TimeUnit.SECONDS);
              peer.reset();
            });
    try (SpokenOrigin origin = SpokenOrigin.start(protocol, script);
        GatewayFixture gateway = before(origin);
        RawClient client = gateway.client()) {
      client.send(RawClient.request("GET", "/"));
      assertThat(client.head().status()).isEqualTo(200);
      assertThat(client.chunk()).isEqualTo("abc");
      seen.countDown();
      assertThat(client.untilBroken()).isEmpty();
      assertThat(gateway.accessLine().getString("reason")).isEqualTo("upstream_reset");
    }
  }

  @ParameterizedTest
  @EnumSource
  void passesInterimAnswersAndTrailersOn(Protocol protocol) throws Exception {
    Script script =
        peer -> {
          peer.request();
          peer.interim(103, "link", "</a.css>");
          peer.head(200, "x-a", "1");
          peer.piece("content");
          peer.end("x-sum", "7");
        };
    try (SpokenOrigin origin = SpokenOrigin.start(protocol, script);
        GatewayFixture gateway = before(origin);
        RawClient client = gateway.client()) {
      client.send(RawClient.request("GET", "/", "TE: trailers", "Connection: te"));
      Answer hints = client.answer();
      assertThat(hints.status()).isEqualTo(103);
      assertThat(hints.field("link")).contains("</a.css>");
      Answer answer = client.answer();
      assertThat(answer.field("x-a")).contains("1");
      assertThat(answer.body()).isEqualTo("content");
      assertThat(answer.trailers()).containsExactly("x-sum: 7");
    }
  }

  @ParameterizedTest
  @EnumSource
  void awaitsNoContentWhereThereIsNone(Protocol protocol) throws Exception {
    Script script =
        peer -> {
          peer.request();
          peer.headOnly(200, "content-length", "42");
          peer.request();
          peer.headOnly(204);
          peer.request();
          peer.headOnly(304, "content-length", "42");
          peer.answerAll();
        };
    try (SpokenOrigin origin = SpokenOrigin.start(protocol, script);
        GatewayFixture gateway = before(origin);
        RawClient client = gateway.client()) {
      Answer head = client.send(RawClient.request("HEAD", "/")).head();
      assertThat(head.field("content-length")).contains("42");
      assertThat(client.get("/").status()).isEqualTo(204);
      assertThat(client.get("/").status()).isEqualTo(304);
      assertThat(client.get("/").body()).isEqualTo("on 1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesAHeadThatIsTooLarge(Protocol protocol) throws Exception {
    Script script =
        peer -> {
          peer.request();
          peer.head(200, "x-large", "x".repeat(70 << 10));
          peer.end();
        };
    try (SpokenOrigin origin = SpokenOrigin.start(protocol, script);
        GatewayFixture gateway = before(origin)) {
      assertThat(gateway.get("/").reason()).isEqualTo("upstream_header_too_large");
    }
  }

  @ParameterizedTest
  @EnumSource
  void waitsForNoOriginLongerThanItMayTake(Protocol protocol) throws Exception {
    try (SpokenOrigin origin =
            SpokenOrigin.start(protocol, Spoken::awaitCancel, "timeouts: {response: 200ms}");
        GatewayFixture gateway = before(origin)) {
      assertThat(gateway.get("/").reason()).isEqualTo("upstream_timeout");
      gateway.comesToRest();
    }
  }

  @ParameterizedTest
  @EnumSource
  void ignoresWhatIsSentBehindAnAnswer(Protocol protocol) throws Exception {
    Script script =
        first(
            peer -> {
              peer.request();
              peer.answer("whole");
              peer.surplus();
              peer.answerAll();
            });
    try (SpokenOrigin origin = SpokenOrigin.start(protocol, script);
        GatewayFixture gateway = before(origin);
        RawClient client = gateway.client()) {
      assertThat(client.get("/").body()).isEqualTo("whole");
      for (int i = 0; i < 20; i++) {
        assertThat(client.get("/").body()).startsWith("on ");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsTheOriginThatTheClientHasLeft(Protocol protocol) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    Script script =
        first(
            peer -> {
              peer.request();
              begun.countDown();
              peer.awaitCancel();
              cancelled.countDown();
            });
    try (SpokenOrigin origin = SpokenOrigin.start(protocol, script);
        GatewayFixture gateway = before(origin);
        RawClient client = gateway.client()) {
      client.send(RawClient.request("GET", "/"));
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      client.reset();
      assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
      gateway.comesToRest();
    }
  }

  @ParameterizedTest
  @EnumSource
  void takesNoMoreFromTheOriginThanTheClientReads(Protocol protocol) throws Exception {
    AtomicLong written = new AtomicLong();
    String piece = "x".repeat(PIECE);
    Script script =
        peer -> {
          peer.request();
          peer.head(200);
          for (int i = 0; i < PIECES; i++) {
            peer.piece(piece);
            written.addAndGet(PIECE);
          }
          peer.end();
        };
    try (SpokenOrigin origin = SpokenOrigin.start(protocol, script);
        GatewayFixture gateway = before(origin);
        RawClient client = new RawClient(gateway.port(), 16 << 10)) {
      client.send(RawClient.request("GET", "/"));
      Answer head = client.head();
      Eventually.holds(() -> stays(written));
      assertThat(written.get()).isLessThan(20L << 20);
      assertThat(client.withContent(head).body()).hasSize(PIECE * PIECES);
    }
  }

  private static boolean stays(AtomicLong written) {
    long before = written.get();
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
    return before > 0 && written.get() == before;
  }
}
