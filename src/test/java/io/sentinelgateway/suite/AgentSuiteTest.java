package io.sentinelgateway.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.FreePort;
import io.sentinelgateway.verticle.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged gateway and the agent of the tutorial, which shares no code with it. */
@Tag("suite")
@Timeout(120)
class AgentSuiteTest {

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Integer> ports = FreePort.several(2);

  private Process agent() throws IOException {
    String python = Program.find("python3", "python3");
    Path log = Files.createDirectories(Path.of("target/suite-logs")).resolve("agent.log");
    return new ProcessBuilder(python, "docs/tutorials/agent/agent.py", socket().toString())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static void end(Process agent) throws InterruptedException {
    agent.destroyForcibly();
    assertThat(agent.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private Path socket() {
    return folder.resolve("agent.sock");
  }

  /** That of the tutorial, at other addresses. */
  private Path config() throws IOException {
    String page = Files.readString(Path.of("docs/tutorials/agents.md"));
    int begin = page.indexOf("```yaml\n") + "```yaml\n".length();
    String yaml =
        page.substring(begin, page.indexOf("```", begin))
            .replace("127.0.0.1:8080", "127.0.0.1:" + ports.get(0))
            .replace("/tmp/agent.sock", socket().toString())
            .replace("agent.sock\"}", "agent.sock\", reconnect-max: 200ms}");
    String admin = "admin: {address: \"127.0.0.1:" + ports.get(1) + "\"}\n";
    return Files.writeString(folder.resolve("agents.yaml"), yaml + admin);
  }

  private HttpResponse<String> send(String path, String content) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.get(0) + path))
              .method(content.isEmpty() ? "GET" : "POST", BodyPublishers.ofString(content))
              .build();
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatTheTutorialPromises() throws Exception {
    Process agent = agent();
    Program gateway = Program.gateway(config(), ports.get(0));
    try {
      Eventually.holds("the agent is found", () -> send("/", "").statusCode() == 200);
      assertThat(send("/", "").body()).isEqualTo("you are tutorial agent\n");
      HttpResponse<String> denied = send("/private/page", "");
      assertThat(denied.statusCode()).isEqualTo(403);
      assertThat(denied.body()).isEqualTo("Not for you.\n");
      assertThat(send("/", "a secret").statusCode()).isEqualTo(422);
      assertThat(send("/", "no news").statusCode()).isEqualTo(200);
      end(agent);
      Eventually.holds("the door is shut", () -> send("/", "").statusCode() == 503);
      assertThat(send("/", "").body()).contains("agent_unavailable");
      agent = agent();
      Eventually.holds("the agent is found again", () -> send("/", "").statusCode() == 200);
    } finally {
      gateway.close();
      end(agent);
    }
  }
}
