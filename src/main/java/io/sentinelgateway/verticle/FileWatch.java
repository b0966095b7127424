package io.sentinelgateway.verticle;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/**
 * Tells when something happens in the directory of a configuration. A thread of its own, because
 * waiting for the system's events blocks.
 *
 * <p>The directory is watched, never the file: editors replace files, and Kubernetes changes a
 * mounted ConfigMap by moving the link {@code ..data} beside the link that was opened, which leaves
 * the watched file itself as it was.
 */
final class FileWatch implements AutoCloseable {

  private final WatchService service;

  private FileWatch(WatchService service) {
    this.service = service;
  }

  /**
   * @param source file or directory
   * @param changed called on the watching thread
   * @throws IOException when the system cannot watch it
   */
  static FileWatch start(Path source, Runnable changed) throws IOException {
    WatchService service = FileSystems.getDefault().newWatchService();
    Path named = source.toAbsolutePath();
    register(Files.isDirectory(named) ? named : named.getParent(), service);
    Path real = named.toRealPath();
    register(Files.isDirectory(real) ? real : real.getParent(), service);
    FileWatch watch = new FileWatch(service);
    Thread thread = new Thread(() -> watch.run(changed), "sentinel-file-watch");
    thread.setDaemon(true);
    thread.start();
    return watch;
  }

  private static void register(Path directory, WatchService service) throws IOException {
    directory.register(
        service,
        StandardWatchEventKinds.ENTRY_CREATE,
        StandardWatchEventKinds.ENTRY_MODIFY,
        StandardWatchEventKinds.ENTRY_DELETE);
  }

  private void run(Runnable changed) {
    try {
      while (true) {
        WatchKey key = service.take();
        // What happened does not matter, and events may be lost: the source is read anyway.
        key.pollEvents();
        key.reset();
        changed.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ClosedWatchServiceException closed) {
      return;
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
