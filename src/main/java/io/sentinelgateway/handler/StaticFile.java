package io.sentinelgateway.handler;

import io.sentinelgateway.http.EntityTag;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands at a place below the root. Immutable.
 *
 * @param kind what it is
 * @param plain the file itself; only for {@link Kind#FILE}
 * @param encoded the same content, compressed beforehand, in the order of the settings
 */
record StaticFile(Kind kind, @Nullable Representation plain, List<Representation> encoded) {

  static final StaticFile MISSING = new StaticFile(Kind.MISSING, null, List.of());
  static final StaticFile DIRECTORY = new StaticFile(Kind.DIRECTORY, null, List.of());

  /** What a name stands for. */
  enum Kind {
    FILE,
    DIRECTORY,
    MISSING
  }

  /**
   * A sequence of bytes that can be sent.
   *
   * @param path absolute, without links
   * @param size in bytes
   * @param modified in seconds since 1970, as precise as Last-Modified is
   * @param lastModified the same as the field shows it
   * @param tag its validator
   * @param coding content coding; empty for none
   */
  record Representation(
      String path, long size, long modified, String lastModified, EntityTag tag, String coding) {}
}
