package io.sentinelgateway.embed;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.verticle.Eventually;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An embedded gateway finds its targets as a whole one does. */
class ProxyDiscoveryTest {

  @TempDir private Path folder;
  private final EmbedFixture fixture = new EmbedFixture(Vertx.vertx());

  @AfterEach
  void close() {
    fixture.close();
  }

  private Path targets(int port) throws IOException {
    Path fresh =
        Files.writeString(folder.resolve("fresh"), "[{address: \"127.0.0.1:" + port + "\"}]");
    return Files.move(fresh, folder.resolve("targets.json"), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void followsTheMembersOfAnUpstream() throws IOException {
    Path file = targets(fixture.origin("one"));
    SentinelProxy proxy =
        fixture.proxy(
            """
            version: 1
            upstreams: {app: {discovery: {type: file, path: %s}}}
            routes: {all: {forward: {upstream: app}}}
            """
                .formatted(file));
    int port = fixture.serve(proxy);
    assertThat(origin(port)).isEqualTo("one");
    targets(fixture.origin("two"));
    Eventually.holds("the other one answers", () -> origin(port).equals("two"));
    EmbedFixture.await(proxy.close());
  }

  private String origin(int port) {
    return fixture.get(port, "/").head().getHeader("x-origin");
  }
}
