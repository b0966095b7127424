package io.sentinelgateway.cli;

import io.sentinelgateway.handover.HandoverException;
import io.sentinelgateway.handover.Successor;
import io.sentinelgateway.verticle.Gateway;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets another process take over: the same command again, of this program or of a newer one that
 * lies in its place. Thread-safe.
 */
final class HotRestart {

  private static final Logger LOG = LoggerFactory.getLogger(HotRestart.class);

  /** Set by {@code bin/sentinel}, which chooses the flags of the JVM anew. */
  private static final String LAUNCHER = "sentinel.launcher";

  private final Gateway gateway;
  private final List<String> words;
  private final Duration patience;
  private final Runnable handedOver;
  private final AtomicBoolean busy = new AtomicBoolean();

  /**
   * @param words of the command line, without the program
   * @param handedOver called when the other process serves
   */
  HotRestart(Gateway gateway, List<String> words, Duration patience, Runnable handedOver) {
    this.gateway = gateway;
    this.words = words;
    this.patience = patience;
    this.handedOver = handedOver;
  }

  /**
   * Begins.
   *
   * @param why who wants it, for the log
   * @return the id of the process that serves now; fails with a {@link HandoverException} when this
   *     one goes on
   */
  Future<Long> begin(String why) {
    if (!busy.compareAndSet(false, true)) {
      return Future.failedFuture(new HandoverException("a process is being started already"));
    }
    LOG.info("{}: starting the process that follows this one", why);
    Promise<Long> done = Promise.promise();
    new Thread(() -> run(done), "sentinel-restart").start();
    return done.future();
  }

  private void run(Promise<Long> done) {
    try {
      long pid = Successor.follow(command(), gateway.estate(), patience);
      LOG.info("process {} serves; this one ends", pid);
      done.complete(pid);
      handedOver.run();
    } catch (HandoverException e) {
      LOG.error("not restarted, this process goes on: {}", e.getMessage());
      busy.set(false);
      done.fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      done.fail(e);
    }
  }

  private List<String> command() throws HandoverException {
    List<String> command = new ArrayList<>();
    String launcher = System.getProperty(LAUNCHER);
    if (launcher != null && Files.isExecutable(Path.of(launcher))) {
      command.add(launcher);
      command.addAll(words);
      return command;
    }
    try {
      command.add(Files.readSymbolicLink(Path.of("/proc/self/exe")).toString());
      String line = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8);
      command.addAll(Arrays.asList(line.split("\0")).subList(1, line.split("\0").length));
      return command;
    } catch (IOException e) {
      throw new HandoverException("the command of this process is not known: " + e);
    }
  }
}
