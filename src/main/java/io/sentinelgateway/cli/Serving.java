package io.sentinelgateway.cli;

import io.sentinelgateway.bus.Topics.Drained;
import io.sentinelgateway.handover.HandoverException;
import io.sentinelgateway.handover.Predecessor;
import io.sentinelgateway.observe.Logging;
import io.sentinelgateway.schema.Summary;
import io.sentinelgateway.verticle.Gateway;
import io.sentinelgateway.verticle.Gateway.Start;
import io.sentinelgateway.verticle.RejectedException;
import io.vertx.core.Future;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/** The life of a serving process, from its start line to its last one. */
final class Serving {

  private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

  private Serving() {}

  /**
   * Starts the gateway and the answers to signals.
   *
   * @param words of the command line, to start the process that follows
   * @return {@link Sentinel#SERVING}, or the status of a start that failed
   */
  static int serve(Start start, List<String> words) throws IOException {
    AtomicReference<@Nullable Gateway> running = new AtomicReference<>();
    AtomicBoolean stopping = new AtomicBoolean();
    Signals.on("TERM", signal -> stop(running.get(), signal, stopping));
    Signals.on("INT", signal -> stop(running.get(), signal, stopping));
    Signals.on("HUP", signal -> hangUp(running.get()));
    Gateway gateway;
    try (Predecessor before = Predecessor.find()) {
      gateway = start(start, before).await();
      running.set(gateway);
      if (before != null) {
        before.ready();
      }
    } catch (HandoverException lost) {
      LOG.error("{}", lost.getMessage());
      Logging.stop();
      return Sentinel.FAILED;
    } catch (RejectedException refused) {
      refused.problems().forEach(problem -> LOG.error("{}", problem));
      LOG.error("{}", Summary.of(refused.problems()));
      Logging.stop();
      return Sentinel.FAILED;
    }
    restartable(gateway, words, stopping);
    LOG.info("{}", StartLine.of(gateway, start.version(), sinceStart()));
    return Sentinel.SERVING;
  }

  private static Future<Gateway> start(Start start, @Nullable Predecessor before) {
    return before == null
        ? Gateway.start(start)
        : Gateway.start(start, before.sockets(), before.state());
  }

  private static void restartable(Gateway gateway, List<String> words, AtomicBoolean stopping) {
    HotRestart restart =
        new HotRestart(
            gateway,
            words,
            gateway.firstConfig().server().restartTimeout(),
            () -> leave(gateway, stopping));
    gateway.restartBy(() -> restart.begin("POST /restart"));
    try {
      Signals.on("USR2", signal -> restart.begin("SIGUSR2"));
    } catch (IllegalStateException e) {
      // The JVM uses it, unless bin/sentinel has told it to use another one.
      LOG.debug("SIGUSR2 is not answered", e);
    }
  }

  private static void leave(Gateway gateway, AtomicBoolean stopping) {
    if (stopping.compareAndSet(false, true)) {
      end(gateway.handedOver());
    }
  }

  /** The words that this program was started with. */
  static List<String> words(CommandSpec spec) {
    return spec.root().commandLine().getParseResult().originalArgs();
  }

  private static long sinceStart() {
    return ManagementFactory.getRuntimeMXBean().getUptime();
  }

  /** What tools such as logrotate and people send: new log files, and a look at the source. */
  private static void hangUp(@Nullable Gateway gateway) {
    if (gateway == null) {
      // Everything is being opened and read just now.
      return;
    }
    gateway.reopenLogs();
    gateway
        .reload("SIGHUP")
        .onSuccess(outcome -> LOG.info("SIGHUP: the configuration is {}", outcome.result()))
        .onFailure(e -> LOG.error("SIGHUP: the source was not looked at", e));
  }

  private static void stop(@Nullable Gateway gateway, String signal, AtomicBoolean stopping) {
    if (!stopping.compareAndSet(false, true)) {
      LOG.warn("SIG{} again: not waiting any longer", signal);
      exit(Sentinel.FAILED);
      return;
    }
    if (gateway == null) {
      LOG.info("SIG{}: stopped before it was ready; nothing was under way", signal);
      exit(Sentinel.OK);
      return;
    }
    LOG.info("SIG{}: draining", signal);
    end(gateway.drain());
  }

  private static void end(Future<Drained> draining) {
    draining.onComplete(
        drained -> {
          LOG.info("stopped: {}", text(drained));
          exit(Sentinel.OK);
        },
        failure -> {
          LOG.error("stopped, but not cleanly", failure);
          exit(Sentinel.FAILED);
        });
  }

  private static String text(Drained drained) {
    return drained.finished() + " requests under way were finished, " + drained.cut() + " were cut";
  }

  /** On a thread of its own: exiting waits for hooks, and must not hold an event loop. */
  private static void exit(int status) {
    new Thread(
            () -> {
              Logging.stop();
              Runtime.getRuntime().exit(status);
            },
            "sentinel-exit")
        .start();
  }
}
