package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.wire.Wire;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a connection changes to another protocol, and what becomes of it when it does not. */
class UpgradeTest {

  @TempDir private Path folder;

  @Test
  void forwardsTheHandshakeAndJoinsTheConnections() throws Exception {
    try (WebSocketChain chain =
        WebSocketChain.open(
            folder,
            "",
            peer -> {
              assertThat(peer.text(5)).isEqualTo("hello");
              peer.write("world!");
              peer.awaitClose();
            })) {
      assertThat(chain.client().send("hello").bytes(6)).isEqualTo("world!");
      assertThat(chain.gateway().metric("sentinel_tunnels_open{listener=\"web\"}")).isEqualTo(1);
      assertThat(chain.gateway().target(0, 0).getInteger("inFlight")).isEqualTo(1);
      chain.client().close();
      chain.ends("client");
      var line = chain.gateway().accessLine();
      assertThat(line.getLong("request-bytes")).isEqualTo(5);
      assertThat(line.getLong("response-bytes")).isEqualTo(6);
      assertThat(chain.origin().request())
          .contains("upgrade: websocket\r\n", "connection: Upgrade\r\n", "Sec-WebSocket-Key: ");
    }
  }

  @Test
  void passesOnWhatTheClientSentBeforeTheAnswer() throws Exception {
    try (WebSocketChain chain =
        WebSocketChain.of(
            folder,
            "",
            peer -> {
              peer.request();
              peer.write(WebSocketChain.SWITCHING + "mine");
              peer.write(peer.text(10));
              peer.awaitClose();
            })) {
      chain.client().send(WebSocketChain.handshake() + "early");
      chain.client().send("later");
      assertThat(chain.client().head().status()).isEqualTo(101);
      assertThat(chain.client().bytes(14)).isEqualTo("mineearlylater");
    }
  }

  @Test
  void relaysARefusalWholeAndKeepsBothConnections() throws Exception {
    try (WebSocketChain chain =
        WebSocketChain.of(
            folder,
            "",
            peer -> {
              peer.request();
              peer.write("HTTP/1.1 403 Forbidden\r\nX-Why: tired\r\nContent-Length: 2\r\n\r\nno");
              peer.echo();
            })) {
      Answer refusal = chain.client().send(WebSocketChain.handshake()).answer();
      assertThat(refusal.status()).isEqualTo(403);
      assertThat(refusal.field("x-why")).contains("tired");
      assertThat(refusal.body()).isEqualTo("no");
      assertThat(chain.client().get("/next").body()).isEqualTo("/next");
      assertThat(chain.origin().connections()).isEqualTo(1);
    }
  }

  @Test
  void takesWhatFollowsARefusedRequestForTheNextOne() throws Exception {
    try (WebSocketChain chain =
        WebSocketChain.of(
            folder,
            "",
            peer -> {
              peer.request();
              peer.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
              peer.echo();
            })) {
      String next = RawClient.request("GET", "/next");
      chain.client().send(WebSocketChain.handshake() + next.substring(0, 10));
      assertThat(chain.client().answer().status()).isEqualTo(403);
      assertThat(chain.client().send(next.substring(10)).answer().body()).isEqualTo("/next");
    }
  }

