package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.sentinelgateway.bus.Topics.ReloadOutcome;
import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.sentinelgateway.source.ConfigSource;
import io.sentinelgateway.source.Sources;
import io.sentinelgateway.yaml.ConfigReader;
import io.sentinelgateway.yaml.ReadResult;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.LoggerFactory;

/** A gateway in this process, whose configuration is a text in memory or a watched source. */
final class Running implements AutoCloseable {

  /** What every configuration here begins with: quick to stop, two loops, free ports. */
  static final String HEAD =
      """
      version: 1
      server: {instances: 2, quiet-period: 100ms, drain-timeout: 5s, warm-up: {duration: 0s}}
      admin: {address: "127.0.0.1:0"}
      log: {access: {to: none}}
      """;

  private static final ConfigReader READER = Catalog.reader(variable -> Optional.empty());

  private final Gateway gateway;
  private final AtomicReference<String> text;
  private final AtomicInteger reads;
  private final Said said = new Said();

  private Running(Gateway gateway, AtomicReference<String> text, AtomicInteger reads) {
    this.gateway = gateway;
    this.text = text;
    this.reads = reads;
    said.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
    said.start();
    root().addAppender(said);
  }

  private static Logger root() {
    return ((LoggerContext) LoggerFactory.getILoggerFactory())
        .getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  /** Starts with this text in the place of a file. */
  static Running of(String yaml) throws Exception {
    AtomicReference<String> text = new AtomicReference<>(yaml);
    return start(() -> Sources.of("gateway.yaml", text.get()), "", Duration.ofHours(1), text);
  }

  /** Starts with a file or directory that is watched. */
  static Running watching(Path source) throws Exception {
    return watching(source, Duration.ofHours(1));
  }

  static Running watching(Path source, Duration served) throws Exception {
    ConfigSource files = new ConfigSource(source);
    return start(files::read, source.toString(), served, new AtomicReference<>(""));
  }

  private static Running start(
      Callable<Sources> read, String path, Duration served, AtomicReference<String> text)
      throws Exception {
    Sources sources = read.call();
    ReadResult first = READER.read(sources);
    assertThat(first.config()).as(first.problems().toString()).isPresent();
    AtomicInteger reads = new AtomicInteger();
    Callable<Sources> counted =
        () -> {
          reads.incrementAndGet();
          return read.call();
        };
    var start = new Gateway.Start(first, sources, false, counted, READER, path, "test");
    return new Running(await(Gateway.start(start, served)), text, reads);
  }

  static <T> T await(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  Gateway gateway() {
    return gateway;
  }

  /** Changes the text and asks for a look at it. */
  ReloadOutcome reload(String yaml) throws Exception {
    text.set(yaml);
    return await(gateway.reload("test"));
  }

  void text(String yaml) {
    text.set(yaml);
  }

  String yaml() {
    return text.get();
  }

  /** How often the source was read since the start. */
  int reads() {
    return reads.get();
  }

  int port(String listener) {
    return gateway.port(listener).orElseThrow();
  }

  Http.Answer get(String target) {
    return Http.get(port("web"), target);
  }

  Http.Answer admin(String target) {
    return Http.get(gateway.adminPort(), target);
  }

  RuntimeSnapshot snapshot() {
    return gateway.snapshot().orElseThrow();
  }

  JsonObject configuration() {
    return gateway.status().getJsonObject("configuration");
  }

  /** Value of a line of the metrics; -1 when there is none. */
  double metric(String series) {
    return admin("/metrics")
        .content()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElse(-1);
  }

  /** Waits until a line of the metrics has this value; loops sample their gauges now and then. */
  void shows(String series, double value) {
    Eventually.holds(series + " " + value, () -> metric(series) == value);
  }

  /** Waits for the log to contain this so many times: what is said may follow what is done. */
  void says(int times, String part) {
    Eventually.holds(times + " times: " + part, () -> said(part).size() == times);
  }

  /** Waits for the log to contain this. */
  void says(String part) {
    Eventually.holds(part, () -> !said(part).isEmpty());
  }

  /** Log messages since the start that contain this. */
  List<String> said(String part) {
    return said.messages.stream().filter(message -> message.contains(part)).toList();
  }

  @Override
  public void close() {
    root().detachAppender(said);
    gateway.close().await();
  }

  private static final class Said extends AppenderBase<ILoggingEvent> {
    private final Queue<String> messages = new ConcurrentLinkedQueue<>();

    @Override
    protected void append(ILoggingEvent event) {
      messages.add(event.getFormattedMessage());
    }
  }
}
