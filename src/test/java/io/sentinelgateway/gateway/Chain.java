package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.error.ProxyError.Cause;
import java.io.IOException;
import java.nio.file.Path;

/** A client, a gateway and a scripted origin server in a row. */
record Chain(ScriptedOrigin origin, GatewayFixture gateway, RawClient client)
    implements AutoCloseable {

  /**
   * Retries as the gateway does by default.
   *
   * @param settings of the upstream, after its targets
   */
  static Chain of(Path folder, ScriptedOrigin.Script script, String... settings) throws Exception {
    return start(folder, script, "{}", settings);
  }

  /** Tries no request twice: what the first attempt met is what the client hears. */
  static Chain once(Path folder, ScriptedOrigin.Script script, String... settings)
      throws Exception {
    return start(folder, script, "{attempts: 1}", settings);
  }

  private static Chain start(
      Path folder, ScriptedOrigin.Script script, String retry, String... settings)
      throws Exception {
    ScriptedOrigin origin = ScriptedOrigin.start(script);
    String route = "routes: {all: {forward: {upstream: origin, retry: " + retry + "}}}\n";
    GatewayFixture gateway =
        GatewayFixture.start(folder, GatewayFixture.upstream(origin, settings) + route);
    return new Chain(origin, gateway, gateway.client());
  }

  /** GET on the chain's own client connection. */
  Answer get(String target, String... fields) throws IOException {
    return client.get(target, fields);
  }

  /** The gateway has closed every connection to the origin server. */
  void comesToBeDisconnected() {
    Eventually.value(origin::open, open -> open == 0);
  }

  /** This answer is the gateway's own, and the access log and the metric say the same. */
  void refuses(Answer answer, Cause cause) throws IOException {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(cause.status());
    assertThat(answer.reason()).isEqualTo(cause.code());
    records(cause.status(), cause);
  }

  /** The only exchange ended for this reason. */
  void records(int status, Cause cause) throws IOException {
    var line = gateway.accessLine();
    assertThat(line.getInteger("status")).isEqualTo(status);
    assertThat(line.getString("reason")).isEqualTo(cause.code());
    assertThat(gateway.failures(cause.code())).isEqualTo(1);
  }

  @Override
  public void close() throws IOException {
    try (origin) {
      client.close();
      gateway.close();
    }
  }
}
