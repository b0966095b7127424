package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.FreePort;
import io.sentinelgateway.bus.Topics.ReloadOutcome;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Listeners come, go, move and change while clients use them. */
class ListenerReloadTest {

  private static final String ROUTES =
      """
      routes:
        ok: {respond: {status: 200, body: ok}}
      """;

  private static String listeners(String... lines) {
    return Running.HEAD + "listeners:\n  " + String.join("\n  ", lines) + "\n" + ROUTES;
  }

  private static void applied(ReloadOutcome outcome) {
    assertThat(outcome.result()).as(outcome.problems().toString()).isEqualTo("applied");
  }

  @Test
  void opensAListenerThatIsAdded() throws Exception {
    try (Running running = Running.of(listeners("web: {address: \"127.0.0.1:0\"}"))) {
      applied(
          running.reload(
              listeners("web: {address: \"127.0.0.1:0\"}", "more: {address: \"127.0.0.1:0\"}")));
      assertThat(Http.get(running.port("more"), "/").status()).isEqualTo(200);
      assertThat(running.get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void answersOnOpenConnectionsOfAListenerThatIsRemoved() throws Exception {
    String one = listeners("web: {address: \"127.0.0.1:0\"}");
    try (Running running =
            Running.of(
                listeners("web: {address: \"127.0.0.1:0\"}", "old: {address: \"127.0.0.1:0\"}"));
        Http client = Http.open(running.port("old"))) {
      int old = running.port("old");
      client.request("GET", "/", "localhost");
      assertThat(client.answer().status()).isEqualTo(200);

      applied(running.reload(one));
      client.request("GET", "/", "localhost");
      Http.Answer last = client.answer();
      assertThat(last.status()).isEqualTo(200);
      assertThat(last.field("connection")).isEqualTo("close");
      assertThat(client.closed()).isTrue();
      Eventually.holds("nobody accepts there", () -> Http.get(old, "/").status() == 0);
      assertThat(running.gateway().port("old")).isEmpty();
    }
  }

  @Test
  void closesAConnectionAtRestOfAListenerThatIsRemoved() throws Exception {
    try (Running running =
            Running.of(
                listeners("web: {address: \"127.0.0.1:0\"}", "old: {address: \"127.0.0.1:0\"}"));
        Http client = Http.open(running.port("old"))) {
      applied(running.reload(listeners("web: {address: \"127.0.0.1:0\"}")));
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void servesWhoHadJustConnectedToAListenerThatIsRemoved() throws Exception {
    try (Running running =
            Running.of(
                listeners("web: {address: \"127.0.0.1:0\"}", "old: {address: \"127.0.0.1:0\"}"));
        Http served = Http.open(running.port("old"));
        Http fresh = Http.open(running.port("old"))) {
      served.request("GET", "/", "localhost");
      assertThat(served.answer().status()).isEqualTo(200);
      applied(running.reload(listeners("web: {address: \"127.0.0.1:0\"}")));
      assertThat(served.closed()).isTrue();
      fresh.request("GET", "/", "localhost");
      assertThat(fresh.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void opensAListenerAgainThatWasRemovedAMomentAgo() throws Exception {
    String address = FreePort.address();
    String both = listeners("web: {address: \"127.0.0.1:0\"}", "b: {address: \"" + address + "\"}");
    String one = listeners("web: {address: \"127.0.0.1:0\"}");
    try (Running running = Running.of(one)) {
      for (int i = 0; i < 20; i++) {
        applied(running.reload(both));
        assertThat(Http.get(running.port("b"), "/").status()).isEqualTo(200);
        applied(running.reload(one));
      }
    }
  }

  @Test
  void losesNoRequestWhenAListenerChangesOnItsPort() throws Exception {
    String address = FreePort.address();
    try (Running running = Running.of(listeners("web: {address: \"" + address + "\"}"));
        Load load = Load.start(64, running.port("web"), "/")) {
      for (int i = 1; i <= 20; i++) {
        applied(
            running.reload(
                listeners(
                    "web: {address: \"%s\", limits: {target-bytes: %dB}}"
                        .formatted(address, 1000 + i))));
        load.more(500);
      }
      assertThat(load.failures()).isEmpty();
      String longTarget = "/" + "x".repeat(1100);
      Eventually.holds("the new limit", () -> running.get(longTarget).status() == 414);
    }
  }

  @Test
  void losesNoRequestWhenAListenerMoves() throws Exception {
    AtomicReference<Integer> port = new AtomicReference<>(FreePort.next());
    try (Running running =
            Running.of(listeners("web: {address: \"127.0.0.1:" + port.get() + "\"}"));
        Load load = Load.start(16, port::get, "/")) {
      for (int i = 0; i < 5; i++) {
        // Clients learn of the move by a second listener, as they would by DNS.
        int next = FreePort.next();
        int old = port.get();
        applied(
            running.reload(
                listeners(
                    "web: {address: \"127.0.0.1:" + next + "\"}",
                    "old: {address: \"127.0.0.1:" + old + "\"}")));
        port.set(next);
        load.more(200);
        // By now whoever still looked up the old port has connected to it.
        applied(running.reload(listeners("web: {address: \"127.0.0.1:" + next + "\"}")));
      }
      assertThat(load.failures()).isEmpty();
    }
  }

  @Test
  void appliesNothingWhenOneListenerCannotBeOpened() throws Exception {
    String address = FreePort.address();
    String before = listeners("web: {address: \"" + address + "\"}");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Running running = Running.of(before);
        Load load = Load.start(64, running.port("web"), "/")) {
      int free = FreePort.next();
      String refused =
          listeners(
              "web: {address: \"" + address + "\", limits: {target-bytes: 1000B}}",
              "fine: {address: \"127.0.0.1:" + free + "\"}",
              "taken: {address: \"127.0.0.1:" + taken.getLocalPort() + "\"}");
      for (int i = 0; i < 10; i++) {
        ReloadOutcome outcome = running.reload(refused);
        assertThat(outcome.result()).isEqualTo("rejected");
        assertThat(outcome.version()).isEqualTo(1);
        assertThat(outcome.problems())
            .singleElement()
            .asString()
            .startsWith("gateway.yaml:8:20  error  listeners.taken.address: 127.0.0.1:")
            .contains("another process listens there");
      }
      load.more(500);
      assertThat(load.failures()).isEmpty();
      assertThat(running.get("/" + "x".repeat(1100)).status()).isEqualTo(200);
      Eventually.holds("what was opened is closed", () -> Http.get(free, "/").status() == 0);
      assertThat(running.configuration().getBoolean("stale")).isTrue();
    }
  }

  @Test
  void movesTheAdministrationListener() throws Exception {
    String text = listeners("web: {address: \"127.0.0.1:0\"}");
    try (Running running = Running.of(text)) {
      int old = running.gateway().adminPort();
      int free = FreePort.next();
      running.text(text.replace("admin: {address: \"127.0.0.1:0\"}", admin(free)));
      // Who asked over the old address is still answered over it.
      Http.Answer answer = Http.send(old, "POST", "/reload", "localhost");
      assertThat(answer.status()).as(answer.content()).isEqualTo(200);
      assertThat(answer.content()).contains("applied");
      assertThat(running.gateway().adminPort()).isEqualTo(free);
      assertThat(Http.get(free, "/readyz").status()).isEqualTo(200);
      Eventually.holds("the old address is closed", () -> Http.get(old, "/").status() == 0);
    }
  }

  @Test
  void refusesAnAdministrationAddressThatCannotBeOpened() throws Exception {
    String text = listeners("web: {address: \"127.0.0.1:0\"}");
    try (Running running = Running.of(text);
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ReloadOutcome outcome =
          running.reload(
              text.replace("admin: {address: \"127.0.0.1:0\"}", admin(taken.getLocalPort())));
      assertThat(outcome.result()).isEqualTo("rejected");
      assertThat(outcome.problems())
          .singleElement()
          .asString()
          .startsWith("gateway.yaml:3:18  error  admin.address: 127.0.0.1:");
      assertThat(running.admin("/readyz").status()).isEqualTo(200);
    }
  }

  private static String admin(int port) {
    return "admin: {address: \"127.0.0.1:" + port + "\"}";
  }
}
