package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.FreePort;
import io.sentinelgateway.gateway.ScriptedOrigin.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever becomes of copies, requests are answered as if there were none, and nothing is left. */
class MirrorFailureTest {

  private static final Script HANGS =
      peer -> {
        peer.request();
        peer.awaitClose();
      };

  @TempDir Path folder;
  private ScriptedOrigin shop;

  @BeforeEach
  void open() throws IOException {
    shop = ScriptedOrigin.ok("shop");
  }

  @AfterEach
  void close() throws IOException {
    shop.close();
  }

  /** A mirror whose server does this: requests are served, copies fail. */
  private void fails(Script script, int times) throws Exception {
    try (ScriptedOrigin audit = ScriptedOrigin.start(script);
        GatewayFixture gateway = MirrorFixture.start(folder, shop, audit, ", timeout: 200ms");
        RawClient client = gateway.client()) {
      for (int i = 1; i <= times; i++) {
        client.send(RawClient.request("POST", "/", "Content-Length: 3") + "abc");
        assertThat(client.answer().body()).isEqualTo("shop");
        MirrorFixture.counts(gateway, "answers", "failed", i);
      }
      gateway.comesToRest();
      Eventually.holds(() -> audit.open() == 0);
      assertThat(gateway.target(1, 0).getInteger("failures")).isEqualTo(times);
      assertThat(gateway.failures("upstream_timeout") + gateway.failures("upstream_reset"))
          .isZero();
    }
  }

  @Test
  void aMirrorThatHangsIsGivenUp() throws Exception {
    // More often than it may have connections: each one comes back.
    fails(HANGS, 4);
  }

  @Test
  void aMirrorThatHangsBehindItsHeadIsGivenUp() throws Exception {
    fails(
        peer -> {
          peer.request();
          peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
          peer.awaitClose();
        },
        3);
  }

  @Test
  void aMirrorMayReset() throws Exception {
    fails(
        peer -> {
          peer.request();
          peer.reset();
        },
        3);
  }

  @Test
  void aMirrorMayCloseWithoutReading() throws Exception {
    fails(peer -> {}, 3);
  }

  @Test
  void aMirrorMayTalkNonsense() throws Exception {
    fails(
        peer -> {
          peer.request();
          peer.write("nonsense\r\n\r\n");
          peer.awaitClose();
        },
        3);
  }

  @Test
  void aMirrorMaySwitchProtocolsUnasked() throws Exception {
    fails(
        peer -> {
          peer.request();
          peer.write("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n");
          peer.awaitClose();
        },
        2);
  }

  @Test
  void aMirrorMayRefuseConnections() throws Exception {
    String refusing = FreePort.address();
    try (GatewayFixture gateway =
        MirrorFixture.start(folder, List.of(shop.address(), refusing), "")) {
      assertThat(gateway.get("/").body()).isEqualTo("shop");
      MirrorFixture.counts(gateway, "answers", "failed", 1);
      gateway.comesToRest();
      assertThat(gateway.target(1, 0).getInteger("failures")).isEqualTo(1);
    }
  }

