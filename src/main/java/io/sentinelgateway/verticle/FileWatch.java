package io.sentinelgateway.verticle;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when something happens in the directory of a configuration. A thread of its own, because
 * waiting for the system's events blocks.
 *
 * <p>The directory is watched, never the file: editors replace files, and Kubernetes changes a
 * mounted ConfigMap by moving the link {@code ..data} beside the link that was opened, which leaves
 * the watched file itself as it was.
 */
final class FileWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

  private final WatchService service;
  private final Path source;
  private volatile Set<Path> others = Set.of();

  private FileWatch(WatchService service, Path source) {
    this.service = service;
    this.source = source.toAbsolutePath();
  }

  /**
   * @param source file or directory
   * @param changed called on the watching thread
   * @throws IOException when the system cannot watch it
   */
  static FileWatch start(Path source, Runnable changed) throws IOException {
    FileWatch watch = new FileWatch(FileSystems.getDefault().newWatchService(), source);
    watch.register(watch.source.getParent());
    watch.cover();
    Thread thread = new Thread(() -> watch.run(changed), "sentinel-file-watch");
    thread.setDaemon(true);
    thread.start();
    return watch;
  }

  /** Watches the directories of these files as well: the configuration reads them. Blocks. */
  void also(Set<Path> files) {
    others = files.stream().map(Path::toAbsolutePath).collect(Collectors.toUnmodifiableSet());
    cover();
  }

  /**
   * Watches what the source leads to by now; what is watched already stays so. Nothing is done
   * about a source that is away: its parent is watched, and tells when it comes back.
   */
  void cover() {
    cover(source);
    others.forEach(this::cover);
  }

  private void cover(Path path) {
    try {
      register(path.getParent());
      if (Files.isDirectory(path)) {
        register(path);
      }
      Path real = path.toRealPath();
      register(Files.isDirectory(real) ? real : real.getParent());
    } catch (IOException | ClosedWatchServiceException e) {
      LOG.debug("{} cannot be watched now: {}", path, e.toString());
    }
  }

  private void register(Path directory) throws IOException {
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
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      LOG.debug("file watch not closed: {}", e.toString());
    }
  }
}
