package io.sentinelgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.verticle.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway in a process of its own, started from the classes of this build. */
final class GatewayProcess implements AutoCloseable {

  private static final Pattern READY =
      Pattern.compile(
          "is ready after [0-9]+ ms: (?:\\w+ on [^ ]+:([0-9]+).*)?; admin on [^ ]+:([0-9]+); ");

  private final Process process;
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();

  private GatewayProcess(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "process-output");
    reader.setDaemon(true);
    reader.start();
  }

  static GatewayProcess start(String... words) throws IOException {
    return startWith(List.of(), words);
  }

  /**
   * @param options of the JVM
   */
  static GatewayProcess startWith(List<String> options, String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(options);
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-Dsentinel.transport=" + System.getProperty("sentinel.transport", "auto"),
            "-Dfile.encoding=UTF-8",
            // The class path of tests brings a log configuration; this is what users get.
            "-cp",
            System.getProperty("java.class.path"),
            "io.sentinelgateway.Main"));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // As bin/sentinel does: SIGUSR2 is ours.
    builder.environment().put("_JAVA_SR_SIGNUM", "40");
    return new GatewayProcess(builder.start());
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first line that contains this, as soon as there is one. */
  String line(String part) {
    try {
      Eventually.holds(part, () -> lines.stream().anyMatch(line -> line.contains(part)));
    } catch (AssertionError e) {
      throw new AssertionError('"' + part + "\" in " + lines, e);
    }
    return lines.stream().filter(line -> line.contains(part)).findFirst().orElseThrow();
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /** The port of the first listener, once the gateway is ready. */
  int port() {
    return port(1);
  }

  int adminPort() {
    return port(2);
  }

  private int port(int group) {
    Matcher matcher = READY.matcher(line("is ready after"));
    assertThat(matcher.find()).as(line("is ready after")).isTrue();
    return Integer.parseInt(matcher.group(group));
  }

  void signal(String name) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  /** Its exit status. */
  int ended() throws InterruptedException {
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("it ends: " + lines).isTrue();
    return process.exitValue();
  }

  boolean alive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
