package io.sentinelgateway.source;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a configuration, secrets and certificates included: which are watched, and what they
 * looked like when they were last read. Blocks, so never on an event loop; for one thread at a
 * time, such as the ordered blocking work of one verticle.
 */
public final class WatchedFiles {

  private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);

  /** Links that somebody moves without rest are covered at the next event. */
  private static final int ATTEMPTS = 5;

  private final ConfigSource source;
  private final InstantSource clock;
  private final FileWatch watch;
  private Set<Path> others = Set.of();
  private @Nullable Stamp lastRead;
  private String lastTrouble = "";

  public WatchedFiles(ConfigSource source, InstantSource clock, FileWatch watch) {
    this.source = source;
    this.clock = clock;
    this.watch = watch;
  }

  /**
   * Watches what the source leads to by now, and says what is there. To be called before the files
   * are read: then a change while they are read makes an event, and another stamp.
   *
   * @return {@code null} when the stamp would not tell a later change
   */
  public @Nullable Stamp look() {
    cover();
    return source.stamp(others).filter(found -> found.settled(clock.instant())).orElse(null);
  }

  private void cover() {
    try {
      Trace trace = Trace.of(source, others);
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        watch.cover(trace);
        Trace again = Trace.of(source, others);
        if (again.equals(trace)) {
          break;
        }
        trace = again;
      }
      lastTrouble = "";
    } catch (IOException e) {
      if (!lastTrouble.equals(e.toString())) {
        lastTrouble = e.toString();
        LOG.warn("{} is not watched in full, only scanned: {}", source.path(), lastTrouble);
      }
    } catch (ClosedWatchServiceException closing) {
      LOG.debug("{} is not watched any more", source.path());
    }
  }

  /** Whether all files certainly are what they were when they were last read. */
  public boolean unchanged() {
    Stamp found = look();
    return found != null && found.equals(lastRead);
  }

  /**
   * Remembers that the files were read.
   *
   * @param before what {@link #look} said before; {@code null}: whatever happens next is a change
   * @param named further files that were read because the configuration names them
   * @return false when some of these were not watched meanwhile, so that all has to be read again
   */
  public boolean read(@Nullable Stamp before, Set<Path> named) {
    boolean watched = others.containsAll(named);
    lastRead = others.equals(named) ? before : null;
    others = named;
    return watched;
  }
}
