package io.sentinelgateway.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.sentinelgateway.tls.TestCertificates;
import io.sentinelgateway.wire.Wire;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the bytes, and of the connections, once they are no longer HTTP. */
class TunnelTest {

  private static final byte[] BLOCK = new byte[1 << 16];

  @TempDir private Path folder;

  @Test
  void stopsTheOriginWhenTheClientDoesNotRead() throws Exception {
    AtomicLong written = new AtomicLong();
    ScriptedOrigin.Script flood =
        peer -> {
          while (true) {
            written.addAndGet(peer.write(BLOCK) == null ? 0 : BLOCK.length);
          }
        };
    try (WebSocketChain chain = WebSocketChain.open(folder, "", flood)) {
      awaitStall(written);
      assertThat(written.get()).isLessThan(64L << 20);
      assertThat(Wire.directMemory()).isLessThan(64L << 20);
      long stalled = written.get();
      chain.client().bytes(32 << 20);
      Eventually.value(written::get, now -> now > stalled);
      chain.client().close();
      chain.ends("client");
    }
  }

  @Test
  void stopsTheClientWhenTheOriginDoesNotRead() throws Exception {
    CountDownLatch reads = new CountDownLatch(1);
    AtomicLong written = new AtomicLong();
    ScriptedOrigin.Script deaf =
        peer -> {
          peer.await(reads);
          peer.awaitClose();
        };
    try (WebSocketChain chain = WebSocketChain.open(folder, "", deaf)) {
      Thread sender = new Thread(() -> flood(chain.client(), written, 128L << 20));
      sender.start();
      awaitStall(written);
      assertThat(written.get()).isLessThan(64L << 20);
      reads.countDown();
      sender.join();
      assertThat(written.get()).isEqualTo(128L << 20);
      chain.client().close();
      chain.ends("client");
      assertThat(chain.gateway().accessLine().getLong("request-bytes")).isEqualTo(128L << 20);
    }
  }

  private static void flood(RawClient client, AtomicLong written, long most) {
    while (written.get() < most) {
      client.sendWhatIsTaken(BLOCK);
      written.addAndGet(BLOCK.length);
    }
  }

  /** Returns when nothing went for half a second. */
  private static void awaitStall(AtomicLong written) {
    long[] last = {-1, System.nanoTime()};
    Eventually.holds(
        () -> {
          if (written.get() != last[0]) {
            last[0] = written.get();
            last[1] = System.nanoTime();
          }
          return last[0] > 0 && System.nanoTime() - last[1] > 500_000_000L;
        });
  }

  @Test
  void letsTheOriginAnswerAClientThatHasSaidAll() throws Exception {
    ScriptedOrigin.Script answers =
        peer -> {
          peer.awaitClose();
          peer.write("all heard");
        };
    try (WebSocketChain chain = WebSocketChain.open(folder, "", answers)) {
      chain.client().send("that is all").closeOutput();
      assertThat(chain.client().rest()).isEqualTo("all heard");
      chain.ends("client");
      assertThat(chain.gateway().accessLine().getString("reason")).isNull();
    }
  }

