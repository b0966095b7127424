package io.sentinelgateway.handler;

import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.handler.StaticFile.Representation;
import io.sentinelgateway.http.EntityTag;
import io.sentinelgateway.http.HttpDate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks files up below one root, on worker threads, and remembers what it saw for a second.
 * Thread-safe; shared by all loops.
 *
 * <p>Links are followed, the root may be one itself (a release that is switched, a ConfigMap), but
 * what they lead to must lie below the root: that is judged by the path without links. What was
 * seen is forgotten all at once when there is too much of it, so that a flood of names costs
 * look-ups and no memory.
 */
final class FileStore {

  private static final long TIME_TO_LIVE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MAX_ENTRIES = 4096;

  /** A file that changes twice within the clock's tick shows one time for two contents. */
  private static final long TICK_MILLIS = 2000;

  private record Seen(StaticFile file, long atNanos) {}

  private final Vertx vertx;
  private final Path root;
  private final List<Coding> codings;
  private final ConcurrentHashMap<String, Seen> seen = new ConcurrentHashMap<>();

  FileStore(Vertx vertx, Path root, List<Coding> codings) {
    this.vertx = vertx;
    this.root = root;
    this.codings = codings;
  }

  /**
   * What stands at the name; completes on the caller's loop and never fails.
   *
   * @param name relative to the root, decoded and harmless
   */
  Future<StaticFile> find(String name, Loop loop) {
    long now = loop.nanoTime();
    Seen before = seen.get(name);
    if (before != null && now - before.atNanos < TIME_TO_LIVE_NANOS) {
      return Future.succeededFuture(before.file);
    }
    long millis = loop.currentTimeMillis();
    return vertx
        .executeBlocking(() -> look(name, millis), false)
        .map(
            file -> {
              if (seen.size() >= MAX_ENTRIES) {
                seen.clear();
              }
              seen.put(name, new Seen(file, now));
              return file;
            });
  }

  private StaticFile look(String name, long nowMillis) {
    try {
      Path base = root.toRealPath();
      Path real = real(base, name);
      if (real == null) {
        return StaticFile.MISSING;
      }
      if (Files.isDirectory(real)) {
        return StaticFile.DIRECTORY;
      }
      // A name that ends with a slash is no file's.
      if (name.endsWith("/")) {
        return StaticFile.MISSING;
      }
      Representation plain = representation(real, "", nowMillis);
      return plain == null
          ? StaticFile.MISSING
          : new StaticFile(StaticFile.Kind.FILE, plain, encoded(base, name, nowMillis));
    } catch (IOException | InvalidPathException e) {
      // Not there, or not for us to read: the client learns the same.
      return StaticFile.MISSING;
    }
  }

  private List<Representation> encoded(Path base, String name, long nowMillis) {
    List<Representation> found = new ArrayList<>(codings.size());
    for (Coding coding : codings) {
      Representation one = sibling(base, name, coding, nowMillis);
      if (one != null) {
        found.add(one);
      }
    }
    return List.copyOf(found);
  }

  private static @Nullable Representation sibling(
      Path base, String name, Coding coding, long nowMillis) {
    try {
      Path real = real(base, name + coding.suffix());
      return real == null ? null : representation(real, coding.token(), nowMillis);
    } catch (IOException e) {
      // Most files have none.
      return null;
    }
  }

  /** The path without links; {@code null} when it leaves the root. */
  private static @Nullable Path real(Path base, String name) throws IOException {
    Path real = base.resolve(name).toRealPath();
    return real.startsWith(base) ? real : null;
  }

  private static @Nullable Representation representation(Path real, String coding, long nowMillis)
      throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
    if (!attributes.isRegularFile() || !Files.isReadable(real)) {
      return null;
    }
    Instant modified = attributes.lastModifiedTime().toInstant();
    boolean weak = nowMillis - modified.toEpochMilli() < TICK_MILLIS;
    long nanos = modified.getEpochSecond() * 1_000_000_000L + modified.getNano();
    String opaque = Long.toHexString(nanos) + '-' + Long.toHexString(attributes.size());
    EntityTag tag = new EntityTag(coding.isEmpty() ? opaque : opaque + '-' + coding, weak);
    return new Representation(
        real.toString(),
        attributes.size(),
        modified.getEpochSecond(),
        HttpDate.format(modified),
        tag,
        coding);
  }
}
