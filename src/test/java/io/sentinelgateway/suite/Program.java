package io.sentinelgateway.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server program that runs for one test class: started on a free loopback port, awaited, ended.
 * What it prints stands in {@code target/suite-logs}.
 */
final class Program implements AutoCloseable {

  private static final int START_SECONDS = 30;
  private static final int STOP_SECONDS = 15;

  private final String name;
  private final Path log;
  private final Process process;

  private Program(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts a program and waits until it accepts connections.
   *
   * @param command path of the program and its arguments
   */
  static Program start(String name, int port, List<String> command) {
    try {
      Path log = Files.createDirectories(Path.of("target/suite-logs")).resolve(name + ".log");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Program program = new Program(name, log, process);
      program.await(() -> accepts(port), "does not listen");
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The jar of this build, as a user runs it. */
  static Program gateway(Path config, int port) {
    Path jar = Path.of("target/sentinel.jar");
    assertThat(jar).as("the suites run after the jar was packaged: mvn verify -Psuites").exists();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of(java, "-Xmx256m", "-jar", jar.toString(), "run", "--config", config.toString());
    Program gateway = start("sentinel-" + port, port, command);
    try {
      // It listens a moment before it answers signals; its start line comes after both.
      gateway.await(() -> Files.readString(gateway.log).contains(" is ready "), "is not ready");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return gateway;
  }

  /**
   * Where a program is.
   *
   * @param debianPackage named in the failure when it is missing; a suite never skips
   */
  static String find(String program, String debianPackage) {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/usr/local/sbin";
    return Stream.of(path.split(":"))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    program + " is missing (Debian: apt-get install " + debianPackage + ")"));
  }

  /** A sign that a program has come so far. */
  private interface Sign {
    boolean seen() throws IOException;
  }

  private void await(Sign sign, String complaint) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!sign.seen()) {
      if (!alive(50) || System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new AssertionError(name + ' ' + complaint + "; it said:\n" + Files.readString(log));
      }
    }
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits so long for the end of the process; true when it still runs. */
  private boolean alive(long millis) {
    try {
      return !process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(name + " was not awaited", e);
    }
  }

  /** Asks it to read its files again. */
  void reload() throws IOException {
    new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start();
  }

  /** Asks it to end, as a service manager does, and gives its exit status. */
  int stop() {
    process.destroy();
    if (alive(TimeUnit.SECONDS.toMillis(STOP_SECONDS))) {
      process.destroyForcibly();
      throw new AssertionError(name + " did not end within " + STOP_SECONDS + " s of SIGTERM");
    }
    return process.exitValue();
  }

  /** Ends it as {@code kill -9} does, and waits until it is gone. */
  void kill() {
    process.destroyForcibly();
    if (alive(TimeUnit.SECONDS.toMillis(STOP_SECONDS))) {
      throw new AssertionError(name + " survived");
    }
  }

  @Override
  public void close() {
    process.destroy();
    if (alive(TimeUnit.SECONDS.toMillis(STOP_SECONDS))) {
      process.destroyForcibly();
    }
  }
}
