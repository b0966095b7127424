package io.sentinelgateway.source;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when something happens that can concern a configuration. A thread of its own, because
 * waiting for the system's events blocks; {@link #cover} is for one thread at a time.
 *
 * <p>Directories are watched, never a file: editors replace files, and Kubernetes changes a mounted
 * ConfigMap by moving the link {@code ..data} beside the link that was opened, which leaves the
 * watched file itself as it was. What else happens in these directories is nobody's concern: an
 * access log may be written there.
 */
public final class FileWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

  private final WatchService service;
  private final Map<Path, WatchKey> keys = new HashMap<>();
  private volatile @Nullable Trace trace;

  private FileWatch(WatchService service) {
    this.service = service;
  }

  /**
   * Watches nothing yet.
   *
   * @param changed called on the watching thread
   * @throws IOException when the system cannot watch
   */
  public static FileWatch start(Runnable changed) throws IOException {
    FileWatch watch = new FileWatch(FileSystems.getDefault().newWatchService());
    Thread thread = new Thread(() -> watch.run(changed), "sentinel-file-watch");
    thread.setDaemon(true);
    thread.start();
    return watch;
  }

  /**
   * Watches these places, and no other ones any more. Blocks.
   *
   * @throws IOException when one of them cannot be watched; the others are
   */
  public void cover(Trace places) throws IOException {
    // Before the first event can come from a place that was not watched yet.
    trace = places;
    Map<Path, WatchKey> before = Map.copyOf(keys);
    keys.clear();
    IOException failure = null;
    for (Path directory : places.directories()) {
      try {
        keys.put(directory, register(directory));
      } catch (NoSuchFileException | NotDirectoryException e) {
        LOG.debug("{} went away before it was watched", directory);
      } catch (IOException e) {
        failure = e;
      }
    }
    before.values().stream().filter(key -> !keys.containsValue(key)).forEach(WatchKey::cancel);
    if (failure != null) {
      throw failure;
    }
  }

  private WatchKey register(Path directory) throws IOException {
    return directory.register(
        service,
        StandardWatchEventKinds.ENTRY_CREATE,
        StandardWatchEventKinds.ENTRY_MODIFY,
        StandardWatchEventKinds.ENTRY_DELETE);
  }

  private void run(Runnable changed) {
    try {
      while (true) {
        WatchKey key = service.take();
        boolean concerned = false;
        for (WatchEvent<?> event : key.pollEvents()) {
          concerned |= concerns(key, event);
        }
        boolean gone = !key.reset();
        if (concerned || gone) {
          changed.run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ClosedWatchServiceException closed) {
      return;
    }
  }

  /** Events that were lost may have been of any kind. */
  private boolean concerns(WatchKey key, WatchEvent<?> event) {
    Trace places = trace;
    return !(event.context() instanceof Path name)
        || places == null
        || places.concerns((Path) key.watchable(), name);
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