  @Test
  void noMoreCopiesThanAllowed() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Script waits =
        peer -> {
          while (peer.request().isPresent()) {
            peer.await(release);
            peer.write(ScriptedOrigin.sized("audit"));
          }
        };
    try (ScriptedOrigin audit = ScriptedOrigin.start(waits);
        GatewayFixture gateway = MirrorFixture.start(folder, shop, audit, ", in-flight: 2");
        RawClient client = gateway.client()) {
      for (int i = 0; i < 5; i++) {
        assertThat(client.get("/").body()).isEqualTo("shop");
      }
      MirrorFixture.counts(gateway, "dropped", "in_flight", 3);
      MirrorFixture.copies(audit, 2);
      release.countDown();
      MirrorFixture.counts(gateway, "answers", "2xx", 2);

      client.get("/");
      MirrorFixture.counts(gateway, "answers", "2xx", 3);
      assertThat(MirrorFixture.count(gateway, "dropped", "in_flight")).isEqualTo(3);
    }
  }

  @Test
  void moreContentThanAllowedIsNotCopied() throws Exception {
    String large = "x".repeat(5000);
    try (ScriptedOrigin audit = ScriptedOrigin.ok("audit");
        GatewayFixture gateway =
            MirrorFixture.start(folder, shop, audit, ", content: 4KiB, in-flight: 1");
        RawClient client = gateway.client()) {
      client.send(RawClient.request("POST", "/a", "Content-Length: 5000") + large);
      assertThat(client.answer().body()).isEqualTo("shop");
      client.send(RawClient.request("POST", "/b", "Transfer-Encoding: chunked"));
      client.send("1388\r\n" + large + "\r\n1388\r\n" + large + "\r\n0\r\n\r\n");
      assertThat(client.answer().body()).isEqualTo("shop");

      assertThat(shop.requests().get(0)).endsWith("\r\n\r\n" + large);
      assertThat(shop.requests().get(1)).endsWith("\r\n\r\n" + large + large);
      MirrorFixture.counts(gateway, "dropped", "content_too_large", 2);
      client.send(RawClient.request("POST", "/c", "Content-Length: 4096") + large.substring(904));
      client.answer();
      assertThat(MirrorFixture.copies(audit, 1).get(0)).startsWith("POST /c ");
    }
  }

  @Test
  void aRequestThatTheClientBreaksOffIsNotCopied() throws Exception {
    try (ScriptedOrigin audit = ScriptedOrigin.ok("audit");
        GatewayFixture gateway = MirrorFixture.start(folder, shop, audit, ", in-flight: 1")) {
      try (RawClient client = gateway.client()) {
        client.send(RawClient.request("POST", "/", "Content-Length: 100") + "abc");
        Eventually.holds(() -> shop.connections() == 1);
      }
      MirrorFixture.counts(gateway, "dropped", "incomplete", 1);
      assertThat(gateway.get("/next").body()).isEqualTo("shop");
      assertThat(MirrorFixture.copies(audit, 1).get(0)).startsWith("GET /next ");
    }
  }

  @Test
  void aRequestThatIsAnsweredBeforeItsContentIsThereIsNotCopied() throws Exception {
    Script early =
        peer -> {
          peer.head();
          peer.write("HTTP/1.1 413 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
          peer.awaitClose();
        };
    try (ScriptedOrigin refusing = ScriptedOrigin.start(early);
        ScriptedOrigin audit = ScriptedOrigin.ok("audit");
        GatewayFixture gateway = MirrorFixture.start(folder, refusing, audit, "");
        RawClient client = gateway.client()) {
      client.send(RawClient.request("POST", "/", "Content-Length: 100") + "abc");
      assertThat(client.answer().status()).isEqualTo(413);
      client.sendWhatIsTaken("x".repeat(97).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      MirrorFixture.counts(gateway, "dropped", "incomplete", 1);
      gateway.comesToRest();
      assertThat(audit.connections()).isZero();
    }
  }

  @Test
  void aCopyGoesOnWhenTheClientHasLeft() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    Script slow =
        peer -> {
          peer.request();
          peer.await(left);
          peer.write(ScriptedOrigin.sized("audit"));
          peer.awaitClose();
        };
    try (ScriptedOrigin hanging = ScriptedOrigin.start(HANGS);
        ScriptedOrigin audit = ScriptedOrigin.start(slow);
        GatewayFixture gateway = MirrorFixture.start(folder, hanging, audit, "")) {
      try (RawClient client = gateway.client()) {
        client.send(RawClient.request("GET", "/"));
        MirrorFixture.copies(audit, 1);
        Eventually.holds(() -> hanging.requests().size() == 1);
      }
      assertThat(gateway.accessLine().getString("reason")).isEqualTo("client_gone");
      left.countDown();
      MirrorFixture.counts(gateway, "answers", "2xx", 1);
    }
  }
}
