package io.sentinelgateway.gateway;

import java.io.Closeable;
import java.io.IOException;
import java.util.function.IntSupplier;

/**
 * An origin server that does what a script says in HTTP/1.1 or in HTTP/2.
 *
 * @param accepted connections so far
 * @param opened connections that are open now
 * @param upstream the part of the configuration that leads to it
 */
record SpokenOrigin(Closeable server, IntSupplier accepted, IntSupplier opened, String upstream)
    implements AutoCloseable {

  /** What is spoken. */
  enum Protocol {
    HTTP1,
    HTTP2
  }

  /** What happens on one connection. */
  @FunctionalInterface
  interface Script {
    void serve(Spoken peer) throws Exception;
  }

  /**
   * @param settings of the upstream, after its targets
   */
  static SpokenOrigin start(Protocol protocol, Script script, String... settings)
      throws IOException {
    if (protocol == Protocol.HTTP1) {
      ScriptedOrigin origin =
          ScriptedOrigin.start(
              peer -> {
                script.serve(new SpokenHttp1(peer));
                peer.awaitClose();
              });
      String upstream =
          GatewayFixture.upstream(origin, settings)
              + "routes: {all: {forward: {upstream: origin}}}\n";
      return new SpokenOrigin(origin::close, origin::connections, origin::open, upstream);
    }
    FrameOrigin origin =
        FrameOrigin.start(
            peer -> {
              peer.greet();
              script.serve(new SpokenHttp2(peer));
              peer.drain();
            });
    return new SpokenOrigin(
        origin::close, origin::connections, origin::open, origin.upstream(settings));
  }

  int connections() {
    return accepted.getAsInt();
  }

  int open() {
    return opened.getAsInt();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
