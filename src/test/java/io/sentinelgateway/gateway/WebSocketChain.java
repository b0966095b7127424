package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

/** A client, a gateway and an origin server that changes to WebSocket, in a row. */
record WebSocketChain(ScriptedOrigin origin, GatewayFixture gateway, RawClient client)
    implements AutoCloseable {

  /** The example of RFC 6455 section 1.3. */
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  /** The head that opens the tunnel. */
  static final String SWITCHING =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Accept: "
          + ACCEPT
          + "\r\n\r\n";

  /** A request for WebSocket. */
  static String handshake(String... fields) {
    return RawClient.request(
        "GET",
        "/chat",
        "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: "
            + KEY
            + (fields.length == 0 ? "" : "\r\n" + String.join("\r\n", fields)));
  }

  /**
   * @param settings of {@code forward}, after its upstream
   */
  static WebSocketChain of(Path folder, String settings, ScriptedOrigin.Script script)
      throws Exception {
    return of(folder, "", settings, script);
  }

  /**
   * @param listener its settings, after its address
   * @param settings of {@code forward}, after its upstream
   */
  static WebSocketChain of(
      Path folder, String listener, String settings, ScriptedOrigin.Script script)
      throws Exception {
    ScriptedOrigin origin = ScriptedOrigin.start(script);
    String yaml =
        "listeners: {web: {address: \"127.0.0.1:0\", "
            + listener
            + "}}\n"
            + GatewayFixture.upstream(origin)
            + "routes: {all: {forward: {upstream: origin"
            + settings
            + "}}}\n";
    GatewayFixture gateway = GatewayFixture.start(folder, yaml);
    return new WebSocketChain(origin, gateway, gateway.client());
  }

  /** An origin that agrees, and then does this. */
  static ScriptedOrigin.Script agreeing(ScriptedOrigin.Script script) {
    return peer -> {
      peer.request();
      peer.write(SWITCHING);
      script.serve(peer);
    };
  }

  /** The same, and the tunnel is open. */
  static WebSocketChain open(Path folder, String settings, ScriptedOrigin.Script script)
      throws Exception {
    WebSocketChain chain = of(folder, settings, agreeing(script));
    chain.opens();
    return chain;
  }

  /** The listener, as it was configured. */
  String listener() {
    return gateway.yaml().lines().findFirst().orElseThrow() + "\n";
  }

  /** Puts another listener in the place of the one that the client came to. */
  void endListener() throws Exception {
    gateway.reload(
        gateway.yaml().replace("127.0.0.1:0\", ", "127.0.0.1:0\", limits: {connections: 9}"));
  }

  /** Sends the handshake and reads the head of 101. */
  void opens() throws IOException {
    Answer head = client.send(handshake()).head();
    assertThat(head.status()).as(head.toString()).isEqualTo(101);
    assertThat(head.field("upgrade")).contains("websocket");
    assertThat(head.field("connection")).contains("Upgrade");
    assertThat(head.field("sec-websocket-accept")).contains(ACCEPT);
    assertThat(head.field("content-length")).isEmpty();
    assertThat(head.field("transfer-encoding")).isEmpty();
  }

  /** The tunnel has ended for this reason, and everybody says the same. */
  void ends(String reason) throws IOException {
    assertThat(gateway.accessLine().getInteger("status")).isEqualTo(101);
    assertThat(gateway.accessLine().getString("tunnel-end")).isEqualTo(reason);
    assertThat(
            gateway.metric(
                "sentinel_tunnels_ended_total{listener=\"web\",reason=\"" + reason + "\"}"))
        .isEqualTo(1);
    assertThat(gateway.metric("sentinel_tunnels_open{listener=\"web\"}")).isZero();
  }

  @Override
  public void close() throws IOException {
    client.close();
    origin.close();
    gateway.close();
  }
}
