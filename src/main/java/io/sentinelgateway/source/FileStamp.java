package io.sentinelgateway.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;

/**
 * A file as it is found: if any of it is different later, its content may be. Immutable.
 *
 * @param named by the user
 * @param real where that leads through links
 * @param size in bytes
 * @param modified what a copy that keeps times sets back
 * @param changed what nobody can set back; the same as {@code modified} where the system has none
 * @param key of the file itself: another one when it was replaced
 */
record FileStamp(
    Path named, Path real, long size, FileTime modified, FileTime changed, String key) {

  /**
   * @throws IOException when the file is away, or cannot be looked at
   */
  static FileStamp of(Path named, Path real) throws IOException {
    boolean unix = real.getFileSystem().supportedFileAttributeViews().contains("unix");
    Map<String, Object> found =
        Files.readAttributes(
            real,
            unix
                ? "unix:size,lastModifiedTime,fileKey,ctime"
                : "basic:size,lastModifiedTime,fileKey");
    FileTime modified = (FileTime) Objects.requireNonNull(found.get("lastModifiedTime"));
    return new FileStamp(
        named,
        real,
        (long) Objects.requireNonNull(found.get("size")),
        modified,
        (FileTime) found.getOrDefault("ctime", modified),
        String.valueOf(found.get("fileKey")));
  }
}
