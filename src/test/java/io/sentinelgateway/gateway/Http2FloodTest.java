package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.FrameClient.CONTINUATION;
import static io.sentinelgateway.gateway.FrameClient.DATA;
import static io.sentinelgateway.gateway.FrameClient.END_HEADERS;
import static io.sentinelgateway.gateway.FrameClient.GOAWAY;
import static io.sentinelgateway.gateway.FrameClient.HEADERS;
import static io.sentinelgateway.gateway.FrameClient.PING;
import static io.sentinelgateway.gateway.FrameClient.PRIORITY;
import static io.sentinelgateway.gateway.FrameClient.RST_STREAM;
import static io.sentinelgateway.gateway.FrameClient.SETTINGS;
import static io.sentinelgateway.gateway.FrameClient.WINDOW_UPDATE;
import static io.sentinelgateway.gateway.FrameClient.fields;
import static io.sentinelgateway.gateway.FrameClient.number;
import static io.sentinelgateway.gateway.FrameClient.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that make work over HTTP/2 and want nothing; others are served meanwhile. */
class Http2FloodTest {

  private static final int MANY = 5000;

  private static final String LISTENER =
      """
      listeners:
        web:
          address: "127.0.0.1:0"
          protocols: [http1, http2]
          timeouts: {header: 300ms, idle: 500ms}
      """;

  @TempDir Path folder;

  /** What a client sends again and again. */
  @FunctionalInterface
  private interface Nuisance {
    void send(FrameClient client, int number) throws Exception;
  }

  private GatewayFixture before(ScriptedOrigin origin) throws Exception {
    return GatewayFixture.start(
        folder,
        LISTENER
            + GatewayFixture.upstream(origin)
            + "routes: {all: {forward: {upstream: origin}}}\n");
  }

  private void ends(String reason, Nuisance nuisance) throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.Peer::echo);
        GatewayFixture gateway = before(origin);
        FrameClient client = new FrameClient(gateway.port())) {
      sendUntilClosed(client, nuisance);

      assertThat(Eventually.value(() -> abuses(gateway, reason), count -> count >= 1)).isEqualTo(1);
      client.awaitClose();
      assertThat(gateway.get("/next").body()).isEqualTo("/next");
    }
  }

  private static void sendUntilClosed(FrameClient client, Nuisance nuisance) throws Exception {
    try {
      for (int i = 0; i < MANY; i++) {
        nuisance.send(client, i);
      }
    } catch (SocketException e) {
      // It was left as it should be.
      return;
    }
  }

  private static double abuses(GatewayFixture gateway, String reason) throws Exception {
    return gateway.metric(
        "sentinel_client_abuses_total{listener=\"web\",reason=\"" + reason + "\"}");
  }

  @Test
  void endsRapidResets() throws Exception {
    ends(
        "rapid_reset",
        (client, i) -> client.get(2 * i + 1, "/").frame(RST_STREAM, 0, 2 * i + 1, number(8)));
  }

  @Test
  void endsResetsThatItIsForcedTo() throws Exception {
    ends("forced_reset", (client, i) -> client.headers(2 * i + 1, true, fields(":path", "/")));
  }

  @Test
  void endsPings() throws Exception {
    ends("ping", (client, i) -> client.frame(PING, 0, 0, new byte[8]));
  }

  @Test
  void endsSettings() throws Exception {
    ends("settings", (client, i) -> client.frame(SETTINGS, 0, 0));
  }

  @Test
  void endsPriorities() throws Exception {
    ends("priority", (client, i) -> client.frame(PRIORITY, 0, 1, new byte[5]));
  }

  @Test
  void endsFramesOfAnUnknownType() throws Exception {
    ends("unknown_frame", (client, i) -> client.frame(77, 0, 0));
  }

  @Test
  void endsWindowUpdatesForNothing() throws Exception {
    ends("window_update", (client, i) -> client.frame(WINDOW_UPDATE, 0, 0, number(1)));
  }

  @Test
  void endsDataWithoutContent() throws Exception {
    ends(
        "empty_data",
        (client, i) -> {
          if (i == 0) {
            client.headers(1, false, request("POST", "/"));
          }
          client.frame(DATA, 0, 1);
        });
  }

  @Test
  void endsPaddingWithoutContent() throws Exception {
    ends(
        "empty_data",
        (client, i) -> {
          if (i == 0) {
            client.headers(1, false, request("POST", "/"));
          }
          client.frame(DATA, 8, 1, (byte) 1, (byte) 0);
        });
  }

  @Test
  void endsAFieldSectionInTooManyPieces() throws Exception {
    ends(
        "continuation",
        (client, i) -> {
          if (i == 0) {
            client.frame(HEADERS, 1, 1, client.block(1, request("GET", "/")));
          }
          client.frame(CONTINUATION, 0, 1);
        });
  }

  @Test
  void answersAnOversizedFieldSectionWith431() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = before(origin);
        FrameClient client = new FrameClient(gateway.port())) {
      client.await(SETTINGS);
      client.await(SETTINGS);
      byte[] block = client.block(1, request("GET", "/", "x", "~".repeat(33_000)));
      int at = 0;
      for (int type = HEADERS; block.length - at > 16_000; type = CONTINUATION) {
        client.frame(type, type == HEADERS ? 1 : 0, 1, Arrays.copyOfRange(block, at, at + 16_000));
        at += 16_000;
      }
      client.frame(CONTINUATION, END_HEADERS, 1, Arrays.copyOfRange(block, at, block.length));

      assertThat(client.awaitStream(1).fields()).containsEntry(":status", "431");
      assertThat(abuses(gateway, "header_list")).isEqualTo(1);
    }
  }

  @Test
  void leavesAClientThatDoesNotFinishItsFields() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = before(origin);
        FrameClient client = new FrameClient(gateway.port())) {
      client.frame(HEADERS, 1, 1, client.block(1, request("GET", "/")));
      client.awaitClose();

      assertThat(gateway.accessLine().encode()).contains("request_timeout");
    }
  }

  @Test
  void resetsAStreamThatNobodyReadsWhileOthersGoOn() throws Exception {
    String large = "x".repeat(2_000_000);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  for (var r = peer.request(); r.isPresent(); r = peer.request()) {
                    boolean big = ScriptedOrigin.Peer.target(r.get()).equals("/large");
                    peer.write(ScriptedOrigin.sized(big ? large : "small"));
                  }
                });
        GatewayFixture gateway = before(origin);
        FrameClient client = new FrameClient(gateway.port())) {
      client.frame(WINDOW_UPDATE, 0, 0, number(10_000_000));
      client.get(1, "/large");

      assertThat(client.await(RST_STREAM).code()).isEqualTo(8);
      assertThat(client.get(3, "/small").reply(3).content()).isEqualTo("small");
    }
  }

  @Test
  void leavesAClientThatOnlyPings() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = before(origin);
        FrameClient client = new FrameClient(gateway.port())) {
      client.get(1, "/").reply(1);
      client.frame(PING, 0, 0, new byte[8]);

      assertThat(client.await(GOAWAY).code()).isZero();
      client.awaitClose();
    }
  }
}
