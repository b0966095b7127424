package io.sentinelgateway.source;

import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What all files of a configuration look like, found without reading them: name, link target, size,
 * times and file key. Equal stamps mean equal content if the first of them was {@link #settled}.
 * Immutable.
 */
public final class Stamp {

  /** Longer than the unit in which any file system counts time. */
  private static final Duration TICK = Duration.ofSeconds(2);

  private final List<FileStamp> files;

  Stamp(List<FileStamp> files) {
    this.files = List.copyOf(files);
  }

  /**
   * Whether the files have been left alone for a while. Before that a file may be written again in
   * the same tick of its clock, to the same size, and look as it did.
   *
   * @param taken when the stamp was taken
   */
  public boolean settled(Instant taken) {
    FileTime quiet = FileTime.from(taken.minus(TICK));
    return files.stream().allMatch(file -> file.changed().compareTo(quiet) < 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Stamp stamp && stamp.files.equals(files);
  }

  @Override
  public int hashCode() {
    return files.hashCode();
  }
}
