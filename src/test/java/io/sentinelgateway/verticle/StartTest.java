package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** A gateway that cannot start says why, and leaves nothing open. */
class StartTest {

  private static String listening(int web, int admin, String more) {
    return """
        version: 1
        server: {instances: 2, warm-up: {duration: 0s}}
        admin: {address: "127.0.0.1:%d"}
        log: {access: {to: none}}
        listeners:
          web: {address: "127.0.0.1:%d"}
        routes:
          ok: {respond: {status: 200}}
        %s
        """
        .formatted(admin, web, more);
  }

  @Test
  void refusesAListenerWhosePortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Running.of(listening(taken.getLocalPort(), 0, "")))
          .isInstanceOf(RejectedException.class)
          .hasMessageStartingWith("gateway.yaml:6:18  error  listeners.web.address: 127.0.0.1:")
          .hasMessageContaining("another process listens there");
    }
  }

  @Test
  void refusesAnAdminAddressThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Running.of(listening(0, taken.getLocalPort(), "")))
          .isInstanceOf(RejectedException.class)
          .hasMessageStartingWith("gateway.yaml:3:18  error  admin.address: 127.0.0.1:");
    }
  }

  @Test
  void refusesTestsThatDoNotHold() {
    String tests = "tests: [{request: \"GET http://a.example/\", expect: {status: 404}}]";
    assertThatThrownBy(() -> Running.of(listening(0, 0, tests)))
        .isInstanceOf(RejectedException.class)
        .hasMessageStartingWith("gateway.yaml:9:9  error  tests[0]: GET http://a.example/: status");
  }

  @Test
  void opensAFreePortOnceForAllLoops() throws Exception {
    try (Running running = Running.of(listening(0, 0, ""))) {
      // Connections go round the loops: each of them must listen there.
      for (int i = 0; i < 8; i++) {
        assertThat(running.get("/").status()).isEqualTo(200);
      }
    }
  }
}
