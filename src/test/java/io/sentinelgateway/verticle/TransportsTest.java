package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sentinelgateway.config.ServerConfig.Transport;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The transport is the best that works here, and its description says why. */
class TransportsTest {

  private static final String FORBIDDEN = "io_uring_setup(...) failed: Operation not permitted";

  private static Transports choose(Transport wanted, String preset, Map<Transport, String> broken) {
    return Transports.choose(wanted, preset, t -> Optional.ofNullable(broken.get(t)));
  }

  private static String auto(Map<Transport, String> broken) {
    return choose(Transport.AUTO, "auto", broken).description();
  }

  @Test
  void takesTheBestThatWorks() {
    assertThat(auto(Map.of())).isEqualTo("io_uring (best available)");
    assertThat(auto(Map.of(Transport.IO_URING, FORBIDDEN)))
        .isEqualTo("epoll (io_uring cannot be used here: " + FORBIDDEN + ")");
    assertThat(auto(Map.of(Transport.IO_URING, FORBIDDEN, Transport.EPOLL, "no such library")))
        .isEqualTo(
            "nio (io_uring cannot be used here: "
                + FORBIDDEN
                + "; nor can epoll: no such library)");
  }

  @Test
  void takesWhatIsConfiguredOrSaysWhyNot() {
    assertThat(choose(Transport.EPOLL, "nio", Map.of()).description())
        .isEqualTo("epoll (as configured)");
    assertThatThrownBy(
            () -> choose(Transport.IO_URING, "auto", Map.of(Transport.IO_URING, FORBIDDEN)))
        .hasMessage("server.transport: io_uring cannot be used here: " + FORBIDDEN);
  }

  @Test
  void takesWhatThePropertySaysInTheAbsenceOfAChoice() {
    assertThat(choose(Transport.AUTO, "nio", Map.of()).description())
        .isEqualTo("nio (by -Dsentinel.transport)");
  }
}
