package io.sentinelgateway.cli;

import io.sentinelgateway.agent.AgentProbe;
import io.sentinelgateway.agent.AgentProbe.Report;
import io.sentinelgateway.agent.Capabilities;
import io.sentinelgateway.schema.Address;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sentinel agent} */
@Command(name = "agent", description = "Talks to agents.")
final class AgentCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** Without a command. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command? (expected: probe)");
  }

  @Command(
      name = "probe",
      description = "Speaks to an agent, and prints what it is, how fast, and what it decides.")
  int probe(
      @Parameters(paramLabel = "ADDRESS", description = "HOST:PORT or unix:/PATH.") String where,
      @Option(
              names = "--timeout",
              paramLabel = "SECONDS",
              defaultValue = "5",
              description = "For everything together (default: ${DEFAULT-VALUE}).")
          int seconds)
      throws IOException {
    if (seconds < 1 || seconds > 300) {
      throw new ParameterException(spec.commandLine(), seconds + " (expected: 1 to 300 seconds)");
    }
    print(where, ask(address(where), Duration.ofSeconds(seconds)));
    return Sentinel.OK;
  }

  private Address address(String where) {
    try {
      return Address.parse(where);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static Report ask(Address address, Duration patience) throws IOException {
    Vertx vertx =
        Vertx.builder()
            .with(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1))
            .build();
    try {
      return AgentProbe.run(vertx, address, patience, System::nanoTime)
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      throw new IOException(address + ": " + e.getCause().getMessage(), e.getCause());
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private void print(String where, Report report) {
    PrintWriter out = spec.commandLine().getOut();
    Capabilities said = report.capabilities();
    out.println(where + ": " + said.name() + " " + said.version() + " (" + said.agentId() + ")");
    out.println("handshake  " + millis(report.handshakeNanos()));
    out.println("ping       " + millis(median(report.pingNanos())) + ", the median of 20");
    out.println(
        "question   "
            + millis(report.answerNanos())
            + ": "
            + report.answer().decision().outcome().word()
            + " for GET http://probe.invalid/");
    out.println("content    in pieces of " + said.chunkBytes() + " bytes");
    out.println("cancelled  " + (said.cancellation() ? "wants to hear of it" : "is not told"));
  }

  private static long median(List<Long> nanos) {
    return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElse(0L);
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
  }
}