  @Test
  void decodesNothingBehindAPipelinedHandshake() throws Exception {
    try (WebSocketChain chain =
        WebSocketChain.of(
            folder,
            "",
            peer -> {
              peer.request();
              peer.write(ScriptedOrigin.sized("first"));
              peer.request();
              peer.write(WebSocketChain.SWITCHING);
              peer.write(peer.text(5));
              peer.awaitClose();
            })) {
      chain.client().send(RawClient.request("GET", "/") + WebSocketChain.handshake() + "early");
      assertThat(chain.client().answer().body()).isEqualTo("first");
      assertThat(chain.client().head().status()).isEqualTo(101);
      assertThat(chain.client().bytes(5)).isEqualTo("early");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2c", "TLS/1.0", "HTTP/2.0", "other", "h2c, websocket2"})
  void neverForwardsAProtocolThatIsNotAllowed(String protocol) throws Exception {
    try (WebSocketChain chain = WebSocketChain.of(folder, "", ScriptedOrigin.Peer::echo)) {
      Answer answer =
          chain
              .client()
              .get(
                  "/plain",
                  "Connection: Upgrade, HTTP2-Settings",
                  "HTTP2-Settings: AAMAAABkAAQAAP__",
                  "Upgrade: " + protocol);
      assertThat(answer.body()).isEqualTo("/plain");
      assertThat(chain.origin().request().toLowerCase(Locale.ROOT))
          .doesNotContain("upgrade", "http2-settings");
      assertThat(chain.client().get("/again").body()).isEqualTo("/again");
    }
  }

  @Test
  void forwardsAnAllowedProtocolAndNoOther() throws Exception {
    String switching =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: tunnel/1\r\nConnection: Upgrade\r\n\r\n";
    try (WebSocketChain chain =
        WebSocketChain.of(
            folder,
            ", upgrade: [tunnel/1]",
            peer -> {
              if (peer.request().orElseThrow().contains("upgrade: tunnel/1")) {
                peer.write(switching + "ready");
              }
              peer.awaitClose();
            })) {
      chain
          .client()
          .send(RawClient.request("POST", "/", "Connection: Upgrade", "Upgrade: a, Tunnel/1"));
      assertThat(chain.client().head().field("upgrade")).contains("tunnel/1");
      assertThat(chain.client().bytes(5)).isEqualTo("ready");
    }
  }

  @Test
  void forwardsAWebSocketHandshakeAsAPlainRequestWhereNoneIsAllowed() throws Exception {
    try (WebSocketChain chain =
        WebSocketChain.of(folder, ", upgrade: []", ScriptedOrigin.Peer::echo)) {
      assertThat(chain.client().send(WebSocketChain.handshake()).answer().body())
          .isEqualTo("/chat");
      assertThat(chain.origin().request()).doesNotContain("pgrade:");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-No: key",
        "Sec-WebSocket-Key: short",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
      })
  void refusesAHandshakeWithoutOneGoodKey(String field) throws Exception {
    try (WebSocketChain chain = WebSocketChain.of(folder, "", ScriptedOrigin.Peer::echo)) {
      Answer answer =
          chain
              .client()
              .get(
                  "/",
                  "Connection: Upgrade",
                  "Upgrade: websocket",
                  field,
                  "Sec-WebSocket-Version: 13");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(chain.origin().requests()).isEmpty();
      assertThat(chain.client().get("/next").body()).isEqualTo("/next");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Upgrade: websocket\r\nConnection: Upgrade",
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong",
        "Upgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        "Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        "Upgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
      })
  void opensNoTunnelWhenTheOriginDoesNotAgreeToWhatWasAsked(String fields) throws Exception {
    try (WebSocketChain chain =
        WebSocketChain.of(
            folder,
            "",
            ScriptedOrigin.Script.first(
                peer -> {
                  peer.request();
                  peer.write("HTTP/1.1 101 Switching Protocols\r\n" + fields + "\r\n\r\nstray");
                  peer.awaitClose();
                }))) {
      Answer answer = chain.client().send(WebSocketChain.handshake()).answer();
      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.reason()).isEqualTo("upstream_malformed");
      assertThat(chain.client().get("/next").body()).isEqualTo("/next");
    }
  }

  @Test
  void boundsWhatIsKeptOfAClientThatDoesNotWaitForTheAnswer() throws Exception {
    try (WebSocketChain chain =
        WebSocketChain.of(folder, ", timeout: 500ms", ScriptedOrigin.Peer::awaitClose)) {
      byte[] flood = new byte[64 << 20];
      chain.client().send(WebSocketChain.handshake());
      Thread sender = new Thread(() -> chain.client().sendWhatIsTaken(flood));
      sender.start();
      assertThat(chain.client().answer().status()).isEqualTo(504);
      assertThat(Wire.directMemory()).isLessThan(64L << 20);
      chain.client().close();
      sender.join();
    }
  }
}
