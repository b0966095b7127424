package io.sentinelgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.gateway.ScriptedAgent;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sentinel agent probe} against agents behind real sockets. */
class AgentCommandTest {

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private Path socket() {
    return folder.resolve("agent.sock");
  }

  private int probe(String... options) {
    String[] args = new String[options.length + 3];
    args[0] = "agent";
    args[1] = "probe";
    args[2] = "unix:" + socket();
    System.arraycopy(options, 0, args, 3, options.length);
    return Sentinel.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  @Test
  void tellsWhatAnAgentIsAndDecides() throws Exception {
    JsonObject block = new JsonObject().put("block", new JsonObject().put("status", 403));
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), ScriptedAgent.deciding(block))) {
      assertThat(probe()).as(err.toString()).isZero();
      assertThat(out.toString())
          .contains(": Scripted 1.0 (scripted)\n")
          .containsPattern("question   [0-9.]+ ms: block for GET")
          .contains("in pieces of 1024 bytes")
          .contains("wants to hear of it");
      assertThat(agent.connections()).isEqualTo(1);
    }
  }

  @Test
  void saysThatNobodyIsThere() {
    assertThat(probe()).isEqualTo(1);
    assertThat(err.toString()).contains("error unix:" + socket() + ": ");
  }

  @Test
  void saysWhatItWaitedFor() throws Exception {
    try (ScriptedAgent agent = ScriptedAgent.start(socket(), (peer, type, message) -> {})) {
      assertThat(probe("--timeout", "1")).isEqualTo(1);
      assertThat(err.toString()).contains("no answer to a question");
      assertThat(agent.connections()).isEqualTo(1);
    }
  }

  @Test
  void saysWhatIsWrongWithAnAnswer() throws Exception {
    try (ScriptedAgent agent =
        ScriptedAgent.start(
            socket(), (peer, type, message) -> peer.answer(message, new JsonObject()))) {
      assertThat(probe()).isEqualTo(1);
      assertThat(err.toString()).contains("it broke the protocol: no decision");
      assertThat(agent.connections()).isEqualTo(1);
    }
  }

  @Test
  void refusesAnAddressThatIsNone() {
    int status =
        Sentinel.execute(
            new PrintWriter(out, true), new PrintWriter(err, true), "agent", "probe", "nowhere");
    assertThat(status).isEqualTo(2);
    assertThat(err.toString()).contains("\"nowhere\" (expected: host:port");
  }
}
