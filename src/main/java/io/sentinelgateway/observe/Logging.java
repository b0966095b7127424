package io.sentinelgateway.observe;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.sentinelgateway.config.LogConfig;
import io.sentinelgateway.config.LogConfig.Format;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * The gateway's own log: to standard error, as text or JSON, never blocking whoever logs. Where the
 * system property {@code logback.configurationFile} names a file, that file decides instead.
 */
public final class Logging {

  /** Events that may wait for standard error; more are dropped. */
  private static final int QUEUE = 4096;

  /** Line ends and escape characters in a message would let it pretend to be another one. */
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{0} - "
          + "%replace(%msg){'[\\r\\n\\x1b]', ' '}%n%ex";

  private Logging() {}

  /** Replaces what was set before. Any thread; not on an event loop. */
  public static void configure(LogConfig config) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext context && !userDecides()) {
      configure(context, Level.valueOf(config.level().name()), config.format());
    }
  }

  /** Writes what waits and ends. The last thing a process does. */
  public static void stop() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }

  static boolean userDecides() {
    return System.getProperty("logback.configurationFile") != null;
  }

  static void configure(LoggerContext context, Level level, Format format) {
    context.reset();
    Encoder<ILoggingEvent> encoder = format == Format.JSON ? new JsonLogEncoder() : text();
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    AsyncAppender async = new AsyncAppender();
    async.setContext(context);
    async.setQueueSize(QUEUE);
    async.setNeverBlock(true);
    async.setDiscardingThreshold(0);
    async.addAppender(console);
    async.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(async);
    root.setLevel(libraries(level));
    context.getLogger("io.sentinelgateway").setLevel(level);
  }

  /** What the libraries say is of interest from a warning on; with debug one step more. */
  private static Level libraries(Level own) {
    if (own.isGreaterOrEqual(Level.WARN)) {
      return own;
    }
    return own.equals(Level.DEBUG) ? Level.INFO : Level.WARN;
  }

  private static Encoder<ILoggingEvent> text() {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setPattern(PATTERN);
    return encoder;
  }
}