  @Test
  void letsTheClientAnswerAnOriginThatHasSaidAll() throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    ScriptedOrigin.Script asks =
        peer -> {
          peer.write("that is all").closeOutput();
          assertThat(peer.text(9)).isEqualTo("all heard");
          heard.countDown();
          peer.awaitClose();
        };
    try (WebSocketChain chain = WebSocketChain.open(folder, "", asks)) {
      assertThat(chain.client().rest()).isEqualTo("that is all");
      chain.client().send("all heard");
      Eventually.holds(() -> heard.getCount() == 0);
      chain.client().close();
      chain.ends("origin");
    }
  }

  @Test
  void deliversWhatAnOriginSentThatAgreedAndClosedAtOnce() throws Exception {
    try (WebSocketChain chain = WebSocketChain.open(folder, "", peer -> peer.write("bye"))) {
      assertThat(chain.client().rest()).isEqualTo("bye");
      chain.client().close();
      chain.ends("origin");
    }
  }

  @Test
  void endsWithTheClientThatBreaksOff() throws Exception {
    try (WebSocketChain chain = WebSocketChain.open(folder, "", ScriptedOrigin.Peer::awaitClose)) {
      chain.client().reset();
      chain.gateway().comesToRest();
      chain.ends("client");
      Eventually.holds(() -> chain.origin().open() == 0);
    }
  }

  @Test
  void endsWithTheOriginThatBreaksOff() throws Exception {
    try (WebSocketChain chain = WebSocketChain.open(folder, "", ScriptedOrigin.Peer::reset)) {
      assertThat(chain.client().closed()).isTrue();
      chain.ends("origin");
    }
  }

  @Test
  void closesATunnelThatIsSilentForTooLong() throws Exception {
    try (WebSocketChain chain =
        WebSocketChain.open(
            folder, ", tunnel: {idle-timeout: 300ms}", ScriptedOrigin.Peer::awaitClose)) {
      assertThat(chain.client().closed()).isTrue();
      chain.ends("idle");
      Eventually.holds(() -> chain.origin().open() == 0);
    }
  }

  @Test
  void closesATunnelThatIsOpenForTooLong() throws Exception {
    try (WebSocketChain chain =
        WebSocketChain.open(folder, ", tunnel: {max-duration: 300ms}", peer -> peer.drip("tick"))) {
      assertThat(chain.client().untilBroken()).startsWith("ticktick");
      chain.ends("duration");
    }
  }

  @Test
  void outlivesTheTimeLimitsOfRequestsAndOfIdleConnections() throws Exception {
    ScriptedOrigin.Script slow =
        peer -> {
          CountDownLatch never = new CountDownLatch(1);
          assertThat(never.await(900, TimeUnit.MILLISECONDS)).isFalse();
          peer.write("late").awaitClose();
        };
    String limits = "timeouts: {idle: 200ms, request: 300ms}";
    try (WebSocketChain chain =
        WebSocketChain.of(folder, limits, ", timeout: 300ms", WebSocketChain.agreeing(slow))) {
      chain.opens();
      assertThat(chain.client().bytes(4)).isEqualTo("late");
      chain.client().close();
      chain.ends("client");
    }
  }

  @Test
  void boundsTheHandshakeByTheTimeLimitOfRequests() throws Exception {
    try (WebSocketChain chain =
        WebSocketChain.of(folder, ", timeout: 300ms", ScriptedOrigin.Peer::awaitClose)) {
      assertThat(chain.client().send(WebSocketChain.handshake()).answer().status()).isEqualTo(504);
    }
  }

  @Test
  void outlivesAReloadThatTakesItsRouteAndItsUpstreamAway() throws Exception {
    ScriptedOrigin.Script echo =
        peer -> {
          peer.write(peer.text(5));
          peer.awaitClose();
        };
    try (WebSocketChain chain = WebSocketChain.open(folder, "", echo)) {
      chain.gateway().reload(chain.listener() + "routes: {all: {respond: {status: 204}}}\n");
      assertThat(chain.gateway().get("/").status()).isEqualTo(204);
      assertThat(chain.client().send("still").bytes(5)).isEqualTo("still");
      chain.client().close();
      Eventually.holds(() -> chain.origin().open() == 0);
    }
  }

  @Test
  void triesAnotherTargetBeforeTheProtocolChanges() throws Exception {
    try (ScriptedOrigin dead = ScriptedOrigin.start(ScriptedOrigin.Peer::reset);
        ScriptedOrigin good =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.write(WebSocketChain.SWITCHING + "yes").awaitClose();
                });
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                GatewayFixture.upstream(List.of(dead.address(), good.address()))
                    + "routes: {all: {forward: {upstream: origin, retry: {attempts: 2, on:"
                    + " [connect-failure, reset]}}}}\n")) {
      for (int i = 0; i < 2; i++) {
        try (RawClient client = gateway.client()) {
          assertThat(client.send(WebSocketChain.handshake()).head().status()).isEqualTo(101);
          assertThat(client.bytes(3)).isEqualTo("yes");
        }
      }
      assertThat(dead.connections()).isPositive();
    }
  }

  @Test
  void endsWhenItsListenerDoes() throws Exception {
    try (WebSocketChain chain = WebSocketChain.open(folder, "", ScriptedOrigin.Peer::awaitClose)) {
      chain.endListener();
      assertThat(chain.client().closed()).isTrue();
      chain.client().close();
      chain.ends("drain");
    }
  }

  @Test
  void joinsAClientThatSpeaksTls() throws Exception {
    TestCertificates.write(folder, "a", Instant.now().minusSeconds(60), "a.example");
    String tls =
        "tls: {certificates: [{cert: \"%1$s/a.crt\", key: \"%1$s/a.key\"}]}".formatted(folder);
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    ScriptedOrigin.Script script =
        WebSocketChain.agreeing(peer -> peer.write("hello " + peer.text(5)).closeOutput());
    try (WebSocketChain chain = WebSocketChain.of(folder, tls, "", script);
        Socket client =
            trusting
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), chain.gateway().port())) {
      String early = WebSocketChain.handshake() + "early";
      client.getOutputStream().write(early.getBytes(US_ASCII));
      assertThat(new String(client.getInputStream().readAllBytes(), US_ASCII))
          .startsWith("HTTP/1.1 101 ")
          .endsWith("\r\n\r\nhello early");
      chain.ends("origin");
    }
  }
}
